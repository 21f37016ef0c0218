import { GO_ESCAPES } from "../../domain/go-escapes.ts";

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** A byte that is no character, as texts of templates have it; see build/helm/go/bytes.ts. */
export const isLoneByte = (code: number): boolean => code >= 0xdc80 && code <= 0xdcff;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

/** unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  return !isSurrogate(code) && code <= 0x10ffff && PRINTABLE.test(String.fromCodePoint(code));
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** A text in the quotes and escapes of Go's `%q`: strconv.Quote, and QuoteToASCII when `ascii`. */
export function quote(text: string, ascii = false): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let result = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    result += isLoneByte(code) ? `\\x${(code - 0xdc00).toString(16)}` : escaped(code, '"', ascii);
  }
  return `${result}"`;
}

/** strconv.QuoteRune. What is no character is quoted as U+FFFD. */
export function quoteRune(code: number, ascii = false): string {
  return `'${escaped(isSurrogate(code) || code > 0x10ffff ? 0xfffd : code, "'", ascii)}'`;
}

/** The first character of a text as `%q` shows a rune. */
export const quoteCharacter = (text: string): string => quoteRune(text.codePointAt(0) ?? 0);

function escaped(code: number, around: string, ascii: boolean): string {
  if (code === around.charCodeAt(0) || code === 0x5c) return `\\${String.fromCharCode(code)}`;
  if (ascii ? code < 0x80 && isPrint(code) : isPrint(code)) return String.fromCodePoint(code);
  const short = GO_ESCAPES.get(String.fromCharCode(code));
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (isSurrogate(code)) return "\\ufffd";
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** strconv.CanBackquote: whether the text may stand between backquotes as it is. */
export function canBackquote(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isLoneByte(code) || code === 0xfeff || code === 0x60 || code === 0x7f || (code < 0x20 && code !== 9)) return false;
  }
  return true;
}
