import type { Json } from "../../../domain/json.ts";
import { type GoValue, goMap, goSlice } from "./value.ts";

/** What Go's encoding/json makes of JSON in an interface {}: every number a float64. Shares nothing that can change with `json`. */
export function goOfJson(json: Json): GoValue {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return goSlice(json.map(goOfJson));
  const map = goMap();
  for (const [key, value] of Object.entries(json)) map.entries.set(key, goOfJson(value));
  return map;
}
