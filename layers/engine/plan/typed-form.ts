import type { Json, JsonObject } from "../domain/json.ts";
import { isArray, isObject } from "../domain/json.ts";
import type { Result } from "../domain/result.ts";
import { ok, problem } from "../domain/result.ts";
import { canonicalQuantity } from "./quantity.ts";
import type { TypedField } from "./typed-kinds.ts";

/** Where a value does not fit its Go type. */
export type Misfit = { readonly path: string; readonly expected: TypedField["shape"]; readonly got: "object" | "array" | "string" | "number" | "bool" };

const wordOf = (value: Json): Misfit["got"] => {
  if (isArray(value)) return "array";
  if (isObject(value)) return "object";
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "bool" : "string";
};

const misfit = (field: TypedField, value: Json, path: string): Result<Json, Misfit> => problem({ path, expected: field.shape, got: wordOf(value) });

/**
 * `value` as Go decodes it into the type of a built-in kind and encodes it again: unknown fields are gone, structs without a pointer are
 * there even when empty, empty optional values are gone, quantities are canonical. The first value that does not fit its type is the problem.
 * Secret.stringData and other rules of a single kind are not applied. Source: reference 2.6.1.
 */
export function typedForm(field: TypedField, value: Json | undefined, path = ""): Result<Json, Misfit> {
  switch (field.shape) {
    case "struct":
      return isAbsent(value) ? structForm(field, {}, path) : isObject(value) ? structForm(field, value, path) : misfit(field, value, path);
    case "list":
      return isAbsent(value) ? ok(null) : isArray(value) ? listForm(field, value, path) : misfit(field, value, path);
    case "map":
      return isAbsent(value) ? ok(null) : isObject(value) ? mapForm(field, value, path) : misfit(field, value, path);
    default:
      return scalarForm(field, value, path);
  }
}

const isAbsent = (value: Json | undefined): value is null | undefined => value === undefined || value === null;

function structForm(field: TypedField, value: JsonObject, path: string): Result<Json, Misfit> {
  const entries: [string, Json][] = [];
  for (const [name, inner] of field.fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (isAbsent(given) && (inner.written !== "always" || inner.pointer)) {
      if (inner.written === "always") entries.push([name, null]);
      continue;
    }
    const form = typedForm(inner, given, `${path}.${name}`);
    if (!form.ok) return form;
    if (inner.written !== "when-not-empty" || !isEmpty(form.value)) entries.push([name, form.value]);
  }
  return ok(Object.fromEntries(entries));
}

/** What `omitempty` leaves out. Structs never reach this: without a pointer they are always written. */
const isEmpty = (value: Json): boolean =>
  value === null ||
  value === "" ||
  value === 0 ||
  value === false ||
  (isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

function listForm(field: TypedField, value: readonly Json[], path: string): Result<Json, Misfit> {
  const items: Json[] = [];
  for (const [index, item] of value.entries()) {
    const form = field.element === undefined ? ok(item) : typedForm(field.element, item, `${path}[${index}]`);
    if (!form.ok) return form;
    items.push(form.value);
  }
  return ok(items);
}

function mapForm(field: TypedField, value: JsonObject, path: string): Result<Json, Misfit> {
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const form = field.element === undefined ? ok(item) : typedForm(field.element, item, `${path}.${key}`);
    if (!form.ok) return form;
    entries.push([key, form.value]);
  }
  return ok(Object.fromEntries(entries));
}

function scalarForm(field: TypedField, value: Json | undefined, path: string): Result<Json, Misfit> {
  if (isAbsent(value)) return ok(zeroOf(field));
  const fits = (is: boolean): Result<Json, Misfit> => (is ? ok(value) : misfit(field, value, path));
  switch (field.shape) {
    case "string":
    case "duration":
      return fits(typeof value === "string");
    case "bytes":
      return typeof value === "string" && isBase64(value) ? ok(value.replace(/[\r\n]/g, "")) : misfit(field, value, path);
    case "integer":
      return fits(typeof value === "number" && Number.isInteger(value));
    case "number":
      return fits(typeof value === "number");
    case "boolean":
      return fits(typeof value === "boolean");
    case "int-or-string":
      return fits(typeof value === "string" || (typeof value === "number" && Number.isInteger(value)));
    case "quantity": {
      const text = typeof value === "number" || typeof value === "string" ? canonicalQuantity(String(value)) : undefined;
      return text === undefined ? misfit(field, value, path) : ok(text);
    }
    case "time":
    case "micro-time":
      return timeForm(field, value, path);
    default:
      return ok(value);
  }
}

function zeroOf(field: TypedField): Json {
  switch (field.shape) {
    case "string":
      return "";
    case "duration":
      return "0s";
    case "integer":
    case "number":
    case "int-or-string":
      return 0;
    case "boolean":
      return false;
    case "quantity":
      return "0";
    default:
      return null;
  }
}

const isBase64 = (text: string): boolean => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ""));

/** Seconds in UTC (MicroTime: with six digits of a second). */
function timeForm(field: TypedField, value: Json, path: string): Result<Json, Misfit> {
  const match = typeof value === "string" ? /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(value) : null;
  if (match === null || typeof value !== "string" || Number.isNaN(Date.parse(value))) return misfit(field, value, path);
  const seconds = new Date(Date.parse(value)).toISOString().slice(0, 19);
  return ok(field.shape === "time" ? `${seconds}Z` : `${seconds}.${(match[1] ?? ".").slice(1, 7).padEnd(6, "0")}Z`);
}
