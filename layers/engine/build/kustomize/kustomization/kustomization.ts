import type { JsonObject } from "../../../domain/json.ts";
import type { Place } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";

/** A kustomization file after its legacy fields have been moved to where they belong. Absent texts are "", absent lists and maps are empty. */
export type Kustomization = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly openapi: ReadonlyMap<string, string>;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace: string;
  readonly commonLabels: ReadonlyMap<string, string>;
  readonly labels: readonly Label[];
  readonly commonAnnotations: ReadonlyMap<string, string>;
  readonly patchesStrategicMerge: readonly string[];
  readonly patchesJson6902: readonly Patch[];
  readonly patches: readonly Patch[];
  readonly images: readonly Image[];
  readonly replacements: readonly ReplacementField[];
  readonly replicas: readonly Replica[];
  readonly vars: readonly Var[];
  readonly sortOptions: SortOptions | undefined;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly crds: readonly string[];
  readonly configMapGenerator: readonly GeneratorArgs[];
  readonly secretGenerator: readonly GeneratorArgs[];
  readonly generatorOptions: GeneratorOptions | undefined;
  /** Charts are refused; they are kept for the message. */
  readonly helmGlobals: JsonObject;
  readonly helmCharts: readonly JsonObject[];
  readonly configurations: readonly string[];
  readonly generators: readonly string[];
  readonly transformers: readonly string[];
  readonly validators: readonly string[];
  readonly buildMetadata: readonly string[];
};

export type Label = {
  readonly pairs: ReadonlyMap<string, string>;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly fields: readonly FieldSpec[];
};

/** Each part is a regular expression over the whole text, "" for any. */
export type Selector = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly annotationSelector: string;
};

export type Patch = {
  readonly path: string;
  readonly patch: string;
  readonly target: Selector | undefined;
  readonly options: { readonly allowNameChange: boolean; readonly allowKindChange: boolean } | undefined;
};

export type Image = { readonly name: string; readonly newName: string; readonly newTag: string; readonly tagSuffix: string; readonly digest: string };
export type Replica = { readonly name: string; readonly count: bigint };

export type Replacement = {
  readonly source: ReplacementSource | undefined;
  readonly targets: readonly ReplacementTarget[];
  readonly sourceValue: string | undefined;
};
/** Either a replacement or the path of a file with one or several. */
export type ReplacementField = Replacement & { readonly path: string };
export type ReplacementSource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly fieldPath: string;
  readonly options: FieldOptions | undefined;
};
export type ReplacementTarget = {
  readonly select: Selector | undefined;
  readonly reject: readonly Selector[];
  readonly fieldPaths: readonly string[];
  readonly options: FieldOptions | undefined;
};
export type FieldOptions = { readonly delimiter: string; readonly index: number; readonly encoding: string; readonly create: boolean };

export type Var = {
  readonly name: string;
  readonly objref: {
    readonly apiVersion: string;
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
  };
  /** "" where none is given: kustomize then takes `metadata.name`. */
  readonly fieldPath: string;
  /** Where it is declared. */
  readonly at?: Place | undefined;
};

export type SortOptions = {
  readonly order: string;
  readonly legacySortOptions: { readonly orderFirst: readonly string[]; readonly orderLast: readonly string[] } | undefined;
};

/** Of both generators; `type` only of secrets. */
export type GeneratorArgs = {
  readonly namespace: string;
  readonly name: string;
  readonly behavior: string;
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
  readonly options: GeneratorOptions | undefined;
  readonly type: string;
};

export type GeneratorOptions = {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
};
