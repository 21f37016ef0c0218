const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Digits of one base behind its prefix; underscores stand between digits, or between prefix and digit. */
const INTEGER =
  /^([-+]?)(?:0[xX](_?[0-9a-fA-F](?:_?[0-9a-fA-F])*)|0[bB](_?[01](?:_?[01])*)|0[oO](_?[0-7](?:_?[0-7])*)|0(_?[0-7](?:_?[0-7])*)|(0|[1-9](?:_?[0-9])*))$/;

/** The integer of 64 bits that a text means (`12`, `-0x1f`, `0o17`, `017`, `0b11`, `1_000`). Undefined when it is none, or too large. Source: Go strconv.ParseInt, base 0. */
export function parseInteger(text: string): bigint | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = INTEGER.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", hex, binary, octal, oldOctal, decimal = "0"] = parts;
  const size = BigInt(written(hex, binary, octal ?? oldOctal, decimal).replaceAll("_", ""));
  const value = sign === "-" ? -size : size;
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}

function written(hex: string | undefined, binary: string | undefined, octal: string | undefined, decimal: string): string {
  if (hex !== undefined) return `0x${hex}`;
  if (binary !== undefined) return `0b${binary}`;
  return octal === undefined ? decimal : `0o${octal}`;
}

/** No number has more digits; a text of a million of them is no work. */
const LONGEST = 1_000;

const DECIMAL = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
/** Underscores stand between digits. */
const GROUPED = /^[-+]?(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const HEXADECIMAL = /^([-+]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([-+]?[0-9]+)$/;
const INFINITE = /^[-+]?inf(?:inity)?$/i;
const HEX_GROUPS = /^(?:_?[0-9a-fA-F])+$/;

/** The number that a text means; undefined when it means none, or one beyond all numbers. Source: Go strconv.ParseFloat. */
export function parseFloat64(text: string): number | undefined {
  if (DECIMAL.test(text)) return finite(Number(text));
  if (text.includes("_") && GROUPED.test(text)) return finite(Number(text.replaceAll("_", "")));
  if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  return parseHexFloat(text);
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** A power of two at which every number has become infinite or nothing. */
const FAR = 20_000;

function parseHexFloat(text: string): number | undefined {
  const parts = text.length > LONGEST ? null : HEXADECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = parts;
  const digits = (whole + fraction).replaceAll("_", "");
  if (digits === "" || (whole !== "" && !HEX_GROUPS.test(whole)) || (fraction !== "" && !HEX_GROUPS.test(fraction))) return undefined;
  const exponent = Math.max(-FAR, Math.min(FAR, Number(power))) - 4 * fraction.replaceAll("_", "").length;
  const size = scaled(BigInt(`0x${digits}`), exponent);
  return finite(sign === "-" ? -size : size);
}

/** `digits` times two to the power of `exponent`, rounded once. */
function scaled(digits: bigint, exponent: number): number {
  if (exponent >= 0) return Number(digits << BigInt(exponent));
  // As many digits as a decimal fraction needs to be exact.
  return Number(`${digits * 5n ** BigInt(-exponent)}e${exponent}`);
}
