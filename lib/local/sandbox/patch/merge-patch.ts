import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);
/** A patch is foreign text: deeper than any object of Kubernetes, and it is taken as it stands. */
const MAX_DEPTH = 500;

/** `live` with `patch` merged into it: null removes, objects merge, everything else replaces. Source: RFC 7386. */
export function mergePatch(live: Json | undefined, patch: Json, depth = 0): Json {
  if (!isObject(patch) || depth > MAX_DEPTH) return patch;
  const merged: { [key: string]: Json } = isObject(live) ? { ...live } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (FORBIDDEN_KEYS.has(key)) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value, depth + 1);
  }
  return merged satisfies JsonObject;
}
