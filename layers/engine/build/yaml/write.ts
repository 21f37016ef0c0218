import { isList, isMap, isScalar, type Node, type NodeMap, VALUE } from "../kustomize/node/node.ts";
import { byKey } from "./key-order.ts";
import { writeNumber } from "./number.ts";
import { isPlainText } from "./scalar.ts";

const WIDTH = 80;
const SHORTEST_LONG_KEY = 129;
const BREAK = /[\n\r\u0085\u2028\u2029]/u;

/**
 * The text that `sigs.k8s.io/yaml` writes for a value: keys sorted, lists not indented below their key, text folded at the first space
 * behind column 80. Variables are substituted in this very text and the history digest is over it, so it is the same to the byte.
 * Source: go-yaml v2, recordings.
 */
export function writeYaml(value: Node): string {
  const lines: string[] = [];
  writeNode(value, { lines, indent: 0, afterDash: false }, "");
  return `${lines.join("\n")}\n`;
}

/** `afterDash`: what comes next stands on the line of a `-` (or `:` of a long key) and `indent` is already that of its inside. */
type Place = { readonly lines: string[]; readonly indent: number; readonly afterDash: boolean };

/** Where a scalar begins, and how far its further lines are indented; a key may not be folded. */
type Spot = { readonly column: number; readonly pad: string; readonly isKey: boolean };

const spotBehind = (lead: string, indent: number, isKey: boolean): Spot => ({ column: [...lead].length, pad: " ".repeat(indent + 2), isKey });

/** Writes `value` behind `lead`, which is what already stands on its first line (`key:`, `-`, nothing at all). */
function writeNode(value: Node, place: Place, lead: string): void {
  if (isList(value) && value.length > 0) writeList(value, place, lead);
  else if (isMap(value) && Object.keys(value).length > 0) writeMap(value, place, lead);
  else writeScalar(value, place, lead === "" ? "" : `${lead} `);
}

function writeScalar(value: Node, place: Place, before: string): void {
  place.lines.push(before + scalarText(value, spotBehind(before, place.afterDash ? place.indent - 2 : place.indent, false)));
}

function writeList(items: readonly Node[], place: Place, lead: string): void {
  // Behind a dash the list begins on the same line, below a key it stands at the indent of the key.
  if (lead !== "" && !place.afterDash) place.lines.push(lead);
  const pad = " ".repeat(place.indent);
  for (const [index, item] of items.entries()) {
    const before = place.afterDash && index === 0 ? `${lead} ` : pad;
    writeNode(item, { lines: place.lines, indent: place.indent + 2, afterDash: true }, `${before}-`);
  }
}

function writeMap(map: NodeMap, place: Place, lead: string): void {
  const opensLine = lead !== "" && !place.afterDash;
  if (opensLine) place.lines.push(lead);
  const indent = opensLine ? place.indent + 2 : place.indent;
  const pad = " ".repeat(indent);
  for (const [index, key] of Object.keys(map).toSorted(byKey).entries()) {
    const before = place.afterDash && index === 0 ? `${lead} ` : pad;
    writePair(key, map[key] ?? null, { lines: place.lines, indent, afterDash: false }, before);
  }
}

function writePair(key: string, value: Node, place: Place, before: string): void {
  if (isSimpleKey(key)) {
    writeNode(value, place, `${before}${scalarText(key, spotBehind(before, place.indent, true))}:`);
    return;
  }
  place.lines.push(`${before}? ${scalarText(key, spotBehind(`${before}? `, place.indent, false))}`);
  writeNode(value, { lines: place.lines, indent: place.indent + 2, afterDash: true }, `${" ".repeat(place.indent)}:`);
}

/** A key that is too long or has a line break is written in the form `? key`. */
const isSimpleKey = (key: string): boolean => !BREAK.test(key) && new TextEncoder().encode(key).length < SHORTEST_LONG_KEY;

function scalarText(value: Node | bigint, spot: Spot): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return textOf(value, spot);
  if (isScalar(value)) return scalarText(value[VALUE], spot);
  return isList(value) ? "[]" : "{}";
}

function textOf(text: string, spot: Spot): string {
  const shape = shapeOf(text);
  if (text.includes("\n")) return shape.block && !spot.isKey ? literal(text, spot.pad) : doubleQuoted(text, spot);
  if (!isPlainText(text)) return doubleQuoted(text, spot);
  if (shape.plain) return folded([...text], spot);
  return shape.single ? `'${folded(singleQuoted(text), { ...spot, column: spot.column + 1 })}'` : doubleQuoted(text, spot);
}

const singleQuoted = (text: string): readonly string[] => [...text].map((character) => (character === "'" ? "''" : character));

/** `pieces` on one line up to the first single space behind the width, on which the next line begins. */
function folded(pieces: readonly string[], spot: Spot): string {
  let column = spot.column;
  let out = "";
  for (const [index, piece] of pieces.entries()) {
    const inner = index > 0 && index < pieces.length - 1;
    const alone = piece === " " && pieces[index - 1] !== " " && pieces[index + 1] !== " ";
    const fold = alone && inner && !spot.isKey && column > WIDTH;
    out += fold ? `\n${spot.pad}` : piece;
    column = fold ? spot.pad.length : column + piece.length;
  }
  return out;
}

type Shape = { readonly plain: boolean; readonly single: boolean; readonly block: boolean };

const FIRST_INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[?:-](?:[ \t\n\r\u0085\u2028\u2029]|$))/u;
const INNER_INDICATOR = /:(?:[ \t]|$)|[ \t\n\r\u0085\u2028\u2029]#/u;
/** Tabs, control characters, the byte order mark and everything outside of the basic plane are only written as escapes. */
const SPECIAL = /[^\n\u0020-\u007e\u00a0-\ufefe\uff00-\ufffd]|[\ud800-\udfff]/;

/** Which of the styles can carry `text` unharmed. */
function shapeOf(text: string): Shape {
  const spaceBeforeBreak = / [\n\r\u0085\u2028\u2029]/u.test(text);
  const spaceAfterBreak = /[\n\r\u0085\u2028\u2029] /u.test(text);
  const edges = /^[ \n\u2028\u2029]|[ \n\u2028\u2029]$/u.test(text);
  const special = spaceBeforeBreak || SPECIAL.test(text);
  const indicated = FIRST_INDICATOR.test(text) || INNER_INDICATOR.test(text);
  return {
    plain: !special && !edges && !indicated && !BREAK.test(text),
    single: !special && !spaceAfterBreak,
    block: !special && !text.endsWith(" "),
  };
}

function literal(text: string, pad: string): string {
  const hint = /^[ \n\u2028\u2029]/u.test(text) ? "2" : "";
  const ends = /[\n\u2028\u2029]$/u.test(text);
  const keep = ends && (text.length === 1 || /[\n\u2028\u2029]$/u.test(text.slice(0, -1)));
  const body = (ends ? text.slice(0, -1) : text).split("\n").map((line) => (line === "" ? "" : `${pad}${line}`));
  return [`|${hint}${keep ? "+" : ends ? "" : "-"}`, ...body].join("\n");
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

function doubleQuoted(text: string, spot: Spot): string {
  const marked = text.startsWith("\ufeff");
  const pieces = [...text].map((character) => quotedCharacter(character, marked));
  let column = spot.column + 1;
  let out = "";
  for (const [index, piece] of pieces.entries()) {
    const inner = index > 0 && index < pieces.length - 1;
    const fold = piece === " " && pieces[index - 1] !== " " && inner && !spot.isKey && column > WIDTH;
    // The space at which a line ends is the line break; a further one would be lost without its backslash.
    const next = fold ? `\n${spot.pad}${pieces[index + 1] === " " ? "\\" : ""}` : piece;
    out += next;
    column = fold ? next.length - 1 : column + [...next].length;
  }
  return `"${out}"`;
}

function quotedCharacter(character: string, marked: boolean): string {
  const code = character.codePointAt(0) ?? 0;
  const plain = !SPECIAL.test(character) && !BREAK.test(character) && character !== '"' && character !== "\\";
  if (plain && !marked) return character;
  const short = SHORT_ESCAPES.get(code);
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
