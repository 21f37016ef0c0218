import * as go from "../../go/parse-number.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** No number has more digits but zeros; a text of a million of them is no work. */
const LONGEST = 1_000;

/** The integer of 64 bits that a text means (`12`, `-0x1f`, `0o17`, `017`, `0b11`, `1_000`). Undefined when it is none, or too large. Source: Go strconv.ParseInt, base 0. */
export function parseInteger(text: string): bigint | undefined {
  const value = text.length > LONGEST ? undefined : go.parseInteger(text);
  return value !== undefined && value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}

const INFINITE = /^[-+]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^nan$/i;

/** The number that a text means; undefined when it means none, or one beyond all numbers. Source: Go strconv.ParseFloat. */
export function parseFloat64(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : go.parseFloat64(text);
}
