/** Group, version and kind of an object; empty texts for what it does not say, as everywhere in kustomize. */
export type Gvk = { readonly group: string; readonly version: string; readonly kind: string };

/** What names an object during a build. `isClusterScoped` is what the schema in use says; kinds it does not know count as namespaced. */
export type ResourceId = Gvk & { readonly name: string; readonly namespace: string; readonly isClusterScoped: boolean };

const CLUSTER = "_non_namespaceable_";
const DEFAULT_NAMESPACE = "default";

/** `"apps/v1"` → apps, v1; `"v1"` → "", v1. Only the first slash counts. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? { group: "", version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export const apiVersionOf = ({ group, version }: Gvk): string => (group === "" ? version : `${group}/${version}`);

/** The namespace that counts when ids are compared: none is `default`, and what has none by its kind is in a namespace of its own. */
export const effectiveNamespace = ({ namespace, isClusterScoped }: ResourceId): string =>
  isClusterScoped ? CLUSTER : namespace === "" ? DEFAULT_NAMESPACE : namespace;

/** Equal for ids that may not both be in one build. A key of Maps; no part of it can hold the separator. */
export const idKey = (id: ResourceId): string => [id.group, id.version, id.kind, effectiveNamespace(id), id.name].join("\0");

/** `Deployment.v1.apps`, `ConfigMap.v1.[noGrp]`. */
export const showGvk = ({ group, version, kind }: Gvk): string => [kind || "[noKind]", version || "[noVer]", group || "[noGrp]"].join(".");

/** `Deployment.v1.apps/web.prod`, `ConfigMap.v1.[noGrp]/a.[noNs]`. */
export const showId = (id: ResourceId): string => `${showGvk(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;

/** True when every part that `selector` names is that of `gvk`. */
export const isSelectedBy = (gvk: Gvk, selector: Gvk): boolean =>
  (selector.group === "" || selector.group === gvk.group) &&
  (selector.version === "" || selector.version === gvk.version) &&
  (selector.kind === "" || selector.kind === gvk.kind);
