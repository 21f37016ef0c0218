import { ok, problem, type Result } from "../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../node/node.ts";
import { spend } from "../work.ts";
import { type Budget, createBudget, createReading, type KeyNames, type KeyPlace, MAX_DOCUMENTS, MAX_LENGTH, type Reading } from "./parse/reading.ts";
import { type Root, repeatedKeys } from "./parse/repeated.ts";
import { type Parsed, readDocument } from "./parse/stream.ts";
import type { Failure } from "./scan/scanner.ts";
import { openSource, readableEnd, type Source, withPlainLineEnds } from "./source.ts";
import { type Part, splitParts } from "./split.ts";

/** One document of a manifest file. `line` is the line of the file on which its value begins, from 1. */
export type Document = { readonly node: Node; readonly line: number };

/**
 * Why a file could not be read, in the words of kyaml and go-yaml, and where a person would look (lines count from 1).
 * `malformed`: it is no YAML; kustomize puts `MalformedYAMLError: ` before it. `content`: it is YAML, but no manifest (text behind a separator, a merge of
 * something that is no map). `value`: kustomize finds it only when it turns the object into JSON: a key that comes twice or is no text, an infinite number.
 */
export type YamlProblem = { readonly kind: "malformed" | "content" | "value"; readonly message: string; readonly line: number | undefined };

/**
 * The documents of a manifest file as kustomize reads it: aliases and merge keys are expanded, empty documents are left out, a file that is one
 * List (or ResourceList) with `items` gives its items. A key that comes twice in a map is a problem, since no such object can be printed; in a patch,
 * which never is, the first counts. `names`: for who reads many of a kind. Source: kyaml kio.FromBytes, RNode.MarshalJSON.
 */
export function readDocuments(source: string | Uint8Array, repeats: RepeatedKeys = "refuse", names?: KeyNames): Result<readonly Document[], YamlProblem> {
  const parts = partsOf(source, names);
  if (!parts.ok) return parts;
  const documents: Document[] = [];
  let later: YamlProblem | undefined;
  for (const part of parts.value.parts) {
    const read = readPart(parts.value.source, part, parts.value.budget, undefined);
    if (!read.ok) return read;
    if (read.value === undefined) continue;
    const found = faultOf(parts.value.source, part, read.value.reading, { isOnly: parts.value.parts.length === 1, repeats });
    // All parts are read before aliases are expanded, and that before any is written.
    if (found !== undefined && (later === undefined || (later.kind === "value" && found.kind === "content"))) later = found;
    addDocuments(documents, parts.value, part, read.value.document);
  }
  return later === undefined ? ok(documents) : problem(later);
}

export type RepeatedKeys = "refuse" | "first wins";
type FaultOptions = { readonly isOnly: boolean; readonly repeats: RepeatedKeys };

export type Parts = { readonly source: Source; readonly parts: readonly Part[]; readonly budget: Budget };

/** What a file consists of, before anything of it is read. */
export function partsOf(bytes: string | Uint8Array, names?: KeyNames): Result<Parts, YamlProblem> {
  if (bytes.length > MAX_LENGTH) return refuse(`yaml: more than ${MAX_LENGTH} characters`);
  spend(2 * bytes.length);
  const source = withPlainLineEnds(openSource(bytes));
  const parts = splitParts(source.text);
  if (!parts.ok) return problem({ kind: "content", ...parts.problem });
  if (parts.value.length > MAX_DOCUMENTS) return refuse(`yaml: more than ${MAX_DOCUMENTS} documents`);
  return ok({ source, parts: parts.value, budget: createBudget(names) });
}

const refuse = (message: string): Result<never, YamlProblem> => problem({ kind: "content", message, line: undefined });

export type ReadPart = { readonly document: Parsed; readonly reading: Reading };

/** The document of a part (what follows a `...` is not read); undefined when there is none. `places`, when given, takes the lines of all entries. */
export function readPart(source: Source, part: Part, budget: Budget, places: Map<object, KeyPlace[]> | undefined): Result<ReadPart | undefined, YamlProblem> {
  const { end, broken } = readableEnd(source, part.start, part.end);
  const start = source.text.charCodeAt(part.start) === 0xfeff ? part.start + 1 : part.start;
  const reading = createReading(source.text, 3, { start, end, broken, budget, ...(places === undefined ? {} : { places }) });
  const document = readDocument(reading, true);
  const { failure } = reading.scanner;
  if (failure !== undefined) return problem(problemAt("malformed", failure, part));
  return ok(document === undefined || document.node === null ? undefined : { document, reading });
}

const problemAt = (kind: YamlProblem["kind"], failure: Failure, part: Part): YamlProblem => ({
  kind,
  message: failure.message,
  line: failure.line === undefined ? undefined : part.line + failure.line,
});

function faultOf(source: Source, part: Part, reading: Reading, { isOnly, repeats }: FaultOptions): YamlProblem | undefined {
  const { merge, decode, json, repeated } = reading.faults;
  if (merge !== undefined) return problemAt("content", merge, part);
  if (decode !== undefined) return problemAt("value", decode, part);
  if (repeated.length > 0 && repeats === "refuse") {
    const places = new Map<object, KeyPlace[]>();
    const again = readPart(source, part, createBudget(), places);
    const node = again.ok ? (again.value?.document.node ?? null) : null;
    const fault = repeatedKeys(source.text.slice(part.start, part.end), rootsOf(node, isOnly, places), places);
    if (fault !== undefined) return problemAt("value", fault, part);
  }
  return json === undefined ? undefined : problemAt("value", json, part);
}

/** What stands in a List beside its items is never written. */
function rootsOf(node: Node, isOnly: boolean, places: ReadonlyMap<object, readonly KeyPlace[]>): readonly Root[] {
  const list = isOnly && isMap(node) ? listOf(node) : undefined;
  if (list === undefined) return [{ node, line: undefined }];
  const lines = places.get(list) ?? [];
  return list.map((item, index) => ({ node: item, line: lines[index]?.valueLine }));
}

function addDocuments(documents: Document[], { source, parts }: Parts, part: Part, { node, line }: Parsed): void {
  const list = parts.length === 1 && isMap(node) ? listOf(node) : undefined;
  if (list === undefined) {
    documents.push({ node, line: part.line + line });
    return;
  }
  const lines = itemLines(source, part);
  for (const [index, item] of list.entries()) if (item !== null) documents.push({ node: item, line: part.line + (lines[index] ?? line) });
}

/** The items of a List. A map in their place gives its keys and values, as kyaml goes through what is inside of a node. */
export function listOf(node: NodeMap): readonly Node[] | undefined {
  if (node.kind !== "List" && node.kind !== "ResourceList") return undefined;
  const { items } = node;
  if (items === undefined && node.functionConfig === undefined) return undefined;
  if (isList(items)) return items;
  return isMap(items) ? Object.entries(items).flat() : [];
}

function itemLines(source: Source, part: Part): readonly number[] {
  const places = new Map<object, KeyPlace[]>();
  const read = readPart(source, part, createBudget(), places);
  const node = read.ok ? read.value?.document.node : undefined;
  const items = isMap(node) ? node.items : undefined;
  return typeof items === "object" && items !== null ? (places.get(items) ?? []).map((place) => place.valueLine) : [];
}
