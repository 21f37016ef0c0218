import { stringOf } from "../../go/bytes.ts";
import { GoPanic, isFailure } from "../../go/result.ts";
import type { GoBytes, GoComplex, GoInt, GoMap, GoPointer, GoSlice, GoStruct, GoValue } from "../../go/value.ts";
import { readJson } from "./read-json.ts";

/** All values that carry their type. */
export type GoTyped = GoInt | GoComplex | GoMap | GoSlice | GoBytes | GoStruct | GoPointer;

/** What encoding/json writes instead of a value whose type says how; undefined for all others. A problem is in the words of Go. */
export function marshalled(value: GoTyped): { readonly ok: true; readonly value: GoValue } | { readonly ok: false; readonly problem: string } | undefined {
  const { json, methods, name } = value.type;
  if (json !== undefined) return { ok: true, value: json(value) };
  if (value.go === "pointer" && value.to === null) return undefined;
  const method = methods?.get("MarshalJSON");
  if (method === undefined) return undefined;
  const bytes = method.call(value, []);
  if (isFailure(bytes)) return { ok: false, problem: `json: error calling MarshalJSON for type ${name}: ${bytes.message}` };
  return readJson(typeof bytes === "object" && bytes !== null && bytes.go === "bytes" ? stringOf(bytes.bytes) : "null");
}

/** What a value says of itself as text, by its MarshalText; undefined for one that has none. */
export function marshalledText(value: GoTyped): string | undefined {
  if (value.go === "pointer" && value.to === null) return undefined;
  const bytes = value.type.methods?.get("MarshalText")?.call(value, []);
  if (bytes === undefined) return undefined;
  if (isFailure(bytes)) throw new GoPanic(bytes.message);
  return typeof bytes === "object" && bytes !== null && bytes.go === "bytes" ? stringOf(bytes.bytes) : "";
}
