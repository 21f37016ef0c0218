import { byBytes } from "../build/text/by-bytes.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";

/** In which order Go writes the fields of a struct; what is not named is a map, whose keys are sorted. */
export type FieldOrder = {
  readonly fields: readonly string[];
  /** Fields that are structs themselves, or lists of them. */
  readonly inside?: { readonly [field: string]: FieldOrder };
};

/**
 * JSON as Go's encoding/json writes it: `<`, `>`, `&` and the two line separators escaped, keys of maps sorted by bytes, fields of structs as they are declared.
 * Fields of a struct that Go does not know come behind those that it does. Source: Go, encoding/json.
 */
export function goJson(value: Json, order?: FieldOrder): string {
  if (typeof value === "string") return goString(value);
  if (isArray(value)) return `[${value.map((item) => goJson(item, order)).join(",")}]`;
  if (!isObject(value)) return numberOrWord(value);
  const pairs = keysOf(value, order).map((key) => `${goString(key)}:${goJson(value[key] ?? null, order?.inside?.[key])}`);
  return `{${pairs.join(",")}}`;
}

/** The same letters as JSON has, but for these. */
const ESCAPED = /[<>&\u2028\u2029]/g;

const goString = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(ESCAPED, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

const numberOrWord = (value: null | boolean | number): string => (Object.is(value, -0) ? "-0" : JSON.stringify(value));

function keysOf(value: JsonObject, order: FieldOrder | undefined): readonly string[] {
  const keys = Object.keys(value);
  if (order === undefined) return keys.toSorted(byBytes);
  const known = order.fields.filter((field) => Object.hasOwn(value, field));
  return [...known, ...keys.filter((key) => !order.fields.includes(key)).toSorted(byBytes)];
}
