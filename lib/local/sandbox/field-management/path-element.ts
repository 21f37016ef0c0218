import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";

/**
 * One step of a path, in the words of FieldsV1: `f:name`, `k:{"name":"app"}`, `v:"finalizer"`, `i:3`. Equal elements have equal texts, so
 * that texts can be keys of maps.
 */
export type PathElement = string;

/** Go's JSON also escapes what HTML might misread. */
const goJson = (value: Json): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

export const fieldElement = (name: string): PathElement => `f:${name}`;
export const valueElement = (value: Json): PathElement => `v:${goJson(value)}`;
export const keyElement = (key: JsonObject): PathElement =>
  `k:{${Object.keys(key)
    .toSorted(byText)
    .map((name) => `${goJson(name)}:${goJson(key[name] ?? null)}`)
    .join(",")}}`;

const isJson = (_value: unknown): _value is Json => true;

function jsonOf(element: PathElement): Json | undefined {
  try {
    const value: unknown = JSON.parse(element.slice(2));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The element in the form in which this program writes it, `unknown` for one of a form that a later server may know (it is dropped), or
 * undefined when it is malformed. Source: structured-merge-diff DeserializePathElement.
 */
export function parsePathElement(text: string): PathElement | "unknown" | undefined {
  if (text.length < 2 || text[1] !== ":") return undefined;
  switch (text[0]) {
    case "f":
      return text;
    case "i":
      return /^-?\d+$/.test(text.slice(2)) ? text : undefined;
    case "v": {
      const value = jsonOf(text);
      return value === undefined ? undefined : valueElement(value);
    }
    case "k": {
      const key = jsonOf(text);
      return isObject(key) ? keyElement(key) : undefined;
    }
    default:
      return "unknown";
  }
}

export const isField = (element: PathElement): boolean => element.startsWith("f:");
export const isKey = (element: PathElement): boolean => element.startsWith("k:");
/** Of an `f:` element. */
export const fieldName = (element: PathElement): string => element.slice(2);

export const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const RANKS = "fkvi";

/** The order in which the server writes elements: fields, keys, values, indexes; each by what it says. Source: fieldpath PathElement.Compare. */
export function comparePathElements(a: PathElement, b: PathElement): number {
  const rank = RANKS.indexOf(a[0] ?? "") - RANKS.indexOf(b[0] ?? "");
  if (rank !== 0 || a === b) return rank;
  if (isField(a)) return compareUtf8(a, b);
  const left = jsonOf(a);
  const right = jsonOf(b);
  return isObject(left) && isObject(right) ? compareKeys(left, right) : compareScalars(left ?? null, right ?? null);
}

/** Go compares strings by bytes; code units differ from that beyond the basic plane. */
function compareUtf8(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    return left < FIRST_SURROGATE && right < FIRST_SURROGATE ? left - right : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a.length - b.length;
}

const FIRST_SURROGATE = 0xd800;

function compareKeys(a: JsonObject, b: JsonObject): number {
  const left = Object.keys(a).toSorted(byText);
  const right = Object.keys(b).toSorted(byText);
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = byText(name, other) || compareScalars(a[name] ?? null, b[other] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers, then strings, then booleans, then null. Source: structured-merge-diff value.Compare. */
function compareScalars(a: Json, b: Json): number {
  const rank = scalarRank(a) - scalarRank(b);
  if (rank !== 0) return rank;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareUtf8(a, b);
  return Number(a === true) - Number(b === true);
}

const scalarRank = (value: Json): number => (typeof value === "number" ? 0 : typeof value === "string" ? 1 : typeof value === "boolean" ? 2 : 3);

/** As messages show it: `.spec`, `[name="app"]`, `[="finalizer"]`. Source: fieldpath PathElement.String. */
export function elementText(element: PathElement): string {
  if (isField(element)) return `.${fieldName(element)}`;
  if (element.startsWith("i:")) return `[${element.slice(2)}]`;
  const value = jsonOf(element);
  if (!isKey(element) || !isObject(value)) return `[=${scalarText(value ?? null)}]`;
  const fields = Object.keys(value)
    .toSorted(byText)
    .map((name) => `${name}=${scalarText(value[name] ?? null)}`);
  return `[${fields.join(",")}]`;
}

const scalarText = (value: Json): string => JSON.stringify(value);
