import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type FieldError, invalid } from "../schema/field-error.ts";

/** Reading of objects whose types are known to fit their schema; what is not there reads as empty. */
const NOTHING: JsonObject = {};

/** The whole object as JSON. */
export const jsonOf = (object: Manifest): JsonObject => {
  const fields: { readonly [field: string]: unknown } = object;
  return fields as JsonObject;
};

export const valueAt = (value: Json | undefined, field: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
export const objectAt = (value: Json | undefined, field: string): JsonObject => {
  const found = valueAt(value, field);
  return isObject(found) ? found : NOTHING;
};
export const listAt = (value: Json | undefined, field: string): readonly Json[] => {
  const found = valueAt(value, field);
  return isArray(found) ? found : [];
};
export const textAt = (value: Json | undefined, field: string): string => {
  const found = valueAt(value, field);
  return typeof found === "string" ? found : "";
};
export const numberAt = (value: Json | undefined, field: string): number | undefined => {
  const found = valueAt(value, field);
  return typeof found === "number" ? found : undefined;
};
export const has = (value: Json | undefined, field: string): boolean => {
  const found = valueAt(value, field);
  return found !== undefined && found !== null;
};

/** The entries of a map by key, since the server's order is by chance. */
export const entriesOf = (map: JsonObject): readonly (readonly [string, Json])[] => Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));

export const NOT_NEGATIVE = "must be greater than or equal to 0";

/** One error for each of the fields that is a negative number. */
export const notNegative = (value: Json | undefined, path: string, ...fields: readonly string[]): readonly FieldError[] =>
  fields.flatMap((field) => {
    const number = numberAt(value, field);
    return number !== undefined && number < 0 ? [invalid(`${path}.${field}`, number, NOT_NEGATIVE)] : [];
  });

export const errorsOf = (path: string, value: Json, problems: readonly string[]): readonly FieldError[] =>
  problems.map((problem) => invalid(path, value, problem));

export const PORT_RANGE = "must be between 1 and 65535, inclusive";
export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;
