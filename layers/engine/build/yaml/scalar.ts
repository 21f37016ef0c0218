import { readNumber } from "./number-text.ts";
import { readTimestamp } from "./timestamp.ts";

/** What an unquoted scalar means. `undefined` stands for: it is text. */
export type Resolved = { readonly value: null | boolean | number } | { readonly merge: true } | undefined;

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, Resolved] => [word, { value: null }]),
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word): [string, Resolved] => [word, { value: true }]),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word): [string, Resolved] => [word, { value: false }]),
  ...[".nan", ".NaN", ".NAN"].map((word): [string, Resolved] => [word, { value: Number.NaN }]),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word): [string, Resolved] => [word, { value: Number.POSITIVE_INFINITY }]),
  ...["-.inf", "-.Inf", "-.INF"].map((word): [string, Resolved] => [word, { value: Number.NEGATIVE_INFINITY }]),
]);

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const LONGEST_WORD = 5;

/** True for what is a boolean or null without quotes. */
export const isWord = (text: string): boolean => text.length <= LONGEST_WORD && WORDS.has(text);

/**
 * The value that go-yaml v2 gives a plain scalar: YAML 1.1 booleans (`yes`, `on`, `y`), octal `0755`, `1_000`, no base 60 numbers.
 * A timestamp stays text, as it does for everything that becomes JSON. Source: recorded behaviour, go-yaml v2.
 */
export function resolveScalar(source: string): Resolved {
  if (source === "<<") return { merge: true };
  const first = source.charCodeAt(0);
  if (!((first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x2b || first === 0x2e)) return isWord(source) ? WORDS.get(source) : undefined;
  if (source.length <= LONGEST_WORD && WORDS.has(source)) return WORDS.get(source);
  // Version 3 alone knows a sign behind `0o`.
  if (readTimestamp(source) !== undefined || source.startsWith("0o-") || source.startsWith("0o+")) return undefined;
  const number = readNumber(source);
  return number === undefined ? undefined : { value: Number(number.value) };
}

/** True when a text, written without quotes, would be read back as that same text. */
export function isPlainText(text: string): boolean {
  const resolved = resolveScalar(text);
  return (resolved === undefined || "merge" in resolved) && !(STARTS_NUMBER.test(text) && (readTimestamp(text) !== undefined || BASE_60.test(text)));
}

const STARTS_NUMBER = /^[-+0-9]/;
