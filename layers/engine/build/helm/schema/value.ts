import { isArray, isObject, type Json } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { type RawJson, readRawJson, textOfJson } from "../../kustomize/json/read-raw-json.ts";
import { spend } from "../../work.ts";
import { compareRationals, type Rational, rationalKey, readRational } from "./rational.ts";

/** JSON whose numbers are as they were written: a message shows those of a schema like that. */
export type Value = null | boolean | string | NumberValue | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;
/** `exact`: undefined for what is too large to be compared. */
export type NumberValue = { readonly text: string; readonly exact: Rational | undefined };

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value | undefined): value is ValueMap => value instanceof Map;
export const isNumber = (value: Value | undefined): value is NumberValue =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);

/** `number` also for whole numbers. */
export type TypeName = "null" | "boolean" | "number" | "integer" | "string" | "array" | "object";

export function typeOf(value: Value): TypeName {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (isList(value)) return "array";
  return isMap(value) ? "object" : "number";
}

/** Values of a chart, to be looked at. The YAML reader has bounded their depth. */
export function valueOfJson(json: Json): Value {
  spend(1);
  if (typeof json === "number") return { text: String(json), exact: readRational(String(json)) };
  if (isArray(json)) return json.map(valueOfJson);
  if (isObject(json)) return new Map(Object.entries(json).map(([key, value]): [string, Value] => [key, valueOfJson(value)]));
  return json;
}

/** The JSON of a schema; the problem in the words of Go's json.Decoder. */
export function readValue(text: string): Result<Value> {
  spend(text.length);
  if (/^[ \t\r\n]*$/.test(text)) return problem("EOF");
  const read = readRawJson(text);
  if (read.ok) return ok(valueOfRaw(read.value));
  if (endsEarly(text, read.problem)) return problem("unexpected EOF");
  return problem(read.problem.endsWith(" after top-level value") ? "invalid character after top-level value" : read.problem);
}

/** Whether it is the end that is wrong: something else there would be wrong itself. */
function endsEarly(text: string, wrong: string): boolean {
  if (wrong === "unexpected end of JSON input") return true;
  const other = readRawJson(`${text}\u0001`);
  return !other.ok && other.problem.startsWith("invalid character '\\x01'");
}

function valueOfRaw(raw: RawJson): Value {
  if (raw === undefined) return null;
  switch (raw.kind) {
    case "list":
      return raw.items.map(valueOfRaw);
    case "map":
      return new Map([...raw.fields].map(([key, value]): [string, Value] => [key, valueOfRaw(value)]));
    case "scalar":
      if (raw.text.startsWith('"')) return textOfJson(raw.text);
      if (raw.text === "true" || raw.text === "false") return raw.text === "true";
      return { text: raw.text, exact: readRational(raw.text) };
  }
}

/** Whether two values say the same: `1` and `1.0` do. */
export function isSame(a: Value, b: Value): boolean {
  spend(1);
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  if (isMap(a)) return isMap(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key) ?? null));
  if (!isNumber(a) || !isNumber(b) || a.exact === undefined || b.exact === undefined) return false;
  return compareRationals(a.exact, b.exact) === 0;
}

/** The first two items that are the same: the second as early as can be, and the first before it. */
export function firstRepeated(items: readonly Value[]): readonly [number, number] | undefined {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const before = key === undefined ? undefined : seen.get(key);
    if (before !== undefined) return [before, index];
    if (key !== undefined) seen.set(key, index);
  }
  return undefined;
}

/** A text that is the same for the same values; undefined where a number cannot be compared, which is never the same. */
function keyOf(value: Value): string | undefined {
  spend(1);
  if (isNumber(value)) return value.exact === undefined ? undefined : `#${rationalKey(value.exact)}`;
  if (isList(value)) return joined(value.map(keyOf), "[", "]");
  if (isMap(value))
    return joined(
      [...value].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => pairOf(key, keyOf(item))),
      "{",
      "}",
    );
  spend(typeof value === "string" ? value.length : 0);
  return JSON.stringify(value);
}

const pairOf = (key: string, value: string | undefined): string | undefined => (value === undefined ? undefined : `${JSON.stringify(key)}:${value}`);
const joined = (parts: readonly (string | undefined)[], open: string, close: string): string | undefined =>
  parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;
