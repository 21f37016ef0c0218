import { quote } from "../../../text/quote.ts";
import { accept, type Cursor, END, isBreak, peek, problemAt, problemWith, take } from "./cursor.ts";

/** A text as it is written, behind its opening quotes. `escapes`: whether there are any to be replaced. */
export type Written = { readonly text: string; readonly escapes: boolean; readonly line: number };

/** Behind one quote; the closing one is taken. Source: lex.go, lexString and lexRawString. */
export function scanLine(cursor: Cursor, mark: '"' | "'"): Written {
  const start = cursor.at;
  let escapes = false;
  for (;;) {
    const next = take(cursor);
    if (next === END) throw problemWith(cursor, next, mark === '"' ? `unexpected EOF; expected '"'` : `unexpected EOF; expected "'"`);
    if (isBreak(next)) throw problemAt(cursor, cursor.line - 1, "strings cannot contain newlines");
    if (next === mark) return { text: cursor.text.slice(start, cursor.at - 1), escapes, line: cursor.line };
    if (next !== "\\" || mark === "'") continue;
    escapes = true;
    scanEscape(cursor, start);
  }
}

/** Behind three quotes; the closing ones are taken. Up to two more may stand before those. */
export function scanBlock(cursor: Cursor, mark: '"' | "'"): Written {
  const start = cursor.at;
  const closing = mark.repeat(3);
  for (;;) {
    const next = take(cursor);
    if (next === END) throw problemWith(cursor, next, mark === '"' ? `unexpected EOF; expected '"""'` : `unexpected EOF; expected "'''"`);
    if (next === "\\" && mark === '"') {
      if (isBreak(peek(cursor))) take(cursor);
      else scanEscape(cursor, start);
    }
    if (next !== mark || !cursor.text.startsWith(closing, cursor.at - 1)) continue;
    cursor.at += 2;
    const read = cursor.text.slice(start, cursor.at);
    if (peek(cursor) !== mark) return { text: read.slice(0, -3), escapes: mark === '"', line: cursor.line };
    if (read.endsWith(mark.repeat(5)) && !(mark === '"' && read.endsWith('\\"""""'))) {
      throw problemWith(cursor, mark, mark === '"' ? `unexpected '""""""'` : `unexpected "''''''"`);
    }
    // One of the quotes belongs to the text.
    cursor.at -= 2;
  }
}

const SIMPLE = 'ebtnfr" \t\\';
const DIGITS: ReadonlyMap<string, readonly [count: number, name: string]> = new Map([
  ["x", [2, "two"]],
  ["u", [4, "four"]],
  ["U", [8, "eight"]],
]);

/** What follows a backslash must be an escape. */
function scanEscape(cursor: Cursor, start: number): void {
  const next = take(cursor);
  if (next !== END && SIMPLE.includes(next)) return;
  const [count, name] = DIGITS.get(next) ?? [0, ""];
  if (count === 0) {
    const line = cursor.line - (next === END ? 1 : 0);
    throw problemAt(cursor, line, `invalid escape in string '\\${next === END ? "\0" : next}'`);
  }
  for (let digit = 0; digit < count; digit++) {
    const hex = take(cursor);
    if (/^[0-9a-fA-F]$/.test(hex)) continue;
    throw problemWith(cursor, hex, `expected ${name} hexadecimal digits after '\\${next}', but got ${quote(cursor.text.slice(start, cursor.at))} instead`);
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  ['"', '"'],
  ["\\", "\\"],
]);

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/** A line break behind a backslash, with all blanks around it, is nothing. */
const JOINED = /\\(?:\\|[ \t\r]*\n[ \t\r\n]*)/g;

/** What a text between three quotes says, before its escapes are replaced. */
export const joinLines = (text: string): string => withoutFirstBreak(text).replaceAll(JOINED, (found) => (found === "\\\\" ? found : ""));
export const withoutFirstBreak = (text: string): string => text.replace(/^\r?\n/, "");

export function replaceEscapes(cursor: Cursor, text: string, line: number): string {
  return text.replaceAll(ESCAPE, (_, two: string | undefined, four: string | undefined, eight: string | undefined, letter: string | undefined) => {
    const hex = two ?? four ?? eight;
    if (hex === undefined) {
      const meant = ESCAPES.get(letter ?? "");
      if (meant === undefined) throw problemAt(cursor, line, `invalid escape: '\\${letter ?? ""}'`);
      return meant;
    }
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw problemAt(cursor, line, `Escaped character '\\u${hex}' is not valid UTF-8.`);
    return String.fromCodePoint(code);
  });
}

/** Whether three quotes begin here; they are taken then, and else one. */
export function opensBlock(cursor: Cursor, mark: '"' | "'"): boolean {
  take(cursor);
  if (!cursor.text.startsWith(mark.repeat(2), cursor.at)) return false;
  accept(cursor, mark);
  accept(cursor, mark);
  return true;
}
