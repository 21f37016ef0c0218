import type { Fault } from "./fault.ts";
import { addFault, isItemList, type Look, push, validateInside } from "./look.ts";
import type { Schema } from "./schema.ts";
import { showCount } from "./show-number.ts";
import { firstRepeated, type Value } from "./value.ts";

export function validateArray(look: Look, items: readonly Value[]): void {
  const { least, most, isUnique } = look.schema.array;
  if (least !== undefined && items.length < least) addFault(look, () => `minItems: got ${showCount(items.length)}, want ${showCount(least)}`);
  if (most !== undefined && items.length > most) addFault(look, () => `maxItems: got ${showCount(items.length)}, want ${showCount(most)}`);
  const repeated = isUnique === true ? firstRepeated(items) : undefined;
  if (repeated !== undefined) addFault(look, () => `items at ${showCount(repeated[0])} and ${showCount(repeated[1])} are equal`);
  if (look.schema.version < 2020) validateItems(look, items);
  else validateItems2020(look, items);
  if (look.schema.array.contains !== undefined) validateContained(look, items, look.schema.array.contains);
}

function validateItems(look: Look, items: readonly Value[]): void {
  const { items: rule, additional } = look.schema.array;
  const first = rule === undefined ? 0 : isItemList(rule) ? Math.min(rule.length, items.length) : items.length;
  for (const [index, item] of items.slice(0, first).entries()) {
    const schema = isItemList(rule) ? rule[index] : rule;
    if (schema !== undefined) push(look, validateInside(look, schema, item, String(index)));
  }
  if (additional === false && first < items.length) addFault(look, () => `last ${showCount(items.length - first)} additionalItem(s) not allowed`);
  if (typeof additional === "object") validateEach(look, additional, items, first);
}

function validateItems2020(look: Look, items: readonly Value[]): void {
  const { prefix = [], rest } = look.schema.array;
  const first = Math.min(prefix.length, items.length);
  for (const [index, schema] of prefix.slice(0, first).entries()) push(look, validateInside(look, schema, items[index] ?? null, String(index)));
  if (rest !== undefined) validateEach(look, rest, items, first);
}

/** In Go a list that is cut counts its items anew: places behind the first ones are those from zero. */
function validateEach(look: Look, schema: Schema, items: readonly Value[], first: number): void {
  for (const [index, item] of items.slice(first).entries()) push(look, validateInside(look, schema, item, String(index)));
}

function validateContained(look: Look, items: readonly Value[], schema: Schema): void {
  const { leastContained: least, mostContained: most } = look.schema.array;
  const faults: Fault[] = [];
  const matched: number[] = [];
  for (const [index, item] of items.entries()) {
    const fault = validateInside(look, schema, item, String(index));
    if (fault !== undefined) faults.push(fault);
    else {
      matched.push(index);
      if (look.schema.version >= 2020) look.rest.indexes?.delete(index);
    }
  }
  if (least !== undefined) {
    if (matched.length < least) addFault(look, () => sayTooFew(matched, least), faults);
  } else if (matched.length === 0) addFault(look, () => "no items match contains schema", faults);
  if (most === undefined || matched.length <= most) return;
  addFault(
    look,
    () => `max ${showCount(most)} items required to match contains schema, but matched ${showCount(matched.length)} items at ${matched.join(" ")}`,
  );
}

function sayTooFew(matched: readonly number[], least: number): string {
  const found = matched.length === 0 ? "none matched" : `matched ${showCount(matched.length)} items at ${matched.join(" ")}`;
  return `min ${showCount(least)} items required to match contains schema, but ${found}`;
}
