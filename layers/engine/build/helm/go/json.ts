import type { Json } from "../../../domain/json.ts";
import { type GoValue, goMap, goSlice, itemsOf, sortedKeys } from "./value.ts";

/** What Go's encoding/json makes of JSON in an interface {}: every number a float64. Shares nothing that can change with `json`. */
export function goOfJson(json: Json): GoValue {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return goSlice(json.map(goOfJson));
  const map = goMap();
  for (const [key, value] of Object.entries(json)) map.entries.set(key, goOfJson(value));
  return map;
}

/**
 * A value as JSON, for who wants to look into it; `toJson` and `toYaml` write from Go values themselves, for an int64 does not fit a number here and
 * is rounded. Keys sorted; a nil slice or map is null, a []byte base64, a struct an object of its fields.
 */
export function jsonOfGo(value: GoValue): Json {
  if (typeof value !== "object" || value === null) return value;
  switch (value.go) {
    case "int":
      return Number(value.value);
    case "complex":
      return null;
    case "map": {
      if (value.isNil) return null;
      return Object.fromEntries(sortedKeys(value).map((key) => [key, jsonOfGo(value.entries.get(key) ?? null)]));
    }
    case "slice":
      return value.isNil ? null : itemsOf(value).map(jsonOfGo);
    case "bytes":
      return value.isNil ? null : Buffer.from(value.bytes).toString("base64");
    case "struct":
      return Object.fromEntries(Array.from(value.fields, ([key, field]) => [key, jsonOfGo(field)]));
    case "pointer":
      return value.to === null ? null : jsonOfGo(value.to);
  }
}
