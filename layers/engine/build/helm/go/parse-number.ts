/**
 * A whole number as Go's source may write it: 0x, 0o, 0b, a leading 0 for octal, and _ between digits. Of any size: who has limits looks at them.
 * Undefined when it is none. Source: strconv.ParseInt with base 0.
 */
export function parseInteger(text: string): bigint | undefined {
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (!hasGoodUnderscores(rest)) return undefined;
  const digits = rest.replaceAll("_", "");
  const size = magnitude(digits);
  if (size === undefined) return undefined;
  return sign === "-" ? -size : size;
}

function magnitude(digits: string): bigint | undefined {
  if (/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0|[1-9][0-9]*)$/.test(digits)) return BigInt(digits);
  return /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : undefined;
}

/** An underscore stands between two digits, or between the prefix and a digit. */
function hasGoodUnderscores(digits: string): boolean {
  if (!digits.includes("_")) return true;
  return /^(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO](_?[0-7])+|[0-9](_?[0-9])*)$/.test(digits);
}

const DECIMAL = /^[+-]?([0-9](_?[0-9])*\.?([0-9](_?[0-9])*)?|\.[0-9](_?[0-9])*)([eE][+-]?[0-9](_?[0-9])*)?$/;

/** A float64 as Go's source may write it, hexadecimal ones included; undefined when it is none or too large. Source: strconv.ParseFloat. */
export function parseFloat64(text: string): number | undefined {
  const hex = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9]+)$/.exec(text);
  if (hex !== null) return finite(hexFloat(hex));
  if (!DECIMAL.test(text)) return undefined;
  return finite(Number(text.replaceAll("_", "")));
}

const finite = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) ? value : undefined);

function hexFloat([, sign = "", whole = "", fraction = "", exponent = "0"]: readonly string[]): number | undefined {
  const digits = (whole + fraction).replaceAll("_", "");
  if (digits === "" || /__|^_|_$/.test(fraction) || /__|_$/.test(whole)) return undefined;
  const size = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.replaceAll("_", "").length);
  return sign === "-" ? -size : size;
}
