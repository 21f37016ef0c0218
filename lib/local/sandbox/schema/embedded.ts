import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type FieldError, required } from "./field-error.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 200;

/** Objects inside an object (x-kubernetes-embedded-resource) must say what they are. Source: apiextensions, schema/objectmeta. */
export function validateEmbedded(schema: Schema, value: Json, path = "", depth = 0): readonly FieldError[] {
  if (depth > MAX_DEPTH) return [];
  const { items } = schema;
  if (isArray(value)) return items === undefined ? [] : value.flatMap((item, index) => validateEmbedded(items, item, `${path}[${index}]`, depth + 1));
  if (!isObject(value)) return [];
  const errors: FieldError[] = [];
  if (schema.embeddedResource === true)
    for (const field of ["apiVersion", "kind"]) if (value[field] === undefined || value[field] === "") errors.push(required(`${path}.${field}`));
  for (const [field, item] of Object.entries(value)) {
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
    if (declared !== undefined) errors.push(...validateEmbedded(declared, item, path === "" ? field : `${path}.${field}`, depth + 1));
    else if (typeof schema.additionalProperties === "object")
      errors.push(...validateEmbedded(schema.additionalProperties, item, `${path}[${field}]`, depth + 1));
  }
  return errors;
}
