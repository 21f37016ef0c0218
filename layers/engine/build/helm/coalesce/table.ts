import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { spend } from "../../work.ts";

/**
 * Values while they are put together. Go's maps are changed in place, and who else holds one sees it: so are these, and so do they. Nobody outside of
 * coalescing gets one that coalescing still holds. A list is never looked into.
 */
export type Table = Map<string, TableValue>;
/** A bigint is Go's int64, which `--set` makes of `5`, where YAML makes a float64 of it. */
export type TableValue = null | boolean | number | bigint | string | TableList | Table;
export type TableList = readonly TableItem[];
export type TableItem = null | boolean | number | bigint | string | TableList | { readonly [key: string]: TableItem };

export const isTable = (value: TableValue | undefined): value is Table => value instanceof Map;

const NONE: ReadonlySet<string> = new Set();

/** A new table that shares no table with anything. `integers`: the JSON pointers of numbers that are int64s to Go. */
export function tableOf(values: JsonObject, integers: ReadonlySet<string> = NONE, pointer = ""): Table {
  const entries = Object.entries(values);
  spend(STEPS * (1 + entries.length));
  return new Map(entries.map(([key, value]) => [key, tableValue(value, integers, integers.size === 0 ? "" : below(pointer, key))]));
}

/** A value of a table costs more than a letter: memory, mostly. */
const STEPS = 20;

const below = (pointer: string, key: string | number): string => `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const tableValue = (value: Json, integers: ReadonlySet<string>, pointer: string): TableValue =>
  isObject(value) ? tableOf(value, integers, pointer) : itemIn(value, integers, pointer);

function itemIn<Value extends Exclude<Json, JsonObject>>(value: Value, integers: ReadonlySet<string>, pointer: string): Exclude<TableValue, Table> {
  if (isArray(value)) return integers.size === 0 ? value : value.map((item, index) => itemOf(item, integers, below(pointer, index)));
  return typeof value === "number" && integers.has(pointer) ? BigInt(value) : plain(value);
}

const plain = (value: Json): null | boolean | number | string => (typeof value === "object" ? null : value);

function itemOf(value: Json, integers: ReadonlySet<string>, pointer: string): TableItem {
  if (!isObject(value)) return itemIn(value, integers, pointer);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, itemOf(item, integers, below(pointer, key))]));
}

export function copyTable(table: Table): Table {
  spend(STEPS * (1 + table.size));
  return new Map([...table].map(([key, value]) => [key, isTable(value) ? copyTable(value) : value]));
}

/** The values as JSON, which shares nothing with the table but lists. */
export function jsonOfTable(table: Table): JsonObject {
  spend(STEPS * (1 + table.size));
  return Object.fromEntries([...table].map(([key, value]) => [key, isTable(value) ? jsonOfTable(value) : jsonOfItem(value)]));
}

function jsonOfItem(item: TableItem): Json {
  if (typeof item === "bigint") return Number(item);
  if (typeof item !== "object" || item === null) return item;
  // An alias of YAML is one list here, however often it stands in others.
  if (isItems(item)) return made(item).map(jsonOfItem);
  return Object.fromEntries(made(Object.entries(item)).map(([key, value]) => [key, jsonOfItem(value)]));
}

function made<Items extends readonly unknown[]>(items: Items): Items {
  spend(STEPS * (1 + items.length));
  return items;
}

export const isItems = (item: TableItem): item is TableList => Array.isArray(item);

/** What stands at `path` (`a.b.c`), unless it is a table; undefined as well when nothing is there. Source: Helm 4, Values.PathValue. */
export function valueAt(table: Table, path: string): TableValue | undefined {
  const names = path.split(".");
  const folder = tableAt(table, names.slice(0, -1));
  const value = folder?.get(names.at(-1) ?? "");
  return isTable(value) ? undefined : value;
}

/** The table below all of `names`. Source: Helm 4, Values.Table. */
export function tableAt(table: Table, names: readonly string[]): Table | undefined {
  let found: Table | undefined = table;
  for (const name of names) {
    const next: TableValue | undefined = found.get(name);
    if (!isTable(next)) return undefined;
    found = next;
  }
  return found;
}

/** What Go's `%t` makes of something that is no boolean: it is in a message of Helm's. */
export function shownAsBool(value: TableItem): string {
  if (typeof value === "boolean") return String(value);
  if (value === null) return "%!t(<nil>)";
  if (typeof value === "string") return `%!t(string=${value})`;
  if (typeof value === "bigint") return `%!t(int64=${value})`;
  if (typeof value === "number") return `%!t(float64=${goFloat(value)})`;
  if (isItems(value)) return `[${value.map(shownAsBool).join(" ")}]`;
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${shownAsBool(value[key] ?? null)}`).join(" ")}]`;
}

function goFloat(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const size = Math.abs(Number(power));
  return `${mantissa}e${Number(power) < 0 ? "-" : "+"}${size < 10 ? "0" : ""}${size}`;
}
