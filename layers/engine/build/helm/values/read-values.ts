import { isArray, isObject, type Json } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { type Values, valuesOf } from "./values.ts";

/** The first document of a text as values; of keys that come twice the last counts. The problem in Helm's words. Source: Helm, common.ReadValues. */
export function readValues(text: string | Uint8Array): Result<Values> {
  const read = readFirstYaml(text, "last wins");
  if (!read.ok) return problem(`error converting YAML to JSON: ${read.problem}`);
  if (read.value === null) return ok(new Map());
  if (isObject(read.value)) return ok(valuesOf(read.value));
  return problem(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${nameOf(read.value)} into Go value of type common.Values`);
}

const nameOf = (value: Json): string => (isArray(value) ? "array" : typeof value === "boolean" ? "bool" : String(typeof value));
