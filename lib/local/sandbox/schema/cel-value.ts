import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { CelValue } from "./cel.ts";
import { TYPE_AND_META } from "./object-meta.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 200;

/** Names that CEL keeps for itself: a property of that name is `__in__` there. Source: apiserver, cel Escape. */
const RESERVED = "true false null in as break const continue else for function if import let loop package namespace return var void while".split(" ");
const ESCAPES: readonly (readonly [string, string])[] = [
  ["__", "__underscores__"],
  [".", "__dot__"],
  ["-", "__dash__"],
  ["/", "__slash__"],
];

/** The name of a property inside CEL: `a-b` → `a__dash__b`, `namespace` → `__namespace__`. */
export function celName(property: string): string {
  if (RESERVED.includes(property)) return `__${property}__`;
  return ESCAPES.reduce((name, [from, to]) => name.replaceAll(from, to), property);
}

/**
 * A JSON value as CEL has it, by its schema: integers bigint, numbers double, dates timestamps. Properties that the schema does not name are
 * not visible to rules; keys of maps are. At the root of an object only name and generateName of its metadata can be seen.
 */
export function celValue(schema: Schema, value: Json, root = false, depth = 0): CelValue {
  if (depth > MAX_DEPTH || value === null) return value === null ? null : undefined;
  if (typeof value === "number") return celNumber(schema, value);
  if (typeof value === "string") return celText(schema, value);
  if (typeof value === "boolean") return value;
  if (isArray(value)) return value.map((item) => celValue(schema.items ?? {}, item, false, depth + 1));
  return isObject(value) ? celObject(schema, value, root || schema.embeddedResource === true, depth) : undefined;
}

const celNumber = (schema: Schema, value: number): bigint | number => (schema.type !== "number" && Number.isInteger(value) ? BigInt(value) : value);

function celText(schema: Schema, value: string): string | Date {
  if (schema.format !== "date-time" && schema.format !== "date") return value;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? value : moment;
}

const ROOT_METADATA: Schema = { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } };

function celObject(schema: Schema, value: { readonly [field: string]: Json }, root: boolean, depth: number): CelValue {
  const made = new Map<string, CelValue>();
  for (const [field, item] of Object.entries(value)) {
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
    if (root && Object.hasOwn(TYPE_AND_META, field))
      made.set(field, celValue(field === "metadata" ? ROOT_METADATA : { type: "string" }, item, false, depth + 1));
    else if (declared !== undefined) made.set(celName(field), celValue(declared, item, false, depth + 1));
    else if (typeof schema.additionalProperties === "object") made.set(field, celValue(schema.additionalProperties, item, false, depth + 1));
  }
  return made;
}

/** The most items of any list or map in `value`: what macros go over. */
export function largestCollection(value: Json, depth = 0): number {
  if (depth > MAX_DEPTH) return Number.MAX_SAFE_INTEGER;
  const items = isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  let largest = items.length;
  for (const item of items) largest = Math.max(largest, largestCollection(item, depth + 1));
  return largest;
}
