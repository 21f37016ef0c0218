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

const DECIMAL = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const POINT_FIRST = /^\.[0-9]+([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/;

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * The value that go-yaml v2 gives a plain scalar: YAML 1.1 booleans (`yes`, `on`, `y`), octal `0755`, `1_000`, no base 60 numbers.
 * A timestamp stays text, as it does for everything that becomes JSON. Source: recorded behaviour, go-yaml v2.
 */
export function resolveScalar(source: string): Resolved {
  if (source === "<<") return { merge: true };
  if (source === "" || "yYnNtTfFoO~".includes(source.charAt(0))) return WORDS.get(source);
  if (!/^[-+.0-9]/.test(source)) return undefined;
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  if (source.startsWith(".")) return POINT_FIRST.test(source) ? finite(Number(source)) : undefined;
  if (isTimestamp(source)) return undefined;
  return resolveNumber(source.replaceAll("_", ""));
}

/** True when a text, written without quotes, would be read back as that same text. */
export const isPlainText = (text: string): boolean => {
  const resolved = resolveScalar(text);
  return (resolved === undefined || "merge" in resolved) && !isTimestamp(text) && !BASE_60.test(text);
};

function resolveNumber(text: string): Resolved {
  const whole = resolveInteger(text);
  if (whole !== undefined) return { value: whole };
  return DECIMAL.test(text) ? finite(Number(text)) : undefined;
}

function resolveInteger(text: string): number | undefined {
  const parts = INTEGER.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", hex, binary, octal, oldOctal, decimal] = parts;
  const size = BigInt(
    hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : (octal ?? oldOctal) !== undefined ? `0o${octal ?? oldOctal}` : (decimal ?? "0"),
  );
  const value = sign === "-" ? -size : size;
  const fits = value >= MIN_INT64 && value <= (sign === "" ? MAX_UINT64 : -MIN_INT64 - 1n);
  return fits ? Number(value) : undefined;
}

const finite = (value: number): Resolved => (Number.isFinite(value) ? { value } : undefined);

function isTimestamp(text: string): boolean {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return false;
  const number = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4) || number(7), number(5) || number(8), number(6) || number(9)];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
