import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Node } from "../table.ts";
import type { ApiClient } from "./api-client.ts";

/** The definitions of every group version that the server itself brings along, by name; and which one each kind has. */
export type OpenApi = { readonly definitions: ReadonlyMap<string, Node>; readonly kinds: ReadonlyMap<string, string> };

const REF = "#/components/schemas/";

const types = ["object", "array", "string", "integer", "number", "boolean"] as const;
const texts = (value: Json | undefined): readonly string[] | undefined => (isArray(value) ? value.filter((item) => typeof item === "string") : undefined);
const oneOf = <Word extends string>(words: readonly Word[], value: Json | undefined): Word | undefined => words.find((word) => word === value);

function referenceOf(source: JsonObject): string | undefined {
  const only = isArray(source.allOf) && source.allOf.length === 1 ? source.allOf[0] : source;
  const reference = isObject(only) ? only.$ref : undefined;
  return typeof reference === "string" ? reference.slice(REF.length) : undefined;
}

/** Zero values as defaults only say that the Go field is no pointer; that is read from the Go types. */
const isZero = (value: Json): boolean => value === "" || value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0);

/** Drops what is undefined, so that the table stays small. */
const present = (node: { readonly [Key in keyof Node]: Node[Key] | undefined }): Node =>
  Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));

function nodeOf(source: JsonObject): Node {
  const properties = isObject(source.properties) ? source.properties : undefined;
  const intOrString = source.format === "int-or-string" || source["x-kubernetes-int-or-string"] === true;
  return present({
    r: referenceOf(source),
    t: oneOf(types, source.type),
    f: typeof source.format === "string" && !intOrString ? source.format : undefined,
    p: properties && Object.fromEntries(Object.entries(properties).map(([field, inner]) => [field, isObject(inner) ? nodeOf(inner) : {}])),
    i: isObject(source.items) ? nodeOf(source.items) : undefined,
    v: isObject(source.additionalProperties) ? nodeOf(source.additionalProperties) : undefined,
    required: texts(source.required),
    default: source.default === undefined || isZero(source.default) ? undefined : source.default,
    enum: isArray(source.enum) ? source.enum : undefined,
    listType: oneOf(["atomic", "set", "map"], source["x-kubernetes-list-type"]),
    keys: texts(source["x-kubernetes-list-map-keys"]),
    mapType: oneOf(["granular", "atomic"], source["x-kubernetes-map-type"]),
    patch: typeof source["x-kubernetes-patch-strategy"] === "string" ? source["x-kubernetes-patch-strategy"] : undefined,
    mergeKey: typeof source["x-kubernetes-patch-merge-key"] === "string" ? source["x-kubernetes-patch-merge-key"] : undefined,
    intOrString: intOrString || undefined,
  });
}

/** Reads OpenAPI v3 of all groups; custom resources of the cluster (names outside `io.k8s.`) are left out. */
export async function readOpenApi(api: ApiClient): Promise<OpenApi> {
  const definitions = new Map<string, Node>();
  const kinds = new Map<string, string>();
  const index = (await api.get("/openapi/v3")).body.paths;
  const paths = Object.keys(isObject(index) ? index : {}).filter((path) => /^(api\/v1|apis\/[^/]+\/v[^/]+)$/.test(path));
  for (const path of paths.toSorted()) {
    const components = (await api.get(`/openapi/v3/${path}`)).body.components;
    const schemas = isObject(components) && isObject(components.schemas) ? components.schemas : {};
    for (const [name, source] of Object.entries(schemas)) {
      if (!isObject(source) || !name.startsWith("io.k8s.")) continue;
      // The merge treats it as one value although OpenAPI calls it an object. Source: kube-openapi schemaconv.
      definitions.set(name, name.endsWith(".runtime.RawExtension") ? { ...nodeOf(source), mapType: "atomic" } : nodeOf(source));
      const names = source["x-kubernetes-group-version-kind"];
      if (!isArray(names) || names.length !== 1 || !isObject(names[0])) continue;
      kinds.set(`${names[0].group}/${names[0].version}/${names[0].kind}`, name);
    }
  }
  return { definitions, kinds };
}

const referencesOf = (node: Node): readonly string[] => [
  ...(node.r === undefined ? [] : [node.r]),
  ...Object.values(node.p ?? {}).flatMap(referencesOf),
  ...(node.i === undefined ? [] : referencesOf(node.i)),
  ...(node.v === undefined ? [] : referencesOf(node.v)),
];

/** The definitions that the `roots` lead to, sorted by name. */
export function reachable(definitions: ReadonlyMap<string, Node>, roots: readonly string[]): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = definitions.get(name);
    if (node === undefined || found.has(name)) continue;
    found.set(name, node);
    open.push(...referencesOf(node));
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
