import { isArray, isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { correlatedField, correlatedItem } from "./correlation.ts";
import { type FieldError, invalid, notSupported, required, tooLong, tooMany, typeInvalid } from "./field-error.ts";
import { hasFormat, isKnownFormat } from "./formats.ts";
import { goNumber, goSortedJson } from "./go-text.ts";
import type { Pattern } from "./patterns.ts";
import type { Schema } from "./schema.ts";

const MAX_DEPTH = 500;

export type Patterns = (pattern: string) => Pattern;

/** `matches` counts the checks that passed: of several alternatives the one with most of them tells its errors. */
type Finding = { readonly errors: FieldError[]; matches: number };

/** The value before an update, where it can be told which one that is; errors in what did not change are not told. */
type Old = { readonly value: Json } | undefined;

/**
 * The errors of `value` by the structural part of its schema, in the server's words and order (properties by name: the server's own
 * order is by chance). `old`: the value that is replaced. Source: kube-openapi, validation/validate.
 */
export function validateStructural(schema: Schema, value: Json, patterns: Patterns, old: Json | undefined): readonly FieldError[] {
  return check(schema, value, "", patterns, old === undefined ? undefined : { value: old }, 0).errors;
}

function add(into: Finding, finding: Finding): void {
  for (const error of finding.errors) addError(into, error);
  into.matches += finding.matches;
}

/** One text is told once. */
function addError(into: Finding, error: FieldError): void {
  if (!into.errors.some(({ field, detail }) => field === error.field && detail === error.detail)) into.errors.push(error);
}

const nothing = (): Finding => ({ errors: [], matches: 0 });
const oneError = (error: FieldError): Finding => ({ errors: [error], matches: 0 });

function check(schema: Schema, value: Json, path: string, patterns: Patterns, old: Old, depth: number): Finding {
  const finding = nothing();
  if (depth > MAX_DEPTH) return finding;
  if (old !== undefined && isEqual(old.value, value)) return finding;
  const typed = checkType(schema, value, path);
  add(finding, typed);
  if (value === null) {
    add(finding, checkEnum(schema, value, path));
    return finding;
  }
  finding.matches += 1;
  add(finding, checkJunctors(schema, value, path, patterns, depth));
  if (typeof value === "string") add(finding, checkText(schema, value, path, patterns));
  if (typeof value === "number") add(finding, checkNumber(schema, value, path));
  if (isArray(value)) add(finding, checkList(schema, value, path, patterns, old, depth));
  add(finding, checkEnum(schema, value, path));
  if (isObject(value)) add(finding, checkFields(schema, value, path, patterns, old, depth));
  finding.matches += 1;
  return finding;
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString === true) return ["integer", "string"];
  return schema.type === undefined ? [] : [schema.type];
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** `spec.interval in body must be of type string: "integer"`. */
function checkType(schema: Schema, value: Json, path: string): Finding {
  const types = typesOf(schema);
  const actual = typeOf(value);
  if (types.length === 0) return nothing();
  if (value === null) return schema.nullable === true ? nothing() : wrongType(path, types.join(","), actual);
  // A known format takes the place of the type, of lists any check. Source: kube-openapi, validate/type.go.
  if (isKnownFormat(schema.format) && !types.includes(actual) && isText(types))
    return isArray(value) ? nothing() : wrongType(path, schema.format, typeof value === "number" ? numberFormat(value) : "");
  const fits = types.includes(actual) || (actual === "integer" && types.includes("number"));
  return fits ? { errors: [], matches: 1 } : wrongType(path, types.join(","), actual);
}

const isText = (types: readonly string[]): boolean => !types.includes("integer") && !types.includes("number");
const numberFormat = (value: number): string => (Number.isInteger(value) ? "int64" : "float64");

const wrongType = (path: string, wanted: string, actual: string): Finding =>
  oneError(typeInvalid(path, actual, `${path} in body must be of type ${wanted}: "${actual}"`));

function checkEnum(schema: Schema, value: Json, path: string): Finding {
  const { enum: values } = schema;
  if (values === undefined || values.length === 0 || values.some((one) => isEqual(one, value))) return nothing();
  return oneError(
    notSupported(
      path,
      value,
      values.map((one) => (typeof one === "string" ? one : goSortedJson(one))),
    ),
  );
}

/** Of length, pattern and format: the first failure of the first two, and the third's. */
function checkText(schema: Schema, value: string, path: string, patterns: Patterns): Finding {
  const finding = nothing();
  const first = textError(schema, value, path, patterns);
  if (first !== undefined) addError(finding, first);
  if (isKnownFormat(schema.format) && !hasFormat(schema.format, value))
    addError(finding, typeInvalid(path, value, `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`));
  finding.matches += finding.errors.length === 0 ? 1 : 0;
  return finding;
}

function textError(schema: Schema, value: string, path: string, patterns: Patterns): FieldError | undefined {
  const { minLength, maxLength, pattern } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return tooLong(path, maxLength);
  if (minLength !== undefined && length < minLength) return invalid(path, value, `${path} in body should be at least ${minLength} chars long`);
  if (pattern === undefined) return undefined;
  const compiled = patterns(pattern);
  if (compiled.kind === "broken") return invalid(path, value, `${path} in body should match '${pattern}, but pattern is invalid: ${compiled.problem}'`);
  return compiled.test(value) ? undefined : invalid(path, value, `${path} in body should match '${pattern}'`);
}

function checkNumber(schema: Schema, value: number, path: string): Finding {
  const { minimum, maximum, multipleOf } = schema;
  const finding = nothing();
  const refuse = (words: string, limit: number): void => addError(finding, invalid(path, value, `${path} in body should be ${words} ${goNumber(limit)}`));
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) refuse("a multiple of", multipleOf);
  if (minimum !== undefined && schema.exclusiveMinimum === true && value <= minimum) refuse("greater than", minimum);
  if (minimum !== undefined && schema.exclusiveMinimum !== true && value < minimum) refuse("greater than or equal to", minimum);
  if (maximum !== undefined && schema.exclusiveMaximum === true && value >= maximum) refuse("less than", maximum);
  if (maximum !== undefined && schema.exclusiveMaximum !== true && value > maximum) refuse("less than or equal to", maximum);
  finding.matches += 1;
  return finding;
}

function checkList(schema: Schema, value: readonly Json[], path: string, patterns: Patterns, old: Old, depth: number): Finding {
  const finding = nothing();
  const { items, minItems, maxItems } = schema;
  if (items !== undefined)
    for (const [index, item] of value.entries())
      add(finding, check(items, item, `${path}[${index}]`, patterns, wrapped(correlatedItem(schema, item, old?.value)), depth + 1));
  if (minItems !== undefined && value.length < minItems)
    addError(finding, invalid(path, value.length, `${path} in body should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) addError(finding, tooMany(path, value.length, maxItems));
  if (schema.uniqueItems === true && new Set(value.map(goSortedJson)).size < value.length)
    addError(finding, invalid(path, "", `${path} in body shouldn't contain duplicates`));
  finding.matches += 1;
  return finding;
}

const wrapped = (value: Json | undefined): Old => (value === undefined ? undefined : { value });

function checkFields(schema: Schema, value: JsonObject, path: string, patterns: Patterns, old: Old, depth: number): Finding {
  const finding = nothing();
  const { minProperties, maxProperties, properties = {}, additionalProperties } = schema;
  const size = Object.keys(value).length;
  const before = (field: string): Old => wrapped(correlatedField(schema, field, old?.value));
  const inner = (field: string): string => (path === "" ? field : `${path}.${field}`);
  if (minProperties !== undefined && size < minProperties)
    addError(finding, invalid(path, size, `${path} in body should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && size > maxProperties) addError(finding, tooMany(path, size, maxProperties));
  const fields = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  for (const field of fields) {
    const declared = Object.hasOwn(properties, field) ? properties[field] : undefined;
    const item = value[field] ?? null;
    if (declared === undefined && typeof additionalProperties === "object")
      add(finding, check(additionalProperties, item, inner(field), patterns, before(field), depth + 1));
    if (declared !== undefined) add(finding, check(declared, item, inner(field), patterns, before(field), depth + 1));
  }
  for (const field of schema.required ?? []) if (!Object.hasOwn(value, field)) addError(finding, required(inner(field)));
  return finding;
}

function checkJunctors(schema: Schema, value: Json, path: string, patterns: Patterns, depth: number): Finding {
  const finding = nothing();
  const tried = (schemas: readonly Schema[] | undefined): readonly Finding[] =>
    (schemas ?? []).map((one) => check(one, value, path, patterns, undefined, depth + 1));
  const refuse = (text: string): void => addError(finding, invalid("", "", `"${path}" must ${text}`));

  const any = tried(schema.anyOf);
  if (any.length > 0 && !any.some(isFine)) refuse("validate at least one schema (anyOf)");
  if (any.length > 0) add(finding, any.find(isFine) ?? best(any));

  const one = tried(schema.oneOf);
  const fitting = one.filter(isFine);
  if (one.length > 0 && fitting.length !== 1)
    refuse(`validate one and only one schema (oneOf). ${fitting.length === 0 ? "Found none valid" : `Found ${fitting.length} valid alternatives`}`);
  if (one.length > 0 && fitting.length < 2) add(finding, fitting[0] ?? best(one));

  const all = tried(schema.allOf);
  for (const one of all) add(finding, one);
  if (all.some((one) => !isFine(one))) refuse(`validate all the schemas (allOf)${all.some(isFine) ? "" : ". None validated"}`);

  if (schema.not !== undefined && isFine(check(schema.not, value, path, patterns, undefined, depth + 1))) refuse("not validate the schema (not)");
  finding.matches += 1;
  return finding;
}

const isFine = (finding: Finding): boolean => finding.errors.length === 0;

const best = (findings: readonly Finding[]): Finding => findings.reduce((most, one) => (one.matches > most.matches ? one : most), findings[0] ?? nothing());
