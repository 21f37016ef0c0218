import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, isScalar, jsonOf, type Node, type NodeMap, VALUE } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { quote } from "../../text/quote.ts";
import { foldCase } from "./fold-case.ts";
import { type Field, type Shape, type StructShape, shortName } from "./shape.ts";

/** Go's own words, and the way to the value that they are about, by the keys of the document. */
export type DecodeProblem = { readonly message: string; readonly path: readonly (string | number)[] };

export type UnknownFields = "ignore" | "refuse";

/** Lists and maps that were not given, or given as null. Go tells them from empty ones, and an empty one makes a kustomization that is not empty. */
const NIL_LIST: readonly never[] = [];
const NIL_MAP: ReadonlyMap<string, never> = new Map<string, never>();
export const isNil = (value: unknown): boolean => value === undefined || value === NIL_LIST || value === NIL_MAP;

/** Where a value is decoded. Go's messages name the innermost struct, and all fields on the way to the value, embedded structs among them. */
type Context = { readonly unknown: UnknownFields; readonly path: readonly (string | number)[]; readonly struct: string; readonly fields: readonly string[] };
type Stored = Result<unknown, DecodeProblem>;

/**
 * The value of a document as encoding/json decodes it. The keys of a map come sorted, the case of field names does not matter, of equal names the later one is
 * stored over the earlier, a null changes nothing but lists, maps and pointers; the first mistake in this order is the problem. Source: Go 1.26 encoding/json.
 */
export function decode<Value>(shape: Shape<Value>, node: Node, unknown: UnknownFields): Result<Value, DecodeProblem> {
  const stored = store(shape, node, zeroOf(shape), { unknown, path: [], struct: "", fields: [] });
  return stored.ok ? ok(stored.value as Value) : stored;
}

/** What a shape is before anything is stored in it. */
export const zero = <Value>(shape: Shape<Value>): Value => zeroOf(shape) as Value;

function zeroOf(shape: Shape): unknown {
  switch (shape.kind) {
    case "text":
      return "";
    case "bool":
      return false;
    case "int":
      return 0;
    case "int64":
      return 0n;
    case "list":
      return NIL_LIST;
    case "map":
      return NIL_MAP;
    case "anything":
      return null;
    case "pointer":
      return undefined;
    case "struct":
      return Object.fromEntries([...shape.fields].map(([name, { shape: inner }]) => [name, zeroOf(inner)]));
  }
}

function store(shape: Shape, node: Node, old: unknown, context: Context): Stored {
  if (node === null) return ok(isNullable(shape) ? zeroOf(shape) : old);
  switch (shape.kind) {
    case "anything":
      return ok(jsonOf(node));
    case "pointer":
      return store(shape.to, node, old ?? zeroOf(shape.to), context);
    case "struct":
      return isMap(node) ? storeStruct(shape, node, old, context) : mismatch(shape, node, context);
    case "map":
      return isMap(node) ? storeMap(shape.items, node, old, context) : mismatch(shape, node, context);
    case "list":
      return isList(node) ? storeList(shape.items, node, old, context) : mismatch(shape, node, context);
    case "text":
    case "bool":
    case "int":
    case "int64":
      return storeScalar(shape, node, context);
  }
}

const isNullable = ({ kind }: Shape): boolean => kind === "list" || kind === "map" || kind === "pointer" || kind === "anything";

function storeScalar(shape: Shape, node: Node, context: Context): Stored {
  const value = isScalar(node) ? node[VALUE] : node;
  if (shape.kind === "text") return typeof value === "string" ? ok(value) : mismatch(shape, node, context);
  if (shape.kind === "bool") return typeof value === "boolean" ? ok(value) : mismatch(shape, node, context);
  if (typeof value !== "number" && typeof value !== "bigint") return mismatch(shape, node, context);
  const digits = numberText(value);
  if (!/^-?[0-9]+$/.test(digits) || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits)) return mismatch(shape, node, context, ` ${digits}`);
  return ok(shape.kind === "int64" ? BigInt(digits) : Number(digits));
}

function storeList(items: Shape, nodes: readonly Node[], old: unknown, context: Context): Stored {
  const before: readonly unknown[] = Array.isArray(old) ? old : [];
  const values: unknown[] = [];
  for (const [index, node] of nodes.entries()) {
    const stored = store(items, node, before[index] ?? zeroOf(items), { ...context, path: [...context.path, index] });
    if (!stored.ok) return stored;
    values.push(stored.value);
  }
  return ok(values);
}

function storeMap(items: Shape, map: NodeMap, old: unknown, context: Context): Stored {
  const values = new Map<string, unknown>(old instanceof Map ? old : []);
  for (const [key, node] of sortedEntries(map)) {
    const stored = store(items, node, zeroOf(items), { ...context, path: [...context.path, key] });
    if (!stored.ok) return stored;
    values.set(key, stored.value);
  }
  return ok(values);
}

function storeStruct(shape: StructShape, map: NodeMap, old: unknown, context: Context): Stored {
  const values = new Map<string, unknown>(Object.entries(old ?? {}));
  for (const [key, node] of sortedEntries(map)) {
    const path = [...context.path, key];
    const found = fieldOf(shape, key);
    if (found === undefined) {
      if (context.unknown === "refuse") return problem({ message: `json: unknown field ${quote(key)}`, path });
      continue;
    }
    const [name, field] = found;
    const fields = [...context.fields, ...field.through.map(({ type }) => shortName(type)), name];
    const stored = store(field.shape, node, values.get(name), { unknown: context.unknown, path, struct: shortName(shape.type), fields });
    if (!stored.ok) return stored;
    values.set(name, stored.value);
  }
  return ok(Object.fromEntries(values));
}

/** The field that a key means: of that very name, else of that name in other case. */
export function fieldOf(shape: StructShape, key: string): readonly [string, Field] | undefined {
  const exact = shape.fields.get(key);
  if (exact !== undefined) return [key, exact];
  const folded = foldCase(key);
  return [...shape.fields].find(([name]) => foldCase(name) === folded);
}

const sortedEntries = (map: NodeMap): readonly (readonly [string, Node])[] => Object.entries(map).toSorted(([a], [b]) => byBytes(a, b));

function mismatch({ type }: Shape, node: Node, { struct, fields, path }: Context, digits = ""): Stored {
  const target = fields.length === 0 ? `Go value of type ${type}` : `Go struct field ${struct}.${fields.join(".")} of type ${type}`;
  return problem({ message: `json: cannot unmarshal ${kindOf(node)}${digits} into ${target}`, path });
}

function kindOf(node: Node): string {
  if (isList(node)) return "array";
  if (isMap(node)) return "object";
  const value = isScalar(node) ? node[VALUE] : node;
  return typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
}

/** A number as JSON has it. Go and JavaScript agree on the form of fractions; whole numbers of 64 bits stand in full. */
export const numberText = (value: number | bigint): string =>
  typeof value === "number" && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64 ? BigInt(value).toString() : String(value);
