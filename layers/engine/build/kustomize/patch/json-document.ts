import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, isScalar, misfitOf, type Node, type NodeMap, VALUE } from "../../node/node.ts";
import { spend } from "../../work.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { type RawJson, textOfJson } from "../json/read-raw-json.ts";
import { escapeForHtml, goJson } from "../resource/shown-json.ts";

/**
 * A document while a JSON patch changes it, in place. Null is undefined where it stood in the document, and a `null` of its own where a patch has put it; a patch can
 * tell the two apart. Source: evanphx/json-patch v4, lazyNode.
 */
export type Value = undefined | Leaf | Container;
export type Container = List | Fields;
export type List = { readonly kind: "list"; items: Value[] };
export type Fields = { readonly kind: "fields"; readonly fields: Map<string, Value> };
/** `text` is that of JSON. A null that was copied from one that a patch had put is `written`, and passes as an empty map or list. */
export type Leaf = { readonly kind: "leaf"; readonly text: string } | { readonly kind: "null"; readonly written: boolean };

/** How deep a document may become, and how many values the copies of one patch may have. Patches can double a document with every operation. */
const MAX_DEPTH = 150;
const MAX_COPIED = 100_000;
const TOO_DEEP = `nested deeper than ${MAX_DEPTH}`;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The document of a manifest; a number that JSON has no text for is a problem. Source: kyaml RNode.MarshalJSON. */
export function documentOf(map: NodeMap): Result<Fields> {
  const fields = new Map<string, Value>();
  for (const [key, node] of Object.entries(map)) {
    const value = toValue(node);
    if (!value.ok) return value;
    fields.set(key, value.value);
  }
  return ok({ kind: "fields", fields });
}

function toValue(node: Node): Result<Value> {
  if (node === null) return ok(undefined);
  if (isMap(node)) return documentOf(node);
  if (!isList(node)) return leafOf(node);
  const items: Value[] = [];
  for (const item of node) {
    const value = toValue(item);
    if (!value.ok) return value;
    items.push(value.value);
  }
  return ok({ kind: "list", items });
}

function leafOf(node: Node): Result<Leaf> {
  const misfit = misfitOf(node);
  if (misfit !== undefined) return problem(misfit.problem);
  const value = isScalar(node) ? node[VALUE] : node;
  if (typeof value === "number" && !Number.isFinite(value))
    return problem(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
  return ok({ kind: "leaf", text: goJson(node) });
}

/** The value of an operation, which it may have none of: that is as if a null stood in the document. */
export function operand(value: RawJson, isGiven: boolean): Value {
  if (value === undefined) return isGiven ? { kind: "null", written: false } : undefined;
  return fromRaw(value);
}

function fromRaw(value: RawJson): Value {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case "scalar":
      return { kind: "leaf", text: value.text };
    case "list":
      return { kind: "list", items: value.items.map(fromRaw) };
    case "map":
      return { kind: "fields", fields: new Map([...value.fields].map(([key, item]) => [key, fromRaw(item)])) };
  }
}

/** Makes copies as long as all that one patch asks for have a size that can be told. */
export function createCopier(): (value: Value) => Result<Value> {
  let left = MAX_COPIED;
  const copy = (value: Value, depth: number): Result<Value> => {
    left -= 1;
    spend(2);
    if (left < 0) return problem(`the copies of a patch have more than ${MAX_COPIED} values`);
    if (depth > MAX_DEPTH) return problem(TOO_DEEP);
    if (value === undefined) return ok(undefined);
    switch (value.kind) {
      case "null":
        return ok({ kind: "null", written: true });
      case "leaf":
        spend(value.text.length);
        return ok({ kind: "leaf", text: escapeForHtml(value.text) });
      case "list":
        return copyList(value, depth);
      case "fields":
        return copyFields(value, depth);
    }
  };
  const inside = (value: Value, depth: number): Result<Value> => copy(value?.kind === "null" ? undefined : value, depth);
  const copyList = ({ items }: List, depth: number): Result<Value> => {
    const copies: Value[] = [];
    for (const item of items) {
      const copied = inside(item, depth + 1);
      if (!copied.ok) return copied;
      copies.push(copied.value);
    }
    return ok({ kind: "list", items: copies });
  };
  const copyFields = ({ fields }: Fields, depth: number): Result<Value> => {
    const copies = new Map<string, Value>();
    for (const [key, item] of fields) {
      const copied = inside(item, depth + 1);
      if (!copied.ok) return copied;
      copies.set(key, copied.value);
    }
    return ok({ kind: "fields", fields: copies });
  };
  return (value) => copy(value, 0);
}

/** What a document has become. All its numbers are fractions to Go by now: `1000000` reads `1e+06` from here on. Source: kyaml RNode.UnmarshalJSON. */
export function nodeOfDocument({ fields }: Fields, depth = 0): Result<NodeMap> {
  const entries: [string, Node][] = [];
  for (const [key, value] of fields) {
    if (FORBIDDEN_KEYS.has(key)) return problem(`yaml: the key "${key}" is not allowed`);
    const node = nodeOf(value, depth + 1);
    if (!node.ok) return node;
    entries.push([key, node.value]);
  }
  return ok(Object.fromEntries(entries));
}

function nodeOf(value: Value, depth: number): Result<Node> {
  if (depth > MAX_DEPTH) return problem(TOO_DEEP);
  if (value === undefined || value.kind === "null") return ok(null);
  if (value.kind === "fields") return nodeOfDocument(value, depth);
  if (value.kind === "leaf") return nodeOfText(value.text);
  const items: Node[] = [];
  for (const item of value.items) {
    const node = nodeOf(item, depth + 1);
    if (!node.ok) return node;
    items.push(node.value);
  }
  return ok(items);
}

function nodeOfText(text: string): Result<Node> {
  if (text.startsWith('"')) return ok(textOfJson(text));
  if (text === "true" || text === "false") return ok(text === "true");
  const number = Number(text);
  return Number.isFinite(number) ? ok(scalarOf(shortestText(number))) : problem(`json: cannot unmarshal number ${text} into Go value of type float64`);
}

const LEAST_EXPONENT = 6;

/** Go's shortest `%g`. */
function shortestText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < LEAST_EXPONENT) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
