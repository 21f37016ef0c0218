import { isObject, type JsonObject } from "../../../domain/json.ts";

/** `b` over `a`; what is a map in both is merged, all else is replaced, by null, too. Source: Helm 4, MergeMaps; fluxcd/pkg, transform.MergeMaps. */
export function mergeMaps(a: JsonObject, b: JsonObject): JsonObject {
  const entries = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const old = entries.get(key);
    entries.set(key, isObject(value) && isObject(old) ? mergeMaps(old, value) : value);
  }
  return Object.fromEntries(entries);
}
