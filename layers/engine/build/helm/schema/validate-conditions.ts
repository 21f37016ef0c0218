import type { Fault } from "./fault.ts";
import { addFault, isEmpty, type Look, push, validateAgain } from "./look.ts";
import type { Schema } from "./schema.ts";
import { showCount } from "./show-number.ts";

/** Schemas that a value must fit all, some, one or none of. */
export function validateConditions(look: Look): void {
  const { not, allOf, anyOf, oneOf, condition, consequence, alternative } = look.schema;
  if (not !== undefined && validateAgain(look, not, "", true) === undefined) addFault(look, () => "'not' failed");
  if (allOf !== undefined) validateAll(look, allOf);
  if (anyOf !== undefined && anyOf.length > 0) validateAny(look, anyOf);
  if (oneOf !== undefined && oneOf.length > 0) validateOne(look, oneOf);
  if (condition === undefined) return;
  const next = validateAgain(look, condition, "", true) === undefined ? consequence : alternative;
  if (next !== undefined) push(look, validateAgain(look, next));
}

function validateAll(look: Look, schemas: readonly Schema[]): void {
  const faults: Fault[] = [];
  for (const schema of schemas) {
    const fault = validateAgain(look, schema);
    if (fault !== undefined) faults.push(fault);
    if (fault !== undefined && look.onlyAsks) break;
  }
  if (faults.length > 0) addFault(look, () => "'allOf' failed", faults);
}

function validateAny(look: Look, schemas: readonly Schema[]): void {
  const faults: Fault[] = [];
  let isMatched = false;
  for (const schema of schemas) {
    const fault = validateAgain(look, schema);
    if (fault !== undefined) {
      faults.push(fault);
      continue;
    }
    isMatched = true;
    // All of them say what they have looked at, where somebody asks for the rest.
    if (isEmpty(look.rest)) break;
  }
  if (!isMatched) addFault(look, () => "'anyOf' failed", faults);
}

function validateOne(look: Look, schemas: readonly Schema[]): void {
  const faults: Fault[] = [];
  let matched: number | undefined;
  for (const [index, schema] of schemas.entries()) {
    const first = matched;
    const fault = validateAgain(look, schema, "", first !== undefined);
    if (fault !== undefined && first === undefined) faults.push(fault);
    if (fault !== undefined) continue;
    if (first !== undefined) {
      addFault(look, () => `'oneOf' failed, subschemas ${showCount(first)}, ${showCount(index)} matched`);
      return;
    }
    matched = index;
  }
  if (matched === undefined) addFault(look, () => "'oneOf' failed, none matched", faults);
}
