import type { Json, JsonObject } from "../../../domain/json.ts";
import { isNil } from "./decode.ts";
import type { Shape, StructShape } from "./shape.ts";

/** A decoded value as encoding/json writes it: what is empty is left out, but for structs and fields without `omitempty`. Whole numbers beyond 2^53 lose digits. */
export function encodeStruct<Value>(shape: StructShape<Value>, value: Value): JsonObject {
  const entries = new Map<string, unknown>(Object.entries(value ?? {}));
  const fields: [string, Json][] = [];
  for (const [name, field] of shape.fields) {
    const inner = entries.get(name);
    if (field.written || !isEmpty(field.shape, inner)) fields.push([name, encode(field.shape, inner)]);
  }
  return Object.fromEntries(fields);
}

function encode(shape: Shape, value: unknown): Json {
  switch (shape.kind) {
    case "struct":
      return encodeStruct(shape, value);
    case "pointer":
      return value === undefined ? null : encode(shape.to, value);
    case "list":
      return Array.isArray(value) && !isNil(value) ? value.map((item) => encode(shape.items, item)) : null;
    case "map":
      return value instanceof Map && !isNil(value) ? Object.fromEntries([...value].map(([key, item]) => [key, encode(shape.items, item)])) : null;
    case "int64":
      return Number(value);
    case "text":
    case "bool":
    case "int":
    case "anything":
      return value as Json;
  }
}

function isEmpty(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "struct":
      return false;
    case "pointer":
      return value === undefined;
    case "list":
      return !Array.isArray(value) || value.length === 0;
    case "map":
      return !(value instanceof Map) || value.size === 0;
    case "text":
    case "bool":
    case "int":
    case "int64":
    case "anything":
      return value === "" || value === false || value === 0 || value === 0n || value === null || value === undefined;
  }
}
