import { isArray, isObject, type Json } from "../domain/json.ts";

const MAX_DEPTH = 100;

/** Deeper values are not evaluated: the library walks them by recursion. */
export function isTooDeep(value: Json, depth = 0): boolean {
  if (depth > MAX_DEPTH) return true;
  const items = isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.some((item) => isTooDeep(item, depth + 1));
}

/** A JSON value as CEL has it. Objects are Maps: a key such as `constructor` must be nothing special. */
export function celValue(value: Json, numbers: "doubles" | "integers"): unknown {
  if (typeof value === "number") return numbers === "integers" && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isArray(value)) return value.map((item) => celValue(item, numbers));
  return isObject(value) ? new Map(Object.entries(value).map(([key, item]) => [key, celValue(item, numbers)])) : value;
}
