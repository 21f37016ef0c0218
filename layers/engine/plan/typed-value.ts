import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { parseTime } from "../domain/time.ts";
import { canonicalQuantity } from "./quantity.ts";
import type { Scalar, TypedField } from "./typed-kinds.ts";

/** The value does not fit the type: Go's decoder would refuse the whole object. */
export const NO_VALUE: unique symbol = Symbol("no value");
type Typed = Json | typeof NO_VALUE;

/** Types are cyclic in one place (JSONSchemaProps); nothing that is applied nests deeper. */
const MAX_DEPTH = 64;

/**
 * `value` as Go's types have it after decoding and encoding: unknown fields gone, empty ones left out or added, scalars in their
 * canonical form. NO_VALUE when it does not decode. Source: k8s.io/apimachinery, runtime.DefaultUnstructuredConverter.
 */
export function typedValue(value: Json, type: TypedField, depth = 0): Typed {
  if (depth > MAX_DEPTH) return NO_VALUE;
  if (value === null) return zeroOf(type, depth);
  switch (type.shape) {
    case "struct":
      return isObject(value) ? typedStruct(value, type, depth) : NO_VALUE;
    case "list":
      return isArray(value) ? typedList(value, type, depth) : NO_VALUE;
    case "map":
      return isObject(value) ? typedMap(value, type, depth) : NO_VALUE;
    default:
      return typedScalar(value, type.shape);
  }
}

function typedStruct(value: JsonObject, type: TypedField, depth: number): Typed {
  const fields: [string, Json][] = [];
  for (const [name, field] of type.fields) {
    const given = Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    const typed = given === null ? null : typedValue(given, field, depth + 1);
    if (typed === NO_VALUE) return NO_VALUE;
    const written = writtenField(typed, field, depth);
    if (written !== undefined) fields.push([name, written]);
  }
  return Object.fromEntries(fields);
}

/** What Go writes of a field that holds `value` (null: nothing was given), or undefined when it leaves it out. */
function writtenField(value: Json, field: TypedField, depth: number): Json | undefined {
  switch (field.written) {
    case "always":
      return value === null ? zeroOf(field, depth + 1) : value;
    case "when-set":
      return value === null ? undefined : value;
    case "when-not-empty":
      return value === null || isEmpty(value, field) ? undefined : value;
  }
}

function isEmpty(value: Json, { shape }: TypedField): boolean {
  if (shape === "list" || shape === "map") return isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

/** What an absent value is in Go, encoded. A struct that stands for itself is written with what it always writes. */
function zeroOf(type: TypedField, depth: number): Json {
  if (type.pointer) return null;
  switch (type.shape) {
    case "struct": {
      const zero = depth > MAX_DEPTH ? NO_VALUE : typedStruct({}, type, depth);
      return zero === NO_VALUE ? {} : zero;
    }
    case "list":
    case "map":
    case "time":
    case "micro-time":
    case "bytes":
    case "raw":
      return null;
    case "string":
      return "";
    case "boolean":
      return false;
    case "quantity":
      return "0";
    case "duration":
      return "0s";
    case "integer":
    case "number":
    case "int-or-string":
      return 0;
  }
}

function typedList(value: readonly Json[], { element }: TypedField, depth: number): Typed {
  const items: Json[] = [];
  for (const item of value) {
    const typed = element === undefined ? item : typedValue(item, element, depth + 1);
    if (typed === NO_VALUE) return NO_VALUE;
    items.push(typed);
  }
  return items;
}

function typedMap(value: JsonObject, { element }: TypedField, depth: number): Typed {
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const typed = element === undefined ? item : typedValue(item, element, depth + 1);
    if (typed === NO_VALUE) return NO_VALUE;
    entries.push([key, typed]);
  }
  return Object.fromEntries(entries);
}

const ifSo = (value: Json, fits: boolean): Typed => (fits ? value : NO_VALUE);

function typedScalar(value: Json, shape: Scalar): Typed {
  switch (shape) {
    case "string":
      return ifSo(value, typeof value === "string");
    case "boolean":
      return ifSo(value, typeof value === "boolean");
    case "integer":
      return ifSo(value, Number.isInteger(value));
    case "number":
      return ifSo(value, typeof value === "number");
    case "int-or-string":
      return ifSo(value, typeof value === "string" || Number.isInteger(value));
    case "quantity":
      return typeof value === "string" || typeof value === "number" ? (canonicalQuantity(String(value)) ?? NO_VALUE) : NO_VALUE;
    case "bytes":
      return typeof value === "string" ? typedBytes(value) : NO_VALUE;
    case "time":
    case "micro-time":
      return typeof value === "string" ? typedTime(value, shape) : NO_VALUE;
    case "duration":
      return ifSo(value, typeof value === "string");
    case "raw":
      return value;
  }
}

/** Go's decoder skips line breaks and wants the padding. */
function typedBytes(text: string): Typed {
  const plain = text.replace(/[\r\n]/g, "");
  const fits = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
  return fits ? Buffer.from(plain, "base64").toString("base64") : NO_VALUE;
}

function typedTime(text: string, shape: "time" | "micro-time"): Typed {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? parseTime(text) : undefined;
  if (moment === undefined) return NO_VALUE;
  const whole = new Date(Math.floor(moment / 1000) * 1000).toISOString().slice(0, 19);
  if (shape === "time") return `${whole}Z`;
  const fraction = (/\.(\d+)/.exec(text)?.[1] ?? "").slice(0, 6).padEnd(6, "0");
  return `${whole}.${fraction}Z`;
}
