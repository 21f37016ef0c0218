import { isArray, isObject, type Json } from "../domain/json.ts";

const MAX_DEPTH = 100;

/** Deeper values are not evaluated: the library walks them by recursion. */
export function isTooDeep(value: Json, depth = 0): boolean {
  if (depth > MAX_DEPTH) return true;
  const items = isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.some((item) => isTooDeep(item, depth + 1));
}

/** A JSON value as CEL has it. Objects are Maps: a key such as `constructor` must be nothing special. `count` hears of each value in it. */
export function celValue(value: Json, numbers: "doubles" | "integers", count: () => void): unknown {
  count();
  if (typeof value === "number") return numbers === "integers" && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isArray(value)) return value.map((item) => celValue(item, numbers, count));
  return isObject(value) ? new Map(Object.entries(value).map(([key, item]) => [key, celValue(item, numbers, count)])) : value;
}

/** A value of CEL as JSON, undefined when it has more than `largest` values in it or is of a type that JSON has not. Bytes are base64, as in protobuf's JSON. */
export function jsonOfCel(value: unknown, largest: number): Json | undefined {
  let left = largest;
  const convert = (one: unknown): Json | undefined => {
    left -= 1;
    if (left < 0) return undefined;
    if (one === null || typeof one === "string" || typeof one === "boolean") return one;
    if (typeof one === "number") return Number.isFinite(one) ? one : undefined;
    if (typeof one === "bigint") return Number(one);
    if (one instanceof Uint8Array) return Buffer.from(one).toString("base64");
    if (one instanceof Date) return one.toISOString();
    if (Array.isArray(one)) return whole(one.map(convert));
    if (one instanceof Map) return fields([...one]);
    return typeof one === "object" && Object.getPrototypeOf(one) === Object.prototype ? fields(Object.entries(one)) : undefined;
  };
  const whole = (items: readonly (Json | undefined)[]): readonly Json[] | undefined => (items.every((item) => item !== undefined) ? items : undefined);
  const fields = (entries: readonly (readonly [unknown, unknown])[]): Json | undefined => {
    const values = whole(entries.map(([, item]) => convert(item)));
    return values === undefined ? undefined : Object.fromEntries(entries.map(([key], index) => [String(key), values[index] ?? null]));
  };
  return convert(value);
}
