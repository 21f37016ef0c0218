import { isPlainText, isWord } from "./scalar.ts";

const BREAK = /[\n\r\u0085\u2028\u2029]/;

/** Where a text begins, and how far what contains it is indented; a key may not be folded. */
export type Spot = { readonly column: number; readonly indent: number; readonly isKey: boolean; readonly width?: number };

/** The column behind which go-yaml v2 goes on in the next line. */
const WIDTH = 80;

/** Letters, digits and signs that mean nothing: the form of nearly all names, paths and images. */
const SIMPLE = /^[A-Za-z_/][A-Za-z0-9_/.-]*(?::[A-Za-z0-9_/.-]+)*$/;

/** A text as go-yaml v2 writes it: without quotes if it can be, in a block if it has several lines. */
export function writeText(text: string, spot: Spot): string {
  if (SIMPLE.test(text)) return isWord(text) ? `"${text}"` : text;
  const shape = shapeOf(text);
  if (text.includes("\n")) return shape.block && !spot.isKey ? literal(text, padOf(spot)) : doubleQuoted(text, spot);
  if (!isPlainText(text)) return doubleQuoted(text, spot);
  if (shape.plain) return folded(text, spot);
  return shape.single ? `'${folded(singleQuoted(text, spot), { ...spot, column: spot.column + 1 })}'` : doubleQuoted(text, spot);
}

/** Further lines of a text are indented deeper than what contains it. */
const padOf = (spot: Spot): string => " ".repeat(spot.indent + 2);

/** A separator of lines or paragraphs stays what it is; the next line begins with the indentation. */
function singleQuoted(text: string, spot: Spot): string {
  const doubled = text.includes("'") ? text.replaceAll("'", "''") : text;
  return BREAK.test(doubled) ? doubled.replaceAll(/(?<=[\u2028\u2029])(?=[^ \u2028\u2029])/g, padOf(spot)) : doubled;
}

/** On one line up to the first single space behind the width, on which the next line begins. */
function folded(text: string, spot: Spot): string {
  if (spot.isKey || spot.column + text.length <= (spot.width ?? WIDTH)) return text;
  const pad = padOf(spot);
  const width = spot.width ?? WIDTH;
  let column = spot.column;
  let out = "";
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 && column > width && at > 0 && at < text.length - 1 && text.charCodeAt(at - 1) !== 0x20 && text.charCodeAt(at + 1) !== 0x20) {
      out += `${text.slice(start, at)}\n${pad}`;
      start = at + 1;
      column = pad.length;
    } else column = code === 0x2028 || code === 0x2029 ? 0 : column + 1;
  }
  return out + text.slice(start);
}

type Shape = { readonly plain: boolean; readonly single: boolean; readonly block: boolean };

const FIRST_INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[?:-](?:[ \t\n\r\u0085\u2028\u2029]|$))/;
const INNER_INDICATOR = /:(?:[ \t]|$)|[ \t\n\r\u0085\u2028\u2029]#/;
/** Tabs, control characters, the byte order mark and everything outside of the basic plane are only written as escapes. */
const SPECIAL = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const EDGES = /^[ \n\u2028\u2029]|[ \n\u2028\u2029]$/;
const SPACE_BREAK = / [\n\r\u0085\u2028\u2029]/;
const BREAK_SPACE = /[\n\r\u0085\u2028\u2029] /;

/** True for a text that nobody can write without quotes: it begins like something else, has a comment or a key in it, or a space at its end. */
export const hasIndicator = (text: string): boolean => EDGES.test(text) || FIRST_INDICATOR.test(text) || INNER_INDICATOR.test(text);

/** Which of the styles can carry `text` unharmed. */
function shapeOf(text: string): Shape {
  const breaks = BREAK.test(text);
  const special = SPECIAL.test(text) || (breaks && SPACE_BREAK.test(text));
  return {
    plain: !special && !breaks && !EDGES.test(text) && !FIRST_INDICATOR.test(text) && !INNER_INDICATOR.test(text),
    single: !special && !(breaks && BREAK_SPACE.test(text)),
    block: !special && !text.endsWith(" "),
  };
}

function literal(text: string, pad: string): string {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? "2" : "";
  const ends = /[\n\u2028\u2029]$/.test(text);
  const keep = ends && (text.length === 1 || /[\n\u2028\u2029]$/.test(text.slice(0, -1)));
  // Every line that is not empty is indented, those behind U+2028 and U+2029 as well.
  const body = text.replaceAll(/(?<=^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g, pad);
  return `|${hint}${keep ? "+" : ends ? "" : "-"}\n${ends && text.endsWith("\n") ? body.slice(0, -1) : body}`;
}

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

/** What needs no escape between double quotes. */
const UNESCAPED = /^[ !#-[\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

function doubleQuoted(text: string, spot: Spot): string {
  if (UNESCAPED.test(text) && (spot.isKey || spot.column + 1 + text.length <= (spot.width ?? WIDTH))) return `"${text}"`;
  const marked = text.startsWith("\ufeff");
  const pad = padOf(spot);
  const width = spot.width ?? WIDTH;
  const characters = [...text];
  let column = spot.column + 1;
  let out = "";
  for (const [index, character] of characters.entries()) {
    const inner = index > 0 && index < characters.length - 1;
    const fold = character === " " && !marked && characters[index - 1] !== " " && inner && !spot.isKey && column > width;
    // The space at which a line ends is the line break; a further one would be lost without its backslash.
    const next = fold ? `\n${pad}${characters[index + 1] === " " ? "\\" : ""}` : quotedCharacter(character, marked);
    out += next;
    column = fold ? next.length - 1 : column + next.length;
  }
  return `"${out}"`;
}

function quotedCharacter(character: string, marked: boolean): string {
  if (!marked && UNESCAPED.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const short = SHORT_ESCAPES.get(code);
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
