import { isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { spend } from "../../work.ts";

/**
 * Values while they are put together. Go's maps are changed in place, and who else holds one sees it: so are these, and so do they. Nobody outside of
 * coalescing gets one that coalescing still holds. A list is never looked into.
 */
export type Table = Map<string, TableValue>;
export type TableValue = null | boolean | number | string | readonly Json[] | Table;

export const isTable = (value: TableValue | undefined): value is Table => value instanceof Map;

/** A new table that shares no table with anything. */
export function tableOf(values: JsonObject): Table {
  const entries = Object.entries(values);
  spend(STEPS * (1 + entries.length));
  return new Map(entries.map(([key, value]) => [key, tableValue(value)]));
}

/** A value of a table costs more than a letter: memory, mostly. */
const STEPS = 20;

const tableValue = (value: Json): TableValue => (isObject(value) ? tableOf(value) : value);

export function copyTable(table: Table): Table {
  spend(STEPS * (1 + table.size));
  return new Map([...table].map(([key, value]) => [key, isTable(value) ? copyTable(value) : value]));
}

/** The values as JSON, which shares nothing with the table but lists. */
export function jsonOfTable(table: Table): JsonObject {
  spend(STEPS * (1 + table.size));
  return Object.fromEntries([...table].map(([key, value]) => [key, isTable(value) ? jsonOfTable(value) : value]));
}

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
export function shownAsBool(value: TableValue): string {
  if (typeof value === "boolean") return String(value);
  if (value === null) return "%!t(<nil>)";
  if (typeof value === "string") return `%!t(string=${value})`;
  if (typeof value === "number") return `%!t(float64=${goFloat(value)})`;
  return isTable(value) ? "map[]" : `[${value.map(shownItem).join(" ")}]`;
}

const shownItem = (item: Json): string => shownAsBool(isObject(item) ? new Map() : item);

function goFloat(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const size = Math.abs(Number(power));
  return `${mantissa}e${Number(power) < 0 ? "-" : "+"}${size < 10 ? "0" : ""}${size}`;
}
