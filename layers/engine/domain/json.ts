/** What JSON can say. Always deep-readonly: nobody changes a value that somebody else holds. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Equal values with the same types and the same own keys; the order of keys does not matter. Any depth: objects of a cluster may nest 10,000 levels. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  const waiting: [Json | undefined, Json | undefined][] = [[a, b]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (isArray(left)) {
      if (!isArray(right) || left.length !== right.length) return false;
      for (const [index, item] of left.entries()) if (item !== right[index]) waiting.push([item, right[index]]);
      continue;
    }
    if (!isObject(left) || !isObject(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false;
      if (left[key] !== right[key]) waiting.push([left[key], right[key]]);
    }
  }
  return true;
}
