import { trimSpace } from "../../../text/trim-space.ts";
import { accept, type Cursor, END, peek, problemWith, shown, take, takeWhile } from "./cursor.ts";

export type NumberToken = { readonly kind: "integer" | "float" | "time"; readonly text: string; readonly line: number };

const isDigit = (character: string): boolean => character >= "0" && character <= "9" && character.length === 1;
const isFloatPart = (character: string): boolean => isDigit(character) || "_.-+eE".includes(character);
const isTimePart = (character: string): boolean => isDigit(character) || "-:Tt .Zz+".includes(character);

type Base = { readonly name: string; readonly digit: RegExp };
const BASES: ReadonlyMap<string, Base> = new Map([
  ["b", { name: "a binary", digit: /^[01]$/ }],
  ["o", { name: "an octal", digit: /^[0-7]$/ }],
  ["x", { name: "a hexadecimal", digit: /^[0-9a-fA-F]$/ }],
]);

/** Begins with a digit. What it is is seen while it is read; whether it is right, later. Source: lex.go, lexNumberOrDateStart. */
export function scanNumberOrTime(cursor: Cursor): NumberToken {
  const start = cursor.at;
  if (take(cursor) === "0") {
    const base = BASES.get(peek(cursor));
    if (base !== undefined) return scanBase(cursor, start, base);
    if (!isDigit(peek(cursor))) return scanDecimal(cursor, start);
  }
  takeWhile(cursor, isDigit);
  const next = peek(cursor);
  if (next !== "-" && next !== ":") return scanDecimal(cursor, start);
  takeWhile(cursor, isTimePart);
  return { kind: "time", text: trimSpace(cursor.text.slice(start, cursor.at)), line: cursor.line };
}

function scanBase(cursor: Cursor, start: number, { name, digit }: Base): NumberToken {
  take(cursor);
  const next = peek(cursor);
  if (!digit.test(next)) throw problemWith(cursor, "0", `not ${name} number: '${cursor.text.slice(start, cursor.at)}${next === END ? "\0" : next}'`);
  takeWhile(cursor, (character) => digit.test(character) || character === "_");
  return token("integer", cursor, start);
}

/** The rest of a number, behind a digit. */
function scanDecimal(cursor: Cursor, start: number): NumberToken {
  takeWhile(cursor, (character) => isDigit(character) || character === "_");
  const next = peek(cursor);
  if (next === END || !".eE".includes(next)) return token("integer", cursor, start);
  takeWhile(cursor, isFloatPart);
  return token("float", cursor, start);
}

const token = (kind: NumberToken["kind"], cursor: Cursor, start: number): NumberToken => ({
  kind,
  text: cursor.text.slice(start, cursor.at),
  line: cursor.line,
});

export const NO_POINT_FIRST = "floats must start with a digit, not '.'";

/** Begins with a sign. Source: lex.go, lexDecimalNumberStart. */
export function scanSigned(cursor: Cursor): NumberToken {
  const start = cursor.at;
  take(cursor);
  const next = take(cursor);
  const read = (): string => cursor.text.slice(start, cursor.at);
  if (next === "i" || next === "n") {
    for (const letter of next === "i" ? "nf" : "an") if (!accept(cursor, letter)) throw problemWith(cursor, "i", `invalid float: '${read()}'`);
    return token("float", cursor, start);
  }
  const base = next === "0" ? peek(cursor) : END;
  if (BASES.has(base)) throw problemWith(cursor, next, `cannot use sign with non-decimal numbers: '${read()}${base}'`);
  if (next === ".") throw problemWith(cursor, next, NO_POINT_FIRST);
  if (!isDigit(next)) throw problemWith(cursor, next, `expected a digit but got ${shown(next)}`);
  return scanDecimal(cursor, start);
}
