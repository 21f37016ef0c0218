import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { FieldError } from "../schema/field-error.ts";
import type { NameRule } from "../schema/names.ts";

/** What one built-in kind asks of its objects, metadata apart. */
export type KindRules = {
  readonly name: NameRule;
  /** What is wrong with an object, whether it is created or updated. */
  readonly check: (object: JsonObject) => readonly FieldError[];
  /** What may not change. Absent: everything may. */
  readonly change?: (object: JsonObject, old: JsonObject) => readonly FieldError[];
};

export const nothing = (): readonly FieldError[] => [];
