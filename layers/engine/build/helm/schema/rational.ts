import { spend } from "../../work.ts";

/** A number without rounding: `0.3` is three tenths. */
export type Rational = { readonly over: bigint; readonly under: bigint };

const DECIMAL = /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/;
/** Go takes no number with a larger exponent. Source: Go, math/big Rat.SetString. */
const MAX_EXPONENT = 1_000_000;
/** A step for so many digits. */
const DIGITS_OF_STEP = 8;

/** The number that a JSON literal writes; undefined where its exponent is beyond all measure. */
export function readRational(text: string): Rational | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return undefined;
  spend(1 + (text.length + Math.abs(power)) / DIGITS_OF_STEP);
  const digits = BigInt(`${whole}${fraction}`);
  const scale = power - fraction.length;
  const over = scale > 0 ? digits * 10n ** BigInt(scale) : digits;
  return { over: sign === "-" ? -over : over, under: scale < 0 ? 10n ** BigInt(-scale) : 1n };
}

/** Negative, zero or positive. */
export function compareRationals(a: Rational, b: Rational): number {
  const [left, right] = a.under === b.under ? [a.over, b.over] : [a.over * b.under, b.over * a.under];
  return left < right ? -1 : left > right ? 1 : 0;
}

export const isWhole = ({ over, under }: Rational): boolean => over % under === 0n;

/** Whether a whole number of `part` makes `whole`. */
export const isMultiple = (whole: Rational, part: Rational): boolean => part.over !== 0n && (whole.over * part.under) % (whole.under * part.over) === 0n;

/** As a text that equal numbers share. */
export function rationalKey({ over, under }: Rational): string {
  if (under === 1n) return `${over}`;
  const divisor = greatestDivisor(over < 0n ? -over : over, under);
  return under === divisor ? `${over / divisor}` : `${over / divisor}/${under / divisor}`;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}
