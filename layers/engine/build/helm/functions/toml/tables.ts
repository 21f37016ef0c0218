import { quote } from "../../../text/quote.ts";
import { spend } from "../../../work.ts";
import { DICT, sliceOf } from "../../go/type.ts";
import { type GoMap, type GoValue, goMap, goSlice } from "../../go/value.ts";
import { type Cursor, problemAt, type TomlProblem } from "./cursor.ts";
import { keyText } from "./key-text.ts";

/** What stands under a key while a document is read. */
export type Entry =
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "tables"; readonly tables: Table[] }
  | { readonly kind: "value"; readonly value: GoValue };
export type Table = Map<string, Entry>;

/** All tables of a document. `implicit`: keys of tables that are there because something below them is. `arrays`: keys whose value is a list. */
export type Tables = { readonly root: Table; readonly implicit: Set<string>; readonly arrays: Set<string>; line: number };

export const createTables = (): Tables => ({ root: new Map(), implicit: new Set(), arrays: new Set(), line: 1 });

/** Every key is looked for from the top of the document. */
const STEPS_OF_PART = 4;

const problemOf = (cursor: Cursor, { line }: Tables, message: string): TomlProblem => problemAt(cursor, line, message);
const fail = (cursor: Cursor, tables: Tables, message: string): never => {
  throw problemOf(cursor, tables, message);
};

/** Goes into the table `key`, which is made, with all above it. Source: parse.go, addContext. */
export function enterTable(cursor: Cursor, tables: Tables, key: readonly string[], isArray: boolean): void {
  let table = tables.root;
  const parents = key.slice(0, -1);
  for (const [index, part] of parents.entries()) {
    const path = (): string => keyText(parents.slice(0, index + 1));
    const entry: Entry = table.get(part) ?? { kind: "table", table: new Map() };
    if (!table.has(part)) {
      tables.implicit.add(path());
      table.set(part, entry);
    }
    const below = lastTable(entry);
    if (below === undefined) throw problemOf(cursor, tables, `Key '${path()}' was already created as a hash.`);
    table = below;
  }
  cursor.context = parents;
  const last = key.at(-1) ?? "";
  if (isArray) {
    const entry: Entry = table.get(last) ?? { kind: "tables", tables: [] };
    if (entry.kind !== "tables") throw problemOf(cursor, tables, `Key '${keyText(key)}' was already created and cannot be used as an array.`);
    entry.tables.push(new Map());
    table.set(last, entry);
  } else setEntry(cursor, tables, last, { kind: "table", table: new Map() });
  cursor.context = [...parents, last];
}

/** Enters a table that is only named on the way to something in it. */
export function enterImplicit(cursor: Cursor, tables: Tables, key: readonly string[]): void {
  tables.implicit.add(keyText(key));
  enterTable(cursor, tables, key, false);
}

/** Puts something under a key of the current table. Of what is there already only what nobody has written may be written once. Source: parse.go, setValue. */
export function setEntry(cursor: Cursor, tables: Tables, key: string, entry: Entry): void {
  let table = tables.root;
  for (const [index, part] of cursor.context.entries()) {
    const above = table.get(part);
    const below = above && lastTable(above);
    if (below === undefined) throw problemOf(cursor, tables, `Key '${keyText(cursor.context.slice(0, index + 1))}' has already been defined.`);
    table = below;
  }
  spend(STEPS_OF_PART * cursor.context.length);
  const path = keyText([...cursor.context, key]);
  const isKnown = table.has(key);
  if (isKnown && !tables.implicit.delete(path)) fail(cursor, tables, `Key '${path}' has already been defined.`);
  if (!isKnown || tables.arrays.has(path)) table.set(key, entry);
}

const lastTable = (entry: Entry): Table | undefined => (entry.kind === "table" ? entry.table : entry.kind === "tables" ? entry.tables.at(-1) : undefined);

/** Of a value that is a list, or no longer one. */
export function noteType(cursor: Cursor, tables: Tables, key: string, isArray: boolean): void {
  const path = keyText(key === "" ? cursor.context : [...cursor.context, key]);
  if (isArray) tables.arrays.add(path);
  else tables.arrays.delete(path);
}

/** Sets a value in a table between braces, below `parts`. */
export function setInline(cursor: Cursor, tables: Tables, top: Table, parts: readonly string[], key: string, value: GoValue): void {
  let table = top;
  for (const part of parts) {
    const entry: Entry = table.get(part) ?? { kind: "table", table: new Map() };
    table.set(part, entry);
    table = entry.kind === "table" ? entry.table : fail(cursor, tables, `${quote(keyText(cursor.context))} is not a table`);
  }
  table.set(key, { kind: "value", value });
}

export function mapOfTable(table: Table): GoMap {
  const map = goMap();
  for (const [key, entry] of table) map.entries.set(key, goValueOf(entry));
  return map;
}

function goValueOf(entry: Entry): GoValue {
  if (entry.kind === "table") return mapOfTable(entry.table);
  return entry.kind === "value" ? entry.value : goSlice(entry.tables.map(mapOfTable), sliceOf(DICT));
}
