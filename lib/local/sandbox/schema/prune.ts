import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { TYPE_AND_META } from "./object-meta.ts";
import type { Schema } from "./schema.ts";

/** What a value may not be deeper than: bodies are foreign text. Source: apimachinery, the decoder's own limit is far above. */
const MAX_DEPTH = 500;

/** `object` without the fields that its schema does not know. Source: apiextensions, structural-schema pruning. */
export function prune(schema: Schema, object: Manifest): Manifest {
  const pruned = pruneValue({ ...schema, embeddedResource: true }, jsonOf(object), "", [], 0);
  return pruned as unknown as Manifest;
}

/** Their paths (`spec.foo`, `spec.list[0].bar`), sorted: what `fieldValidation=Strict` refuses and `Warn` warns of. */
export function unknownFields(schema: Schema, object: Manifest): readonly string[] {
  const found: string[] = [];
  pruneValue({ ...schema, embeddedResource: true }, jsonOf(object), "", found, 0);
  return found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `strict decoding error: unknown field "spec.a", unknown field "spec.b"`: the problem part of the server's BadRequest. */
export const strictDecodingProblem = (unknown: readonly string[]): string =>
  `strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(", ")}`;

function pruneValue(schema: Schema, value: Json, path: string, unknown: string[], depth: number): Json {
  if (depth > MAX_DEPTH || saysNothing(schema)) return value;
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return unchangedOr(
      value,
      value.map((item, index) => pruneValue(items, item, `${path}[${index}]`, unknown, depth + 1)),
    );
  }
  return isObject(value) ? pruneObject(schema, value, path, unknown, depth) : value;
}

/** A type with a decoder of its own, such as `items` in the schema of a definition: nothing in it is unknown. Source: apiextensions, JSONSchemaPropsOrArray. */
const saysNothing = (schema: Schema): boolean => Object.values(schema).every((said) => said === undefined);

/** The same array where nothing in it changed, so that what is equal stays identical. */
const unchangedOr = (before: readonly Json[], after: readonly Json[]): readonly Json[] =>
  after.every((item, index) => item === before[index]) ? before : after;

function pruneObject(schema: Schema, value: JsonObject, path: string, unknown: string[], depth: number): JsonObject {
  const kept: { [field: string]: Json } = {};
  let changed = false;
  for (const [field, item] of Object.entries(value)) {
    const inner = path === "" ? field : `${path}.${field}`;
    const known = schemaOfField(schema, field);
    if (known === "unknown") {
      unknown.push(inner);
      changed = true;
      continue;
    }
    const made = known === "anything" ? item : pruneValue(known, item, inner, unknown, depth + 1);
    if (made !== item) changed = true;
    kept[field] = made;
  }
  return changed ? kept : value;
}

/** What the schema says of one field of an object. */
export function schemaOfField(schema: Schema, field: string): Schema | "anything" | "unknown" {
  const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
  if (schema.embeddedResource === true && Object.hasOwn(TYPE_AND_META, field)) {
    const meta = TYPE_AND_META[field];
    return meta ?? "anything";
  }
  if (declared !== undefined) return declared;
  if (typeof schema.additionalProperties === "object") return schema.additionalProperties;
  if (schema.additionalProperties === true || schema.preserveUnknownFields === true) return "anything";
  return "unknown";
}
