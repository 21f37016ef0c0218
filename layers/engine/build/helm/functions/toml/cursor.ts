import { quote, quoteRune } from "../../../text/quote.ts";
import { keyText } from "./key-text.ts";

/** Why a text is no TOML, in the words of BurntSushi/toml. */
export class TomlProblem extends Error {}

/** Where reading has got to. `context` is the table that is written to, `key` the key that is being given a value: problems name both. */
export type Cursor = {
  readonly text: string;
  at: number;
  line: number;
  context: readonly string[];
  key: string;
};

export const createCursor = (text: string): Cursor => ({ text, at: 0, line: 1, context: [], key: "" });

/** What stands behind the text. */
export const END = "";

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
const CONTROL = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** The next character; what TOML does not allow at all is a problem already when it is looked at. Source: lex.go, next. */
export function peek(cursor: Cursor): string {
  const code = cursor.text.codePointAt(cursor.at);
  if (code === undefined) return END;
  if (code >= 0xdc80 && code <= 0xdcff) throw problemAt(cursor, cursor.line, `invalid UTF-8 byte: 0x${(code - 0xdc00).toString(16)}`);
  const character = String.fromCodePoint(code);
  if (CONTROL.test(character) || (character === "\r" && cursor.text[cursor.at + 1] !== "\n")) {
    throw problemAt(cursor, cursor.line, `TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, "0")}'`);
  }
  return character;
}

export function take(cursor: Cursor): string {
  const next = peek(cursor);
  cursor.at += next.length;
  if (next === "\n") cursor.line++;
  return next;
}

/** Whether `wanted` is next; it is taken then. */
export function accept(cursor: Cursor, wanted: string): boolean {
  if (peek(cursor) !== wanted) return false;
  take(cursor);
  return true;
}

/** All that `belongs`. */
export function takeWhile(cursor: Cursor, belongs: (character: string) => boolean): string {
  const start = cursor.at;
  for (let next = peek(cursor); next !== END && belongs(next); next = peek(cursor)) take(cursor);
  return cursor.text.slice(start, cursor.at);
}

export const isBlank = (character: string): boolean => character === " " || character === "\t";
export const isBreak = (character: string): boolean => character === "\n" || character === "\r";
export const skipBlanks = (cursor: Cursor): string => takeWhile(cursor, isBlank);

/** A character as Go's %q shows it; the end of the text is a NUL. */
export const shown = (character: string): string => quoteRune(character === END ? 0 : (character.codePointAt(0) ?? 0));

/** A problem with the character that is next. */
export const problemHere = (cursor: Cursor, message: string): TomlProblem => problemAt(cursor, cursor.line, message);

/** A problem with the character that was `taken`; at the end of a text that ends with a line break it is one of the last line. Source: lex.go, errorf. */
export function problemWith(cursor: Cursor, taken: string, message: string): TomlProblem {
  const isBelow = taken === END && cursor.text[cursor.at - 1] === "\n";
  return problemAt(cursor, cursor.line - (isBelow ? 1 : 0), message);
}

export function problemAt(cursor: Cursor, line: number, message: string): TomlProblem {
  const last = lastKey(cursor);
  return new TomlProblem(`toml: line ${line}${last === "" ? "" : ` (last key ${quote(last)})`}: ${message}`);
}

function lastKey({ context, key }: Cursor): string {
  if (key === "") return keyText(context);
  return context.length === 0 ? key : `${keyText(context)}.${key}`;
}
