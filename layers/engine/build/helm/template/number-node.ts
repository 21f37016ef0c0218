import { quote } from "../../text/quote.ts";
import { parseFloat64, parseInteger } from "../go/parse-number.ts";
import { readCharacter } from "../go/unquote.ts";

/**
 * A number in a template has no type until something asks for one: `3` fits a parameter of int and of float64, `1e3` fits an int as well, `0x10` is no float.
 * What it is where nothing asks is `constantOf` in arguments.ts.
 */
export type NumberNode = {
  readonly kind: "number";
  readonly at: number;
  readonly text: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly re: number; readonly im: number };
};

const INT_MIN = -(1n << 63n);
const INT_MAX = (1n << 63n) - 1n;
const UINT_MAX = (1n << 64n) - 1n;

/** A number, or what is wrong with it. Source: text/template/parse, newNumber. */
export function parseNumber(at: number, text: string, kind: "number" | "complex" | "charConstant"): NumberNode | string {
  const base = { kind: "number", at, text } as const;
  if (kind === "charConstant") {
    const character = readCharacter(text, 1, "'");
    if (character === undefined) return "invalid syntax";
    if (text.slice(character.next) !== "'") return `malformed character constant: ${text}`;
    return { ...base, int: BigInt(character.code), uint: BigInt(character.code), float: character.code };
  }
  if (kind === "complex") {
    const at = Math.max(text.lastIndexOf("+"), text.lastIndexOf("-"));
    const split = /[eEpP]/.test(text[at - 1] ?? "") ? Math.max(text.lastIndexOf("+", at - 1), text.lastIndexOf("-", at - 1)) : at;
    const re = parseFloat64(text.slice(0, split));
    const im = parseFloat64(text.slice(split, -1));
    return re === undefined || im === undefined ? "syntax error scanning complex number" : { ...base, ...complexOf(re, im) };
  }
  if (text.endsWith("i")) {
    const im = parseFloat64(text.slice(0, -1));
    if (im !== undefined) return { ...base, ...complexOf(0, im) };
  }
  const whole = parseInteger(text);
  if (whole !== undefined) return wholeNumber(base, whole, text);
  const float = parseFloat64(text);
  if (float === undefined) return `illegal number syntax: ${quote(text)}`;
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`;
  return { ...base, float, ...integersOf(float) };
}

function wholeNumber(base: { readonly kind: "number"; readonly at: number; readonly text: string }, whole: bigint, text: string): NumberNode | string {
  // Go's ParseUint knows no sign.
  const isUint = whole <= UINT_MAX && (whole === 0n || (whole > 0n && !text.startsWith("+")));
  const isInt = whole >= INT_MIN && whole <= INT_MAX;
  if (!isInt && !isUint) return parseFloat64(text) === undefined ? `illegal number syntax: ${quote(text)}` : `integer overflow: ${quote(text)}`;
  return { ...base, ...(isInt && { int: whole }), ...(isUint && { uint: whole }), float: Number(whole) };
}

const complexOf = (re: number, im: number): Partial<NumberNode> => ({ complex: { re, im }, ...(im === 0 && { float: re, ...integersOf(re) }) });

function integersOf(float: number): Partial<NumberNode> {
  if (!Number.isInteger(float)) return {};
  const whole = BigInt(float);
  return { ...(whole >= INT_MIN && whole <= INT_MAX && { int: whole }), ...(whole >= 0n && whole <= UINT_MAX && { uint: whole }) };
}
