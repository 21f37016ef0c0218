import { spend } from "../../../work.ts";
import { formatFloat } from "../../go/format-float.ts";
import { type GoMap, type GoValue, isSlice, itemsOf, kindOf, sortedKeys, typeName } from "../../go/value.ts";
import { formatTime } from "../dates/format-time.ts";
import { momentOfValue, TIME } from "../dates/time-type.ts";
import { type GoTyped, marshalledText } from "../json/marshal.ts";
import type { Written } from "../json/write-json.ts";
import { MAX_DEPTH } from "../limits.ts";
import { keyText, partText } from "./key-text.ts";
import { LOCAL_FORMS } from "./number-value.ts";
import { quotedText } from "./quoted-text.ts";

class Unwritable extends Error {}

/** A value as BurntSushi/toml 1.6 writes it: what is no table first, then tables, deeper ones indented. A problem is in its words. */
export function writeToml(value: GoValue): Written {
  const sheet: Sheet = { text: "" };
  try {
    if (value === null) throw new Unwritable(NIL);
    write(sheet, [], value);
  } catch (error) {
    if (error instanceof Unwritable) return { ok: false, problem: error.message };
    throw error;
  }
  return { ok: true, value: sheet.text };
}

/** Of nothing Go asks the type. */
const NIL = "reflect: call of reflect.Value.Type on zero Value";

type Sheet = { text: string };
type Key = readonly string[];
type TomlKind = "bool" | "integer" | "float" | "datetime" | "string" | "array" | "table" | "tables" | undefined;

function put(sheet: Sheet, text: string): void {
  spend(20 * (1 + text.length));
  sheet.text += text;
}

/** A break only behind something. */
const putBreak = (sheet: Sheet): void => {
  if (sheet.text !== "") put(sheet, "\n");
};

const indentOf = (key: Key): string => "  ".repeat(Math.max(0, key.length - 1));

function write(sheet: Sheet, key: Key, value: GoValue): void {
  if (key.length > MAX_DEPTH) throw new Unwritable(TOO_DEEP);
  if (isNil(value)) {
    // Only alone is a list that is nil not left out.
    if (key.length === 0 && isSlice(value)) put(sheet, "[]");
    return;
  }
  const kind = tomlKind(value, 0);
  if (kind === "table") writeTable(sheet, key, value);
  else if (kind === "tables") writeTables(sheet, key, value);
  else writePair(sheet, key, value, false);
}

function writeTable(sheet: Sheet, key: Key, value: GoValue): void {
  if (key.length === 1) putBreak(sheet);
  if (key.length > 0) {
    put(sheet, `${indentOf(key)}[${keyText(key)}]`);
    putBreak(sheet);
  }
  writeEntries(sheet, key, value, false);
}

function writeTables(sheet: Sheet, key: Key, value: GoValue): void {
  if (key.length === 0) throw new Unwritable("toml: top-level values must be Go maps or structs");
  for (const item of isSlice(value) ? itemsOf(value) : []) {
    if (isNil(item)) continue;
    putBreak(sheet);
    put(sheet, `${indentOf(key)}[[${keyText(key)}]]`);
    putBreak(sheet);
    writeEntries(sheet, key, item, false);
  }
}

/** The fields of a struct stand in their order, the keys of a map sorted; tables come last in both. */
function writeEntries(sheet: Sheet, key: Key, value: GoValue, inline: boolean): void {
  const entries = entriesOf(value).map(([name, item]) => ({ name, item, isTable: isTableKind(tomlKind(item, key.length)) }));
  const direct = entries.filter(({ isTable }) => !isTable);
  const tables = entries.filter(({ isTable }) => isTable);
  if (inline) put(sheet, "{");
  for (const [group, hasMore] of [[direct, tables.length > 0] as const, [tables, false] as const]) {
    for (const [index, { name, item }] of group.entries()) {
      if (isNil(item)) continue;
      if (!inline) write(sheet, [...key, name], item);
      else {
        writePair(sheet, [name], item, true);
        if (hasMore || index !== group.length - 1) put(sheet, ", ");
      }
    }
  }
  if (inline) put(sheet, "}");
}

function entriesOf(value: GoValue): readonly (readonly [string, GoValue])[] {
  if (typeof value !== "object" || value === null) return [];
  if (value.go === "map") return mapEntries(value);
  if (value.go === "pointer") return entriesOf(value.to);
  return value.go === "struct" ? [...value.fields] : [];
}

const mapEntries = (map: GoMap): readonly (readonly [string, GoValue])[] => sortedKeys(map).map((key) => [key, map.entries.get(key) ?? null]);

const isTableKind = (kind: TomlKind): boolean => kind === "table" || kind === "tables";
const isNil = (value: GoValue): boolean =>
  value === null || (typeof value === "object" && (value.go === "pointer" ? value.to === null : (value.go === "map" || isSlice(value)) && value.isNil));

function writePair(sheet: Sheet, key: Key, value: GoValue, inline: boolean): void {
  if (key.length === 0) {
    writeElement(sheet, value, 0);
    return;
  }
  put(sheet, `${indentOf(key)}${partText(key.at(-1) ?? "")} = `);
  writeElement(sheet, value, key.length);
  if (!inline) putBreak(sheet);
}

function writeElement(sheet: Sheet, value: GoValue, depth: number): void {
  if (depth > MAX_DEPTH) throw new Unwritable(TOO_DEEP);
  const text = scalarText(value);
  if (text !== undefined) put(sheet, text);
  else if (isSlice(value)) writeArray(sheet, itemsOf(value), depth);
  else if (isTable(value)) writeEntries(sheet, [], value, true);
  else throw new Unwritable(`unexpected type: ${typeName(value)}`);
}

const TOO_DEEP = "a value is nested too deep, or contains itself";
const isTable = (value: GoValue): boolean =>
  typeof value === "object" && value !== null && (value.go === "map" || value.go === "struct" || value.go === "pointer");

function scalarText(value: GoValue): string | undefined {
  if (typeof value === "string") return quotedText(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value === null) return undefined;
  const text = ownText(value);
  if (text !== undefined || value.go !== "int") return text;
  return value.type.name === "time.Duration" ? quotedText(value.type.print?.(value) ?? "") : value.value.toString();
}

function writeArray(sheet: Sheet, items: readonly GoValue[], depth: number): void {
  put(sheet, "[");
  for (const [index, item] of items.entries()) {
    writeElement(sheet, item, depth + 1);
    if (index !== items.length - 1) put(sheet, ", ");
  }
  put(sheet, "]");
}

/** A time stands without quotes, all else that makes its own text with them. */
function ownText(value: GoTyped): string | undefined {
  if (value.type.name === TIME.name) {
    const local = LOCAL_FORMS.get(momentOfValue(value).zone.name);
    if (local !== undefined) return formatTime(momentOfValue(value), local);
  }
  const text = marshalledText(value);
  return text === undefined || value.type.name === TIME.name ? text : quotedText(text);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = formatFloat(value, "g");
  return /[e.]/.test(text) ? text : `${text}.0`;
}

const STEPS_OF_KIND = 4;

/** The type that TOML has for a value; undefined for nil. Looks into lists, whose items must not be nil. Source: tomlTypeOfGo. */
function tomlKind(value: GoValue, depth: number): TomlKind {
  spend(STEPS_OF_KIND);
  if (depth > MAX_DEPTH) throw new Unwritable(TOO_DEEP);
  if (isNil(value)) return undefined;
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "float";
  if (typeof value === "boolean") return "bool";
  if (value === null) return undefined;
  if (value.type.name === TIME.name) return "datetime";
  if (value.type.methods?.has("MarshalText") === true) return "string";
  if (value.go === "int") return "integer";
  if (isSlice(value)) return isTableArray(itemsOf(value), depth + 1) ? "tables" : "array";
  if (value.go === "complex") throw new Unwritable(`unsupported type: ${kindOf(value)}`);
  return "table";
}

function isTableArray(items: readonly GoValue[], depth: number): boolean {
  let all = items.length > 0;
  for (const item of items) {
    const kind = tomlKind(item, depth);
    if (kind === undefined) throw new Unwritable("toml: cannot encode array with nil element");
    all &&= kind === "table";
  }
  return all;
}
