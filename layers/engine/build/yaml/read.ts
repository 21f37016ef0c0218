import { defineScalarTag, FAILSAFE_SCHEMA, loadAll, NOT_RESOLVED, realMapTag, type ScalarTagDefinition, YAMLException } from "js-yaml";
import { isArray, isObject, type Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { writeNumber } from "./number.ts";
import { resolveScalar } from "./scalar.ts";

/** What a file may ask of the reader; far above anything real, far below what could stop a process. */
const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_ALIASES = 1_000;
const MAX_NODES = 2_000_000;
const MAX_DOCUMENTS = 20_000;

/** `<<` without quotes. */
const MERGE = Symbol("<<");
const FORBIDDEN_KEYS: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

/** All documents of a file as go-yaml v2 reads them (YAML 1.1 words, octal numbers, times as text); an empty document is null. */
export function readYaml(text: string, duplicates: "refuse" | "last wins" = "refuse"): Result<readonly Json[]> {
  if (text.length > MAX_LENGTH) return problem(`yaml: more than ${MAX_LENGTH} characters`);
  const parsed = load(text, duplicates === "last wins");
  if (!parsed.ok) return parsed;
  if (parsed.value.length > MAX_DOCUMENTS) return problem(`yaml: more than ${MAX_DOCUMENTS} documents`);
  const budget = { nodes: MAX_NODES };
  const documents: Json[] = [];
  for (const document of parsed.value) {
    const read = toJson(document, budget, 0);
    if (!read.ok) return read;
    documents.push(read.value);
  }
  return ok(documents);
}

function load(text: string, json: boolean): Result<readonly unknown[]> {
  const clean = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return ok(loadAll(clean, { schema: SCHEMA, json, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES }));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark?.line;
    return problem(line === undefined ? `yaml: ${error.reason}` : `yaml: line ${line + 1}: ${error.reason}`);
  }
}

const scalarTag = (name: string, implicit: boolean): ScalarTagDefinition<unknown> =>
  defineScalarTag<unknown>(`tag:yaml.org,2002:${name}`, {
    implicit,
    identify: () => false,
    resolve: (source) => {
      const resolved = resolveScalar(source);
      if (resolved === undefined) return NOT_RESOLVED;
      return "merge" in resolved ? MERGE : resolved.value;
    },
  });

/** Maps come as `Map`, so that no key of a file can reach a prototype. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(
  realMapTag,
  scalarTag("plain", true),
  ["null", "bool", "int", "float"].map((name) => scalarTag(name, false)),
);

function toJson(value: unknown, budget: { nodes: number }, depth: number): Result<Json> {
  budget.nodes -= 1;
  if (budget.nodes < 0) return problem(`yaml: more than ${MAX_NODES} values`);
  if (depth > MAX_DEPTH) return problem(`yaml: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return ok(value);
  if (typeof value === "number") return Number.isFinite(value) ? ok(value) : problem(`json: unsupported value: ${goNumber(value)}`);
  if (value === MERGE) return ok("<<");
  if (value instanceof Map) return mapToJson(value, budget, depth);
  if (Array.isArray(value)) return listToJson(value, budget, depth);
  // loadAll gives undefined for a document without content.
  return ok(null);
}

function listToJson(items: readonly unknown[], budget: { nodes: number }, depth: number): Result<Json> {
  const list: Json[] = [];
  for (const item of items) {
    const read = toJson(item, budget, depth + 1);
    if (!read.ok) return read;
    list.push(read.value);
  }
  return ok(list);
}

/**
 * A merge (`<<`) overwrites the keys before it and is overwritten by those behind it; of several maps the first wins. That is go-yaml's
 * way and not YAML's, and it decides which file a kustomization names.
 */
function mapToJson(map: ReadonlyMap<unknown, unknown>, budget: { nodes: number }, depth: number): Result<Json> {
  const entries = new Map<string, Json>();
  for (const [key, value] of map) {
    const read = toJson(value, budget, depth + 1);
    if (!read.ok) return read;
    if (key === MERGE) {
      const sources = isArray(read.value) ? read.value.toReversed() : [read.value];
      if (!sources.every(isObject)) return problem("yaml: map merge requires map or sequence of maps as the value");
      for (const [name, merged] of sources.flatMap((source) => Object.entries(source))) entries.set(name, merged);
      continue;
    }
    const name = keyText(key);
    if (name === undefined) return problem("yaml: a key must be text, a number or a boolean");
    if (FORBIDDEN_KEYS.has(name)) return problem(`yaml: the key "${name}" is not allowed`);
    entries.set(name, read.value);
  }
  return ok(Object.fromEntries(entries));
}

function keyText(key: unknown): string | undefined {
  if (typeof key === "string") return key;
  if (typeof key === "boolean") return key ? "true" : "false";
  return typeof key === "number" ? writeNumber(key) : undefined;
}

const goNumber = (value: number): string => (Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
