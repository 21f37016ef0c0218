import { ok, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap, throughJson } from "../../node/node.ts";
import { type RepeatedKeys, readDocuments, type YamlProblem } from "../../yaml/documents.ts";
import { type BuildProblem, buildProblem, type Path } from "../build-problem.ts";
import { newResource, type Resource, type SourcePlace, textOf } from "./resource.ts";

/** The objects of a text; `file` names it where it is one, for messages and lines. Patches may have a key twice. */
export type ReadResources = (text: string | Uint8Array, file?: string, repeatedKeys?: RepeatedKeys) => Result<readonly Resource[], BuildProblem>;

/** Objects of a text, a kind `…List` after its items were put behind the rest. */
const MAX_RESOURCES = 20_000;

/**
 * The objects of a text as kustomize reads them: empty documents vanish, everything else must name its kind and have a name, lists are replaced by their items.
 * Source: kustomize api/resource/factory.go, SliceFromBytes; kyaml/kio, FromBytes.
 */
export function readResources(text: string | Uint8Array, file?: string, repeatedKeys?: RepeatedKeys): Result<readonly Resource[], BuildProblem> {
  const documents = readDocuments(text, repeatedKeys);
  if (!documents.ok) {
    const { kind, line } = documents.problem;
    const { problem } = buildProblem(shownProblem(documents.problem), file === undefined ? undefined : { file, line });
    // kustomize finds those when all is built, and has nothing to put in front of them then.
    return { ok: false, problem: kind === "value" ? { ...problem, isRefusal: true } : problem };
  }
  const resources: Resource[] = [];
  const waiting = documents.value.map(({ node, line }, document): Waiting => ({ node, from: file === undefined ? undefined : { file, document, line } }));
  for (const { node, from } of waiting) {
    if (isEmptyNode(node)) continue;
    const wrong = metadataProblem(node);
    if (wrong !== undefined || !isMap(node)) return buildProblem(wrong ?? MISSING_METADATA, from && below(from, missingField(wrong)));
    const items = itemsOf(node);
    if (items === undefined) resources.push(newResource(node, from));
    else if (items.ok) waiting.push(...items.value.map((item, index) => ({ node: item, from: from && below(from, ["items", index]) })));
    else return buildProblem(items.problem, from && below(from, ["items"]));
    if (resources.length > MAX_RESOURCES || waiting.length > 2 * MAX_RESOURCES) return buildProblem(`more than ${MAX_RESOURCES} objects`, from);
  }
  return ok(resources);
}

type Waiting = { readonly node: Node; readonly from: SourcePlace | undefined };

/** What cannot be written as JSON, kustomize finds when it prints the object; that it is in front of the message, and nothing when it could not be decoded. */
function shownProblem({ kind, message }: YamlProblem): string {
  switch (kind) {
    case "malformed":
      return `MalformedYAMLError: ${message}`;
    case "content":
      return message;
    case "value":
      return message.startsWith("yaml: ") ? `map[string]interface {}(nil): ${message}` : message;
  }
}

const below = (from: SourcePlace, path: Path): SourcePlace => ({ ...from, path: [...(from.path ?? []), ...path] });

/** The field that an object lacks. */
const missingField = (problem: string | undefined): Path =>
  problem?.startsWith("missing kind") ? ["kind"] : problem?.startsWith("missing metadata.name") ? ["metadata", "name"] : [];

const MISSING_METADATA = "missing Resource metadata";

/** What is wrong with a document that is to be an object. Source: kyaml, GetValidatedMetadata. */
export function metadataProblem(node: Node): string | undefined {
  if (!isMap(node)) return MISSING_METADATA;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const [apiVersion, kind] = [textOf(node.apiVersion), textOf(node.kind)];
  const [name, namespace] = [textOf(metadata.name), textOf(metadata.namespace)];
  const said = [node.apiVersion, node.kind, metadata.name, metadata.namespace, metadata.labels, metadata.annotations];
  if (said.every((field) => field === undefined || isEmptyNode(field))) return MISSING_METADATA;
  const shown = `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${goMap(metadata.labels)} ${goMap(metadata.annotations)}}}`;
  if (kind === "") return `missing kind in object ${shown}`;
  return name === "" && !kind.endsWith("List") ? `missing metadata.name in object ${shown}` : undefined;
}

const isEmptyNode = (node: Node): boolean => node === null || (isList(node) && node.length === 0) || (isMap(node) && Object.keys(node).length === 0);

/** A map as Go prints one: `map[a:1 b:2]`, by keys. */
function goMap(node: Node | undefined): string {
  if (!isMap(node)) return "map[]";
  const entries = Object.keys(node).toSorted();
  return `map[${entries.map((key) => `${key}:${textOf(node[key])}`).join(" ")}]`;
}

/** The items of a kind `…List` that has them; they come back from JSON, so nothing of how they were written is left. */
function itemsOf(node: NodeMap): Result<readonly Node[]> | undefined {
  const kind = textOf(node.kind);
  if (!kind.endsWith("List") || !Object.hasOwn(node, "items")) return undefined;
  const items = node.items ?? null;
  if (items === null) return ok([]);
  if (isList(items)) return ok(items.map(throughJson));
  return { ok: false, problem: `expected array in ${kind}/items, but found ${goType(items)}` };
}

function goType(node: Node): string {
  if (isMap(node)) return "map[string]interface {}";
  const value = throughJson(node);
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  return typeof value === "string" ? "string" : "uint64";
}
