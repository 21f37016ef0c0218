import { isPrint, quoteRune } from "../../text/quote.ts";
import { type Flags, padded, paddedWithSpaces, padding } from "./format-flags.ts";
import { type FloatFormat, formatFloat } from "./format-float.ts";

const MAX_RUNE = 0x10ffffn;

/** An integer for `verb`; undefined when it has no such verb. A negative one of an unsigned type does not exist. */
export function formatInteger(value: bigint, isSigned: boolean, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV && !isSigned ? digitsOf(value, 16, verb, { ...flags, sharp: true }) : digitsOf(value, 10, verb, flags);
    case "d":
      return digitsOf(value, 10, verb, flags);
    case "b":
      return digitsOf(value, 2, verb, flags);
    case "o":
    case "O":
      return digitsOf(value, 8, verb, flags);
    case "x":
    case "X":
      return digitsOf(value, 16, verb, flags);
    case "c":
      return padded(String.fromCodePoint(runeOf(value)), flags);
    case "q":
      return padded(quoteRune(runeOf(value), flags.plus), flags);
    case "U":
      return paddedWithSpaces(unicode(BigInt.asUintN(64, value), flags), flags);
    default:
      return undefined;
  }
}

function runeOf(value: bigint): number {
  const isRune = value >= 0n && value <= MAX_RUNE && !(value >= 0xd800n && value <= 0xdfffn);
  return isRune ? Number(value) : 0xfffd;
}

function unicode(value: bigint, flags: Flags): string {
  const digits = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 4), "0");
  const shown = flags.sharp && value <= MAX_RUNE && isPrint(Number(value)) ? ` '${String.fromCodePoint(Number(value))}'` : "";
  return `U+${digits}${shown}`;
}

/** Zeros come from the precision, or else from the flag 0 and the width; the sign and 0x stand before them. */
export function digitsOf(value: bigint, base: 2 | 8 | 10 | 16, verb: string, flags: Flags): string {
  const negative = value < 0n;
  if (flags.precision === 0 && value === 0n) return padding(flags.width ?? 0, { ...flags, zero: false });
  let least = flags.precision ?? 0;
  if (flags.precision === undefined && flags.zero && !flags.minus && flags.width !== undefined) {
    least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  let digits = (negative ? -value : value).toString(base).padStart(least, "0");
  if (flags.sharp) {
    if (base === 2) digits = `0b${digits}`;
    if (base === 8 && digits[0] !== "0") digits = `0${digits}`;
    if (base === 16) digits = `0x${digits}`;
  }
  if (verb === "X") digits = digits.toUpperCase();
  if (verb === "O") digits = `0o${digits}`;
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  return paddedWithSpaces(sign + digits, flags);
}

/** A float64 for `verb`; undefined when it has no such verb. */
export function formatFloatVerb(value: number, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case "v":
      return floatWithFlags(value, "g", verb, -1, flags);
    case "b":
    case "g":
    case "G":
    case "x":
    case "X":
      return floatWithFlags(value, verb, verb, -1, flags);
    case "e":
    case "E":
    case "f":
      return floatWithFlags(value, verb, verb, 6, flags);
    case "F":
      return floatWithFlags(value, "f", "f", 6, flags);
    default:
      return undefined;
  }
}

function floatWithFlags(value: number, format: FloatFormat, verb: string, usual: number, flags: Flags): string {
  const precision = flags.precision ?? usual;
  const text = formatFloat(value, format, precision);
  const hasSign = text[0] === "-" || text[0] === "+";
  let sign: string = hasSign ? (text[0] ?? "") : "+";
  let number: string = hasSign ? text.slice(1) : text;
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  if (number === "Inf" || number === "NaN") {
    const bare = number === "NaN" && !flags.space && !flags.plus;
    return paddedWithSpaces(bare ? number : sign + number, flags);
  }
  if (flags.sharp && format !== "b") number = withPoint(number, verb, precision);
  if (!flags.plus && sign === "+") return padded(number, flags);
  // Zeros go between the sign and the number.
  if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > number.length + 1) {
    return sign + padding(flags.width - number.length - 1, flags) + number;
  }
  return padded(sign + number, flags);
}

/** %#g: always a point, and the zeros that %g takes away. */
function withPoint(number: string, verb: string, precision: number): string {
  const isHex = verb === "x" || verb === "X";
  const at = number.search(isHex ? /[pP]/ : /[eE]/);
  const body = at < 0 ? number : number.slice(0, at);
  const tail = at < 0 ? "" : number.slice(at);
  let digits = verb === "v" || verb === "g" || verb === "G" || verb === "x" ? (precision < 0 ? 6 : precision) : 0;
  const significant = body.replace(".", "").replace(/^0+/, "");
  digits -= significant.length;
  let result = body;
  if (!body.includes(".")) {
    if (body === "0") digits--;
    result += ".";
  }
  return result + "0".repeat(Math.max(digits, 0)) + tail;
}
