import { spend } from "../../work.ts";
import { quoteName } from "./fault.ts";
import { addFault, type Look } from "./look.ts";
import { compareRationals, isMultiple, type Rational } from "./rational.ts";
import type { Bound } from "./schema.ts";
import { showCount, showNumber } from "./show-number.ts";
import type { NumberValue } from "./value.ts";

export function validateText(look: Look, text: string): void {
  const { least, most, pattern } = look.schema.text;
  if (least !== undefined || most !== undefined) {
    spend(text.length);
    const length = [...text].length;
    if (least !== undefined && length < least) addFault(look, () => `minLength: got ${showCount(length)}, want ${showCount(least)}`);
    if (most !== undefined && length > most) addFault(look, () => `maxLength: got ${showCount(length)}, want ${showCount(most)}`);
  }
  if (pattern !== undefined && !pattern.matches(text)) addFault(look, () => `${quoteName(text)} does not match pattern ${quoteName(pattern.text)}`);
}

type Rule = readonly [keyword: string, bound: Bound | undefined, isKept: (value: Rational, bound: Rational) => boolean];

export function validateNumber(look: Look, { text, exact }: NumberValue): void {
  if (exact === undefined) return;
  const { minimum, maximum, above, below, multipleOf } = look.schema.number;
  const rules: readonly Rule[] = [
    ["minimum", minimum, (value, bound) => compareRationals(value, bound) >= 0],
    ["maximum", maximum, (value, bound) => compareRationals(value, bound) <= 0],
    ["exclusiveMinimum", above, (value, bound) => compareRationals(value, bound) > 0],
    ["exclusiveMaximum", below, (value, bound) => compareRationals(value, bound) < 0],
    ["multipleOf", multipleOf, (value, bound) => isMultiple(value, bound)],
  ];
  for (const [keyword, bound, isKept] of rules) {
    if (bound === undefined) continue;
    spend(text.length + bound.text.length);
    if (!isKept(exact, bound.exact)) addFault(look, () => `${keyword}: got ${showNumber(Number(text))}, want ${showNumber(Number(bound.text))}`);
  }
}
