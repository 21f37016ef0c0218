/**
 * Writes down where kustomize merges the lists of built-in kinds, by which keys, and which kinds live in namespaces:
 *
 *     npm run generate:merge-keys -- --openapi openapi.json [--openapi more.json ...] [--out FILE]
 *
 * The input is the OpenAPI v2 document of a kube-apiserver (`kubectl get --raw /openapi/v2`), and kyaml's openapi/kustomizationapi/swagger.json for the
 * kinds of kustomize itself. The table in this repository is made of the one that
 * kustomize carries, so that both merge alike. It stands in kyaml's Go module as protocol buffers; this prints it as JSON:
 *
 *     package main
 *     import ("encoding/json"; "os"; pb "github.com/google/gnostic-models/openapiv2"; "google.golang.org/protobuf/proto"
 *       "k8s.io/kube-openapi/pkg/validation/spec"; "sigs.k8s.io/kustomize/kyaml/openapi/kubernetesapi")
 *     func main() {
 *       var document pb.Document; var swagger spec.Swagger
 *       file := kubernetesapi.OpenAPIMustAsset[kubernetesapi.DefaultOpenAPI]("kubernetesapi/v1_21_2/swagger.pb")
 *       if err := proto.Unmarshal(file, &document); err != nil { panic(err) }
 *       if _, err := swagger.FromGnostic(&document); err != nil { panic(err) }
 *       json.NewEncoder(os.Stdout).Encode(swagger)
 *     }
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { BuiltIn, BuiltInPlace } from "../../../layers/engine/build/kustomize/schema/built-in.ts";
import { packTable } from "../../../layers/engine/tables/packed-table.ts";

type Gvk = { readonly group?: string; readonly version: string; readonly kind: string };
type Definition = {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition | boolean;
  readonly items?: Definition;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly Gvk[];
};
type OpenApi = {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, { readonly get?: { readonly "x-kubernetes-group-version-kind"?: Gvk } }>>;
  readonly definitions: Readonly<Record<string, Definition>>;
};

const DEFAULT_OUT = new URL("../../../layers/engine/build/kustomize/schema/built-in.generated.json", import.meta.url);

function tableOf({ info, paths, definitions }: OpenApi): BuiltIn {
  const names = namesWithMergedLists(definitions);
  const numbers = new Map(names.map((name, index) => [name, index + 1]));
  const scopes = scopesOf(paths);
  return {
    kubernetes: info.version,
    names,
    definitions: names.map((name) => placeOf(definitions[name] ?? {}, numbers)),
    kinds: kindsOf(definitions, numbers),
    namespaced: byApiVersion([...scopes].filter(([, isNamespaced]) => isNamespaced)),
    clusterScoped: byApiVersion([...scopes].filter(([, isNamespaced]) => !isNamespaced)),
  };
}

/** The definitions with a list somewhere below that is merged item by item; nobody looks into the others. */
function namesWithMergedLists(definitions: OpenApi["definitions"]): readonly string[] {
  const found = new Set<string>();
  const leads = (definition: Definition): boolean =>
    isMerged(definition) || (definition.$ref !== undefined && found.has(nameIn(definition.$ref))) || below(definition).some(leads);
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const [name, definition] of Object.entries(definitions)) if (leads(definition)) found.add(name);
  }
  return [...found].toSorted();
}

/** A list that is replaced as it stands hides what is below it. */
const below = ({ properties = {}, additionalProperties }: Definition): readonly Definition[] => [
  ...Object.values(properties),
  ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
];

const nameIn = (ref: string): string => ref.replace("#/definitions/", "");
const isMerged = (definition: Definition): boolean => definition["x-kubernetes-patch-strategy"]?.split(",").includes("merge") === true;

/** The schema says that there is something, be it nothing to look into (0): an object inside of an object counts as one only where the schema knows nothing. */
function placeOf(definition: Definition, numbers: ReadonlyMap<string, number>): BuiltInPlace {
  if (definition.$ref !== undefined) return numbers.get(nameIn(definition.$ref)) ?? 0;
  if (isMerged(definition)) return listOf(definition, numbers);
  const fields = Object.entries(definition.properties ?? {})
    .filter(([, field]) => isMerged(field) || field.$ref !== undefined || field.type === "object")
    .map(([name, field]): [string, BuiltInPlace] => [name, placeOf(field, numbers)]);
  const { additionalProperties } = definition;
  const rest = typeof additionalProperties === "object" ? placeOf(additionalProperties, numbers) : 0;
  if (fields.length === 0 && rest === 0) return 0;
  return { ...(fields.length > 0 && { f: Object.fromEntries(fields) }), ...(rest !== 0 && { "*": rest }) };
}

/** Source: kyaml ResourceSchema.PatchStrategyAndKeyList. */
function listOf(definition: Definition, numbers: ReadonlyMap<string, number>): BuiltInPlace {
  const key = definition["x-kubernetes-patch-merge-key"];
  const keys = definition["x-kubernetes-list-map-keys"] ?? (key === undefined ? [] : [key]);
  return { k: keys, ...(definition.type === "array" && definition.items !== undefined && { i: placeOf(definition.items, numbers) }) };
}

function kindsOf(definitions: OpenApi["definitions"], numbers: ReadonlyMap<string, number>): BuiltIn["kinds"] {
  const kinds = new Map<string, Map<string, BuiltInPlace>>();
  for (const [name, definition] of Object.entries(definitions)) {
    for (const gvk of definition["x-kubernetes-group-version-kind"] ?? []) {
      const version = kinds.get(apiVersionOf(gvk)) ?? new Map<string, BuiltInPlace>();
      kinds.set(apiVersionOf(gvk), version.set(gvk.kind, numbers.get(name) ?? 0));
    }
  }
  return Object.fromEntries(sorted(kinds).map(([apiVersion, version]) => [apiVersion, Object.fromEntries(sorted(version))]));
}

/** A kind with a path below a namespace lives in namespaces. Source: kyaml openapi findNamespaceability. */
function scopesOf(paths: OpenApi["paths"]): Map<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const [path, { get }] of Object.entries(paths)) {
    const gvk = get?.["x-kubernetes-group-version-kind"];
    if (gvk === undefined) continue;
    const key = `${apiVersionOf(gvk)} ${gvk.kind}`;
    scopes.set(key, scopes.get(key) === true || path.includes("namespaces/{namespace}"));
  }
  return scopes;
}

function byApiVersion(kinds: readonly (readonly [string, boolean])[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const [key] of sorted(kinds)) {
    const [apiVersion = "", kind = ""] = key.split(" ");
    found[apiVersion] = [...(found[apiVersion] ?? []), kind];
  }
  return found;
}

const apiVersionOf = ({ group = "", version }: Gvk): string => (group === "" ? version : `${group}/${version}`);
const sorted = <Value>(entries: Iterable<readonly [string, Value]>): (readonly [string, Value])[] => [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** One line per entry, so that another version of Kubernetes can be read as a diff. */
function print({ kubernetes, names, definitions, kinds, namespaced, clusterScoped }: BuiltIn): string {
  const list = (values: readonly unknown[]): string => `[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;
  const lines = (entries: Readonly<Record<string, unknown>>): string =>
    `{\n${Object.entries(entries)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",\n")}\n}`;
  return `{"kubernetes":${JSON.stringify(kubernetes)},\n"names":${list(names)},\n"definitions":${list(definitions)},\n"kinds":${lines(kinds)},\n"namespaced":${lines(namespaced)},\n"clusterScoped":${lines(clusterScoped)}}\n`;
}

const { values } = parseArgs({ options: { openapi: { type: "string", multiple: true }, out: { type: "string" } } });
if (values.openapi === undefined) {
  process.stderr.write("usage: node test/support/kubernetes/generate-merge-keys.ts --openapi FILE [--openapi FILE ...] [--out FILE]\n");
  process.exit(2);
}
const documents = values.openapi.map((file): Partial<OpenApi> => JSON.parse(readFileSync(file, "utf8")));
const whole: OpenApi = {
  info: documents.find(({ info }) => info !== undefined)?.info ?? { version: "" },
  paths: Object.assign({}, ...documents.map(({ paths }) => paths)),
  definitions: Object.assign({}, ...documents.map(({ definitions }) => definitions)),
};
const table = tableOf(whole);
writeFileSync(values.out ?? DEFAULT_OUT, print(table));
if (values.out === undefined) writeFileSync(new URL("built-in.packed.json", DEFAULT_OUT), `${JSON.stringify(packTable(table))}\n`);
