import { spend } from "../../../work.ts";
import { type GoMap, type GoSlice, type GoStruct, type GoValue, typeName } from "../../go/value.ts";
import type { GoTyped } from "../json/marshal.ts";
import { Unwritable, type Written } from "../json/write-json.ts";
import { MAX_DEPTH } from "../limits.ts";

/** What the two versions of go-yaml do differently. */
export type YamlStyle = {
  /** Of a list below the key that it belongs to. */
  readonly listIndent: 0 | 2;
  keyOrder(a: string, b: string): number;
  /** A text on its own line, at `column`; what contains it stands at `indent`. */
  text(text: string, column: number, indent: number): string;
  /** A key on one line. */
  key(text: string): string;
  /** A key that does not fit before its colon. */
  longKey(text: string, column: number, indent: number): string;
  number(value: number): string;
  /** What stands for a value that is none of YAML's: bytes, a time, a duration, something with methods of its own. */
  plain(value: GoTyped): Shown;
  fieldName(name: string): string;
  /** Whether a list or map that is nil is null, as JSON has it, or empty. */
  readonly nilIsNull: boolean;
};

/** A value, or a text that stands there as it is. */
export type Shown = GoValue | { readonly go: "raw"; readonly text: string };

/** Longer keys, and those with line breaks, are written in the form `? key`. */
const LONGEST_KEY = 128;
const BREAK = /[\n\r\u0085\u2028\u2029]/;
const ASCII = /^[ -~]*$/;
/** A line costs more than its letters. */
const STEPS_OF_LINE = 10;

/** A value as YAML, with the line break behind it. A problem is in the words of Go. Source: go-yaml emitterc.go. */
export function writeSheet(value: GoValue, style: YamlStyle): Written {
  const sheet: Sheet = { text: "", style };
  try {
    writeBehind(sheet, value, { indent: -2, column: 0, depth: 0 });
    return { ok: true, value: sheet.text };
  } catch (error) {
    if (error instanceof Unwritable) return { ok: false, problem: error.message };
    throw error;
  }
}

type Sheet = { text: string; readonly style: YamlStyle };
/** `indent` is that of the collection around, `column` where the line has got to. */
type Place = { readonly indent: number; readonly column: number; readonly depth: number };

/** A value behind a `-`, behind the `:` of a long key, or alone: collections begin on the same line. */
function writeBehind(sheet: Sheet, value: GoValue, place: Place): void {
  const shown = shownValue(sheet, value, place.depth);
  const inner = { indent: place.indent + 2, column: place.indent + 2, depth: place.depth + 1 };
  if (isFullMap(shown)) writeMap(sheet, shown, inner, true);
  else if (isFullList(shown)) writeList(sheet, shown.items, inner, true);
  else putLine(sheet, scalarText(sheet.style, shown, place.indent + 2, Math.max(0, place.indent)));
}

/** The keys of a map are sorted, the fields of a struct stand in their order. */
function writeMap(sheet: Sheet, map: GoMap | GoStruct, place: Place, onLine: boolean): void {
  const pad = padOf(place.indent);
  let lead = onLine ? "" : pad;
  const put = (key: string, value: GoValue): void => {
    writePair(sheet, key, value, place, lead);
    lead = pad;
  };
  if (map.go === "struct") for (const [name, value] of map.fields) put(sheet.style.fieldName(name), value);
  else {
    const keys = [...map.entries.keys()];
    if (keys.length > 1) keys.sort(sheet.style.keyOrder);
    for (const key of keys) put(key, map.entries.get(key) ?? null);
  }
}

function writePair(sheet: Sheet, key: string, value: GoValue, place: Place, lead: string): void {
  const { indent, depth } = place;
  const { style } = sheet;
  if (!isSimpleKey(key)) {
    putLine(sheet, `${lead}? ${style.longKey(key, indent + 2, indent)}`);
    sheet.text += `${padOf(indent)}: `;
    writeBehind(sheet, value, place);
    return;
  }
  const name = style.key(key);
  const shown = shownValue(sheet, value, depth);
  if (isFullMap(shown)) {
    putLine(sheet, `${lead}${name}:`);
    writeMap(sheet, shown, { indent: indent + 2, column: indent + 2, depth: depth + 1 }, false);
  } else if (isFullList(shown)) {
    putLine(sheet, `${lead}${name}:`);
    writeList(sheet, shown.items, { indent: indent + style.listIndent, column: indent, depth: depth + 1 }, false);
  } else putLine(sheet, `${lead}${name}: ${scalarText(style, shown, indent + name.length + 2, indent)}`);
}

function writeList(sheet: Sheet, items: readonly GoValue[], place: Place, onLine: boolean): void {
  const pad = padOf(place.indent);
  let lead = onLine ? "" : pad;
  for (const item of items) {
    sheet.text += `${lead}- `;
    writeBehind(sheet, item, place);
    lead = pad;
  }
}

function shownValue(sheet: Sheet, value: GoValue, depth: number): Shown {
  if (depth >= MAX_DEPTH) throw new Unwritable(`json: unsupported value: encountered a cycle via ${typeName(value)}`);
  if (typeof value !== "object" || value === null) return value;
  if (sheet.style.nilIsNull && (value.go === "map" || value.go === "slice") && value.isNil) return null;
  const isPlain = value.go === "map" || value.go === "slice" || (value.go === "int" && value.type.print === undefined);
  return isPlain && value.type.json === undefined ? value : sheet.style.plain(value);
}

/** A text in a block that ends with a separator of lines or paragraphs has ended its line with it. */
function putLine(sheet: Sheet, text: string): void {
  spend(2 * text.length + STEPS_OF_LINE);
  const last = text.charCodeAt(text.length - 1);
  sheet.text += last === 0x2028 || last === 0x2029 ? text : `${text}\n`;
}

function scalarText(style: YamlStyle, value: Shown, column: number, indent: number): string {
  if (typeof value === "string") return style.text(value, column, indent);
  if (typeof value === "number") return style.number(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value === null) return "null";
  if (value.go === "raw") return value.text;
  if (value.go === "int") return value.value.toString();
  return value.go === "map" || value.go === "struct" ? "{}" : "[]";
}

const isObject = (value: Shown): value is Exclude<Shown, null | string | number | boolean> => typeof value === "object" && value !== null;
const isFullMap = (value: Shown): value is GoMap | GoStruct =>
  isObject(value) && ((value.go === "map" && value.entries.size > 0) || (value.go === "struct" && value.fields.size > 0));
const isFullList = (value: Shown): value is GoSlice => isObject(value) && value.go === "slice" && value.items.length > 0;

const isSimpleKey = (key: string): boolean => (key.length <= LONGEST_KEY && ASCII.test(key) ? true : !BREAK.test(key) && Buffer.byteLength(key) <= LONGEST_KEY);

const PADS: readonly string[] = Array.from({ length: 64 }, (_, width) => " ".repeat(width));
const padOf = (width: number): string => PADS[width] ?? " ".repeat(width);
