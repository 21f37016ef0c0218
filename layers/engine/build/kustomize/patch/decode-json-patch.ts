import { ok, problem, type Result } from "../../../domain/result.ts";
import { readFirstNode } from "../../yaml/read.ts";
import { type RawJson, readRawJson } from "../json/read-raw-json.ts";
import { goJson } from "../resource/shown-json.ts";

/** One step of a JSON patch as it was written: whether it makes sense is found out when it is its turn. */
export type Operation = ReadonlyMap<string, RawJson>;
export type JsonPatch = readonly Operation[];

/** A JSON patch as JSON text: what does not begin with `[` is YAML, of which only the first document counts. Source: kustomize api/internal/builtins, jsonPatchFromBytes. */
export function jsonOfPatch(text: string): Result<string> {
  if (text.startsWith("[")) return ok(text);
  const read = readFirstNode(text, "last wins");
  return read.ok ? ok(goJson(read.value)) : read;
}

/** The operations of a JSON patch; a null instead of the list has none, and a null in it is an operation without fields. Source: evanphx/json-patch v4, DecodePatch. */
export function decodeJsonPatch(json: string): Result<JsonPatch> {
  const read = readRawJson(json);
  if (!read.ok) return read;
  if (read.value === undefined) return ok([]);
  if (read.value.kind !== "list") return problem(`json: cannot unmarshal ${jsonKind(read.value)} into Go value of type jsonpatch.Patch`);
  const operations: Operation[] = [];
  for (const item of read.value.items) {
    if (item !== undefined && item.kind !== "map") return problem(`json: cannot unmarshal ${jsonKind(item)} into Go value of type jsonpatch.Operation`);
    operations.push(item?.fields ?? new Map());
  }
  return ok(operations);
}

/** What Go calls a value of JSON. */
export function jsonKind(value: NonNullable<RawJson>): string {
  if (value.kind !== "scalar") return value.kind === "list" ? "array" : "object";
  if (value.text.startsWith('"')) return "string";
  return value.text === "true" || value.text === "false" ? "bool" : "number";
}
