/** What a build knows of kinds: from the OpenAPI document that kustomize carries, or from the one that a kustomization names. */
export type Schema = {
  /** Whether objects of a kind live in namespaces; undefined when the schema does not know the kind. */
  isNamespaced(apiVersion: string, kind: string): boolean | undefined;
  /** The fields of a kind; undefined when the schema does not know it. */
  of(apiVersion: string, kind: string): SchemaNode | undefined;
};

/** One place in a schema: a map with fields, a list, or a leaf. */
export type SchemaNode = {
  /** What is below a field of a map (its additional properties count for every field). */
  field(name: string): SchemaNode | undefined;
  /** What the items of a list are. */
  items(): SchemaNode | undefined;
  /** `x-kubernetes-patch-strategy`, comma-separated words: `merge`, `replace`, `retainKeys`. */
  readonly patchStrategy: string | undefined;
  /** The keys by which items of a list are told apart: `x-kubernetes-list-map-keys` where given, else the one of `x-kubernetes-patch-merge-key`. */
  readonly mergeKeys: readonly string[];
};
