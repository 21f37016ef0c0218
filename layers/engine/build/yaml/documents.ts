import { defineScalarTag, FAILSAFE_SCHEMA, loadAll, NOT_RESOLVED, realMapTag, type ScalarTagDefinition, YAMLException } from "js-yaml";
import { ok, problem, type Result } from "../../domain/result.ts";
import { isList, isMap, isScalar, type Node, TEXT } from "../kustomize/node/node.ts";
import { scalarOf } from "./scalar-of.ts";
import { splitParts } from "./split.ts";

/** One document of a manifest file. `line` is the line of the file on which its value begins, from 1. */
export type Document = { readonly node: Node; readonly line: number };

/**
 * Why a file could not be read, in the words of kyaml and go-yaml. `malformed`: it is no YAML, for which kustomize says `MalformedYAMLError: ` before
 * the message; other faults (a separator with text behind it, a key that comes twice, a merge of something that is no map) have no such prefix.
 */
export type YamlProblem = { readonly kind: "malformed" | "content"; readonly message: string; readonly line: number | undefined };

const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_ALIASES = 1_000;
const MAX_NODES = 2_000_000;
const MAX_DOCUMENTS = 20_000;
const MERGE = Symbol("<<");
const FORBIDDEN_KEYS: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The documents of a manifest file as kustomize reads it: aliases and merge keys are expanded, empty documents are left out, a file that is one
 * List (or ResourceList) with `items` gives its items. Source: kyaml kio.FromBytes.
 */
export function readDocuments(text: string): Result<readonly Document[], YamlProblem> {
  if (text.length > MAX_LENGTH) return refuse(`yaml: more than ${MAX_LENGTH} characters`, undefined);
  const normal = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  const parts = splitParts(normal);
  if (!parts.ok) return refuse(parts.problem, undefined);
  if (parts.value.length > MAX_DOCUMENTS) return refuse(`yaml: more than ${MAX_DOCUMENTS} documents`, undefined);
  const documents: Document[] = [];
  const budget = { nodes: MAX_NODES };
  for (const part of parts.value) {
    const slice = normal.slice(part.start, part.end);
    const read = load(slice, part.line, budget);
    if (!read.ok) return read;
    if (read.value === null) continue;
    const items = parts.value.length === 1 ? itemsOf(read.value) : undefined;
    const before = /^(?:[ \t]*(?:#.*|---[ \t]*(?:#.*)?)?\n)*/.exec(slice)?.[0] ?? "";
    const line = part.line + before.split("\n").length - 1;
    for (const node of items ?? [read.value]) documents.push({ node, line });
  }
  return ok(documents);
}

function itemsOf(node: Node): readonly Node[] | undefined {
  if (!isMap(node) || (node.kind !== "List" && node.kind !== "ResourceList")) return undefined;
  if (node.items === undefined && node.functionConfig === undefined) return undefined;
  return isList(node.items) ? node.items : [];
}

const refuse = (message: string, line: number | undefined, kind: YamlProblem["kind"] = "content"): { readonly ok: false; readonly problem: YamlProblem } =>
  problem({ kind, message, line });

function load(text: string, firstLine: number, budget: { nodes: number }): Result<Node, YamlProblem> {
  try {
    const clean = text.startsWith("\ufeff") ? text.slice(1) : text;
    const [first = null] = loadAll(clean, { schema: SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES });
    const read = nodeOf(first, budget, 0);
    return read.ok ? read : refuse(read.problem, firstLine);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark?.line;
    if (line === undefined) return refuse(`yaml: ${error.reason}`, undefined, "malformed");
    return refuse(`yaml: line ${line + 1}: ${error.reason}`, firstLine + line, "malformed");
  }
}

const scalarTag = (name: string, implicit: boolean): ScalarTagDefinition<unknown> =>
  defineScalarTag<unknown>(`tag:yaml.org,2002:${name}`, {
    implicit,
    identify: () => false,
    resolve: (source) => {
      if (source === "<<") return MERGE;
      const node = scalarOf(source);
      return node === source ? NOT_RESOLVED : node;
    },
  });

const SCHEMA = FAILSAFE_SCHEMA.withTags(
  realMapTag,
  scalarTag("plain", true),
  ["null", "bool", "int", "float"].map((name) => scalarTag(name, false)),
);

function nodeOf(value: unknown, budget: { nodes: number }, depth: number): Result<Node> {
  budget.nodes -= 1;
  if (budget.nodes < 0) return problem(`yaml: more than ${MAX_NODES} values`);
  if (depth > MAX_DEPTH) return problem(`yaml: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "number") return ok(value);
  if (value === MERGE) return ok("<<");
  if (value instanceof Map) return mapOf(value, budget, depth);
  if (Array.isArray(value)) {
    const list: Node[] = [];
    for (const item of value) {
      const read = nodeOf(item, budget, depth + 1);
      if (!read.ok) return read;
      list.push(read.value);
    }
    return ok(list);
  }
  return ok(isWritten(value) ? value : null);
}

const isWritten = (value: unknown): value is Node => typeof value === "object" && value !== null && TEXT in value;

/** Own keys win over merged ones; of several maps the first wins. Source: kyaml yaml/rnode.go, deAnchor. */
function mapOf(map: ReadonlyMap<unknown, unknown>, budget: { nodes: number }, depth: number): Result<Node> {
  const entries = new Map<string, Node>();
  const merged: Node[] = [];
  for (const [key, value] of map) {
    const read = nodeOf(value, budget, depth + 1);
    if (!read.ok) return read;
    if (key === MERGE) {
      const sources = isList(read.value) ? read.value.toReversed() : [read.value];
      if (!sources.every((source) => isMap(source))) return problem("map merge requires map or sequence of maps as the value");
      merged.push(...sources);
      continue;
    }
    const name = keyText(key);
    if (name === undefined || (depth > 0 && typeof key !== "string")) return problem("json: unsupported type: map[interface {}]interface {}");
    if (FORBIDDEN_KEYS.has(name)) return problem(`yaml: the key "${name}" is not allowed`);
    entries.set(name, read.value);
  }
  if (merged.length === 0) return ok(Object.fromEntries(entries));
  const own = Object.fromEntries(entries);
  const inherited: { [key: string]: Node } = {};
  for (const source of merged) Object.assign(inherited, source);
  return ok({ ...own, ...inherited, ...own });
}

function keyText(key: unknown): string | undefined {
  if (typeof key === "string" || typeof key === "number" || typeof key === "boolean") return String(key);
  return isWritten(key) && isScalar(key) ? key[TEXT] : undefined;
}
