import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { duplicate, type FieldError, invalid } from "./field-error.ts";
import { goSortedJson } from "./go-text.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 500;

/** Items of sets and keys of keyed lists that stand twice. Source: apiextensions, schema/listtype. */
export function validateListTypes(schema: Schema, value: Json, path = "", depth = 0): readonly FieldError[] {
  if (depth > MAX_DEPTH) return [];
  if (isArray(value)) return validateList(schema, value, path, depth);
  return isObject(value) ? validateFields(schema, value, path, depth) : [];
}

function validateFields(schema: Schema, value: JsonObject, path: string, depth: number): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, item] of Object.entries(value)) {
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
    if (typeof schema.additionalProperties === "object") errors.push(...validateListTypes(schema.additionalProperties, item, `${path}[${field}]`, depth + 1));
    if (declared !== undefined) errors.push(...validateListTypes(declared, item, path === "" ? field : `${path}.${field}`, depth + 1));
  }
  return errors;
}

function validateList(schema: Schema, value: readonly Json[], path: string, depth: number): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema.listType === "set") errors.push(...repeated(value, goSortedJson).map((index) => duplicate(`${path}[${index}]`, value[index] ?? null)));
  if (schema.listType === "map") errors.push(...validateKeyed(schema, value, path));
  const { items } = schema;
  if (items !== undefined) errors.push(...value.flatMap((item, index) => validateListTypes(items, item, `${path}[${index}]`, depth + 1)));
  return errors;
}

function validateKeyed(schema: Schema, value: readonly Json[], path: string): readonly FieldError[] {
  const odd = value.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0) return [invalid(`${path}[${odd}]`, value[odd] ?? null, "must be an object for an array of list-type map")];
  const keyOf = (item: Json): JsonObject => keysOf(schema, item);
  return repeated(value, (item) => goSortedJson(keyOf(item))).map((index) => duplicate(`${path}[${index}]`, sortedKeys(keyOf(value[index] ?? null))));
}

function keysOf(schema: Schema, item: Json): JsonObject {
  if (!isObject(item)) return {};
  const keys = schema.listMapKeys ?? [];
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(item, key) ? [[key, item[key] ?? null]] : [])));
}

const sortedKeys = (keys: JsonObject): JsonObject => Object.fromEntries(Object.entries(keys).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The index where a value stands for the second time; a third is not told. */
function repeated(value: readonly Json[], identity: (item: Json) => string): readonly number[] {
  const seen = new Map<string, number>();
  return value.flatMap((item, index) => {
    const id = identity(item);
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return times === 1 ? [index] : [];
  });
}
