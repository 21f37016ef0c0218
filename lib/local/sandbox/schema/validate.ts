import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { validateEmbedded } from "./embedded.ts";
import { type FieldError, invalid } from "./field-error.ts";
import { validateListTypes } from "./list-types.ts";
import { createPatterns } from "./patterns.ts";
import { createRules } from "./rules.ts";
import type { Schema } from "./schema.ts";
import { validateStructural } from "./structural.ts";

const RULES_NOT_CHECKED = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
/** After one of these the object has not the types that rules count on. Source: apiextensions, hasBlockingErr. */
const BLOCKING = ["FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"];

/** `around`: errors that others found, in their places among ours: they too decide whether rules can be looked at. */
export type ValidateSchema = (schema: Schema, object: Manifest, old?: Manifest, around?: Around) => readonly FieldError[];
export type Around = { readonly first: readonly FieldError[]; readonly afterStructure: readonly FieldError[] };

/**
 * What is wrong with a custom resource by its schema, in the server's words: structure, lists that are sets or maps, then CEL rules. `old`: the
 * object that an update replaces. Compiled patterns and rules are kept: make one validator per server. Source: apiextensions, customresource strategy.
 */
export function createSchemaValidator(): ValidateSchema {
  const patterns = createPatterns();
  const rules = createRules();
  return (schema, object, old, around = { first: [], afterStructure: [] }) => {
    const value = jsonOf(object);
    const before = old as unknown as Json | undefined;
    const structural = validateStructural(schema, value, patterns, before);
    const lists = before !== undefined && validateListTypes(schema, before).length > 0 ? [] : validateListTypes(schema, value);
    const errors = [...around.first, ...structural, ...around.afterStructure, ...validateEmbedded(schema, value), ...lists];
    if (!rules.any(schema)) return errors;
    if (errors.some(({ type }) => BLOCKING.includes(type))) return [...errors, invalid("", null, RULES_NOT_CHECKED)];
    return [...errors, ...rules.validate(schema, value, before)];
  };
}

/** `createSchemaValidator()` made once for the process: it holds nothing but compiled patterns and rules. */
export const validateSchema: ValidateSchema = createSchemaValidator();
