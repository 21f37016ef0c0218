import { isList, isMap, isScalar, type Node, type NodeMap, TEXT, VALUE } from "../node/node.ts";
import { spend } from "../work.ts";
import { byKey } from "./key-order.ts";
import { writeNumber } from "./number.ts";
import { writeText } from "./write-text.ts";

/** Longer keys, and those with line breaks, are written in the form `? key`. */
const LONGEST_KEY = 128;
const BREAK = /[\n\r\u0085\u2028\u2029]/;

/** `width`: the column behind which a text goes on in the next line. `scalars`: a scalar that keeps the text it was written with is written by its value, or by that text. `order`: of keys; go-yaml's own where there is none. */
export type Writing = { readonly width: number; readonly scalars: "value" | "text"; readonly order?: (a: string, b: string) => number };

export const AS_GO_WRITES: Writing = { width: 80, scalars: "value" };

/**
 * As go-yaml v3 writes anew what `sigs.k8s.io/yaml` has written: it keeps order and quotes, and never goes on in the next line.
 * Source: kyaml kio.StringAll; recordings, render-yaml-json.
 */
export const WRITTEN_ANEW: Writing = { width: Number.POSITIVE_INFINITY, scalars: "text" };

/**
 * The text that `sigs.k8s.io/yaml` writes for a value: keys sorted, lists not indented below their key, text folded at the first space
 * behind column 80. Variables are substituted in this very text and the history digest is over it, so it is the same to the byte.
 * Source: go-yaml v2, recordings.
 */
export function writeYaml(value: Node, writing: Writing = AS_GO_WRITES): string {
  const sheet: Sheet = { text: "", ...writing };
  if (isMap(value) && !isEmptyMap(value)) writeMap(sheet, value, 0, true);
  else if (isList(value) && value.length > 0) writeList(sheet, value, 0, true);
  else sheet.text = line(scalarText(sheet, value, 0, 0));
  return sheet.text;
}

type Sheet = Writing & { text: string };

/** A line costs more than its letters. */
const STEPS_OF_LINE = 10;

/** `onLine`: the first entry goes on the line that has begun (behind a dash), which stands at `indent` already. */
function writeMap(sheet: Sheet, map: NodeMap, indent: number, onLine: boolean): void {
  const keys = Object.keys(map);
  if (keys.length > 1) keys.sort(sheet.order ?? byKey);
  const pad = padOf(indent);
  let lead = onLine ? "" : pad;
  for (const key of keys) {
    writePair(sheet, key, map[key] ?? null, indent, lead);
    lead = pad;
  }
}

function writePair(sheet: Sheet, key: string, value: Node, indent: number, lead: string): void {
  if (!isSimpleKey(key)) {
    sheet.text += `${line(`${lead}? ${writeText(key, { column: indent + 2, indent, isKey: false, width: sheet.width })}`)}${padOf(indent)}:`;
    writeBehindMark(sheet, value, indent);
    return;
  }
  const name = writeText(key, { column: indent, indent, isKey: true, width: sheet.width });
  if (isMap(value) && !isEmptyMap(value)) {
    sheet.text += line(`${lead}${name}:`);
    writeMap(sheet, value, indent + 2, false);
  } else if (isList(value) && value.length > 0) {
    sheet.text += line(`${lead}${name}:`);
    writeList(sheet, value, indent, false);
  } else sheet.text += line(`${lead}${name}: ${scalarText(sheet, value, indent + name.length + 2, indent)}`);
}

/** Below a key a list stands at the indent of the key. */
function writeList(sheet: Sheet, items: readonly Node[], indent: number, onLine: boolean): void {
  const pad = padOf(indent);
  let lead = onLine ? "" : pad;
  for (const item of items) {
    sheet.text += `${lead}-`;
    writeBehindMark(sheet, item, indent);
    lead = pad;
  }
}

/** What follows a `-`, or the `:` of a long key, begins on the same line. */
function writeBehindMark(sheet: Sheet, value: Node, indent: number): void {
  sheet.text += " ";
  if (isMap(value) && !isEmptyMap(value)) writeMap(sheet, value, indent + 2, true);
  else if (isList(value) && value.length > 0) writeList(sheet, value, indent + 2, true);
  else sheet.text += line(scalarText(sheet, value, indent + 2, indent));
}

/** A text in a block that ends with a separator of lines or paragraphs has ended its line with it. */
function line(text: string): string {
  spend(2 * text.length + STEPS_OF_LINE);
  const last = text.charCodeAt(text.length - 1);
  return last === 0x2028 || last === 0x2029 ? text : `${text}\n`;
}

function scalarText(sheet: Sheet, value: Node, column: number, indent: number): string {
  if (value === null) return "null";
  if (typeof value === "string") return writeText(value, { column, indent, isKey: false, width: sheet.width });
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isList(value)) return "[]";
  if (!isScalar(value)) return "{}";
  if (sheet.scalars === "text") return value[TEXT];
  return typeof value[VALUE] === "bigint" ? value[VALUE].toString() : scalarText(sheet, value[VALUE], column, indent);
}

const isSimpleKey = (key: string): boolean => (key.length <= LONGEST_KEY && isAscii(key) ? true : !BREAK.test(key) && byteLength(key) <= LONGEST_KEY);
/** Letters, digits and most signs: neither a line break nor more than one byte. */
const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function isEmptyMap(map: NodeMap): boolean {
  for (const _ in map) return false;
  return true;
}

const PADS: readonly string[] = Array.from({ length: 64 }, (_, width) => " ".repeat(width));
const padOf = (width: number): string => PADS[width] ?? " ".repeat(width);
