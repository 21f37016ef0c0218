import { quote } from "@sluice/engine/build/text/quote.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { goJson, goNumber } from "./go-text.ts";

export type FieldErrorType =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueDuplicate"
  | "FieldValueTypeInvalid"
  | "FieldValueNotFound"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError";

/**
 * One reason why an object is refused. `field` is its path, `<nil>` for the object as a whole; `detail` is the text after the
 * path, as in `Status.details.causes[].message`. Source: apimachinery, util/validation/field.
 */
export type FieldError = { readonly type: FieldErrorType; readonly field: string; readonly detail: string };

/** The path of the object itself: how Go prints a path that is not there. */
export const NO_FIELD = "<nil>";

const WORDS: { readonly [type in FieldErrorType]: string } = {
  FieldValueRequired: "Required value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueDuplicate: "Duplicate value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotFound: "Not found",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
};

/** A value as an error shows it: text quoted, numbers plain, all else as JSON. */
export function valueText(value: Json): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return goNumber(value);
  return goJson(value);
}

/** `value` undefined: an error that does not show its value. */
function made(type: FieldErrorType, field: string, value: Json | undefined, detail: string): FieldError {
  const shown = value === undefined ? WORDS[type] : `${WORDS[type]}: ${valueText(value)}`;
  return { type, field: field === "" ? NO_FIELD : field, detail: detail === "" ? shown : `${shown}: ${detail}` };
}

export const required = (field: string, detail = ""): FieldError => made("FieldValueRequired", field, undefined, detail);
export const invalid = (field: string, value: Json | undefined, detail: string): FieldError => made("FieldValueInvalid", field, value, detail);
export const typeInvalid = (field: string, value: Json, detail: string): FieldError => made("FieldValueTypeInvalid", field, value, detail);
export const forbidden = (field: string, detail: string): FieldError => made("FieldValueForbidden", field, undefined, detail);
export const duplicate = (field: string, value: Json | undefined): FieldError => made("FieldValueDuplicate", field, value, "");
export const notFound = (field: string, value: Json): FieldError => made("FieldValueNotFound", field, value, "");

export const notSupported = (field: string, value: Json, supported: readonly string[]): FieldError =>
  made("FieldValueNotSupported", field, value, supported.length === 0 ? "" : `supported values: ${supported.map((value) => quote(value)).join(", ")}`);

export const tooLong = (field: string, max: number): FieldError =>
  made("FieldValueTooLong", field, undefined, `may not be more than ${max} ${max === 1 ? "byte" : "bytes"}`);

export const tooMany = (field: string, actual: number, max: number): FieldError =>
  made("FieldValueTooMany", field, actual, `must have at most ${max} ${max === 1 ? "item" : "items"}`);

export const errorText = (error: FieldError): string => `${error.field}: ${error.detail}`;

/** `a`, or `[a, b]` where there are several; the same text stands once. Source: apimachinery, util/errors Aggregate. */
export function aggregateText(texts: readonly string[]): string {
  const once = [...new Set(texts)];
  return once.length === 1 ? (once[0] ?? "") : `[${once.join(", ")}]`;
}

/**
 * The message of the Status that refuses an object: `GitRepository.source.toolkit.fluxcd.io "x" is invalid: spec.url: …`.
 * `kind` alone for the core group. Source: apimachinery, api/errors NewInvalid.
 */
export function invalidMessage(kind: { readonly group: string; readonly kind: string }, name: string, errors: readonly FieldError[]): string {
  const subject = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const head = `${subject} ${quote(name)} is invalid`;
  return errors.length === 0 ? head : `${head}: ${aggregateText(errors.map(errorText))}`;
}

export type StatusCause = { readonly reason: string; readonly message: string; readonly field: string };

/** `Status.details.causes` of the same answer; here nothing is left out. */
export const invalidCauses = (errors: readonly FieldError[]): readonly StatusCause[] =>
  errors.map(({ type, field, detail }) => ({ reason: type, message: detail, field }));
