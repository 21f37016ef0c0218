import type { Gvk } from "../resource/id.ts";

/** A field of some kinds: `path` as in `spec/template/metadata/labels`, through lists without an index (`containers[]` demands one). Empty group, version or kind mean any. */
export type FieldSpec = Gvk & { readonly path: string; readonly create: boolean };

/** The fields that may hold the name of an object of one kind. */
export type BackReferences = Gvk & { readonly fieldSpecs: readonly FieldSpec[] };

/** Which fields each transformer looks at: built in, and what `configurations` and `crds` add. */
export type TransformerConfig = {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly BackReferences[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
};
