import { bytesOf, stringOf } from "./bytes.ts";

/** strconv.Unquote of text between double or back quotes; undefined where Go says `invalid syntax`. */
export function unquote(quoted: string): string | undefined {
  const body = quoted.slice(1, -1);
  if (quoted[0] === "`") return body.replaceAll("\r", "");
  if (!body.includes("\\")) return /["\n]/.test(body) ? undefined : body;
  let text = "";
  let hasBytes = false;
  for (let at = 0; at < body.length; ) {
    const character = readCharacter(body, at, '"');
    if (character === undefined) return undefined;
    text += character.isByte && character.code >= 0x80 ? String.fromCharCode(0xdc00 + character.code) : String.fromCodePoint(character.code);
    hasBytes ||= character.isByte;
    at = character.next;
  }
  return hasBytes ? stringOf(bytesOf(text)) : text;
}

/** `isByte`: written as \xff or \377, which is a byte of the string and no character. */
export type QuotedCharacter = { readonly code: number; readonly isByte: boolean; readonly next: number };

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** strconv.UnquoteChar: the character that begins at `at`, between quotes of the kind `around`. */
export function readCharacter(text: string, at: number, around: '"' | "'"): QuotedCharacter | undefined {
  const code = text.codePointAt(at);
  if (code === undefined || text[at] === around) return undefined;
  if (code !== 0x5c) return { code, isByte: false, next: at + (code > 0xffff ? 2 : 1) };
  const letter = text[at + 1] ?? "";
  const simple = ESCAPES[letter];
  if (simple !== undefined) return { code: simple, isByte: false, next: at + 2 };
  if (letter === around) return { code: around.charCodeAt(0), isByte: false, next: at + 2 };
  if (letter === "x") return fromDigits(text, at + 2, 2, 16);
  if (letter === "u") return fromDigits(text, at + 2, 4, 16);
  if (letter === "U") return fromDigits(text, at + 2, 8, 16);
  return letter >= "0" && letter <= "7" ? fromDigits(text, at + 1, 3, 8) : undefined;
}

function fromDigits(text: string, at: number, count: number, base: 8 | 16): QuotedCharacter | undefined {
  const digits = text.slice(at, at + count);
  if (digits.length !== count || !(base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits)) return undefined;
  const code = Number.parseInt(digits, base);
  const isByte = count < 4;
  if (isByte ? code > 255 : code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { code, isByte, next: at + count };
}
