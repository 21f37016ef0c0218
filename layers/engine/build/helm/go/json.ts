import type { Json } from "../../../domain/json.ts";
import { spend } from "../../work.ts";
import { type GoValue, goMap, goSlice } from "./value.ts";

const STEPS_OF_VALUE = 150;
const STEPS_OF_ITEM = 10;

/** What Go's encoding/json makes of JSON in an interface {}: every number a float64. Shares nothing that can change with `json`. */
export function goOfJson(json: Json): GoValue {
  if (typeof json !== "object" || json === null) return json;
  // An alias of YAML is one list here, and made anew each time that it stands somewhere.
  spend(STEPS_OF_VALUE);
  if (Array.isArray(json)) {
    spend(STEPS_OF_ITEM * json.length);
    return goSlice(json.map(goOfJson));
  }
  const map = goMap();
  for (const [key, value] of Object.entries(json)) map.entries.set(key, goOfJson(value));
  return map;
}
