import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 500;

/**
 * `object` with the defaults of its schema, top down: a default that is an object gets the defaults inside it, too. Then nulls go where the
 * schema neither allows null nor has a default. Source: apiextensions, structural defaulting.
 */
export function applyDefaults(schema: Schema, object: Manifest): Manifest {
  const filled = fill(schema, jsonOf(object), 0);
  return (containsNull(filled, 0) ? dropNulls(schema, filled, 0) : filled) as unknown as Manifest;
}

function containsNull(value: Json, depth: number): boolean {
  if (value === null || depth > MAX_DEPTH) return true;
  if (isArray(value)) return value.some((item) => containsNull(item, depth + 1));
  return isObject(value) && Object.values(value).some((item) => containsNull(item, depth + 1));
}

type Defaulted = readonly (readonly [field: string, schema: Schema])[];

/** Which properties of a schema have a default: found once, since every write of every object asks. Holds nothing that a schema does not say. */
const known = new WeakMap<Schema, Defaulted>();

function defaultedFields(schema: Schema): Defaulted {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const made = Object.entries(schema.properties ?? {}).filter(([, inner]) => inner.default !== undefined);
  known.set(schema, made);
  return made;
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
  for (const [field, inner] of defaultedFields(schema)) {
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
