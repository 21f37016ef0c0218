import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 500;

/**
 * `object` with the defaults of its schema, top down: a default that is an object gets the defaults inside it, too. Then nulls go where the
 * schema neither allows null nor has a default. Source: apiextensions, structural defaulting.
 */
export function applyDefaults(schema: Schema, object: Manifest): Manifest {
  const filled = fill(schema, object as unknown as Json, 0);
  return dropNulls(schema, filled, 0) as unknown as Manifest;
}

const isRefusedNull = (value: Json | undefined, schema: Schema): boolean => value === null && schema.nullable !== true;

function fill(schema: Schema, value: Json, depth: number): Json {
  if (depth > MAX_DEPTH) return value;
  if (isArray(value)) return fillList(schema, value, depth);
  return isObject(value) ? fillObject(schema, value, depth) : value;
}

function fillList(schema: Schema, value: readonly Json[], depth: number): Json {
  const { items } = schema;
  if (items === undefined) return value;
  const filled = value.map((item) => fill(items, isRefusedNull(item, items) && items.default !== undefined ? items.default : item, depth + 1));
  return filled.every((item, index) => item === value[index]) ? value : filled;
}

function fillObject(schema: Schema, value: JsonObject, depth: number): JsonObject {
  const made: { [field: string]: Json } = {};
  let changed = false;
  for (const [field, item] of Object.entries(value)) {
    const inner = innerSchema(schema, field);
    const start = inner !== undefined && isRefusedNull(item, inner) && inner.default !== undefined ? inner.default : item;
    const filled = inner === undefined ? start : fill(inner, start, depth + 1);
    if (filled !== item) changed = true;
    made[field] = filled;
  }
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    if (inner.default === undefined || Object.hasOwn(value, field)) continue;
    made[field] = fill(inner, inner.default, depth + 1);
    changed = true;
  }
  return changed ? made : value;
}

function innerSchema(schema: Schema, field: string): Schema | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, field)) return schema.properties[field];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

function dropNulls(schema: Schema, value: Json, depth: number): Json {
  if (depth > MAX_DEPTH) return value;
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const kept = value.map((item) => dropNulls(items, item, depth + 1));
    return kept.every((item, index) => item === value[index]) ? value : kept;
  }
  return isObject(value) ? dropNullFields(schema, value, depth) : value;
}

function dropNullFields(schema: Schema, value: JsonObject, depth: number): JsonObject {
  const kept: { [field: string]: Json } = {};
  let changed = false;
  for (const [field, item] of Object.entries(value)) {
    const inner = innerSchema(schema, field);
    if (inner !== undefined && isRefusedNull(item, inner)) {
      changed = true;
      continue;
    }
    const made = inner === undefined ? item : dropNulls(inner, item, depth + 1);
    if (made !== item) changed = true;
    kept[field] = made;
  }
  return changed ? kept : value;
}
