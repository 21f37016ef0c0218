import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { copyTable, isTable, shownAsBool, type Table, type TableValue } from "./table.ts";

/** What coalescing knows of a chart. */
export type Coalescable = { readonly name: string; readonly values: Table; readonly dependencies: readonly Coalescable[] };

const GLOBAL = "global";

/**
 * The values of a chart and of all below it: those of `values` over the chart's own, map by map, those of a parent over those of its dependencies, globals
 * handed down. A null of `values` removes the key. Nulls in values.yaml are removed as well, as Helm does from 4.2.0 on (helm#32530; 4.1 kept those of the
 * chart itself). `values` is not changed. The problem is in Helm's words. Source: Helm 4.2, pkg/chart/common/util/coalesce.go; recordings, render-yaml-json.
 */
export function coalesceValues(chart: Coalescable, values: Table): Result<Table> {
  const copy = copyTable(values);
  const wrong = coalesce(chart, copy, false);
  return wrong === undefined ? ok(copy) : problem(wrong);
}

/** The same for who coalesces again later: nulls stay. */
export function mergeValues(chart: Coalescable, values: Table): Result<Table> {
  const copy = copyTable(values);
  const wrong = coalesce(chart, copy, true);
  return wrong === undefined ? ok(copy) : problem(wrong);
}

function coalesce(chart: Coalescable, into: Table, keepNulls: boolean): string | undefined {
  addOwnValues(chart, into, keepNulls);
  for (const dependency of chart.dependencies) {
    const there = into.get(dependency.name);
    if (there !== undefined && !isTable(there)) return `type mismatch on ${dependency.name}: ${shownAsBool(there)}`;
    const below: Table = there ?? new Map();
    into.set(dependency.name, below);
    handDownGlobals(below, into);
    const wrong = coalesce(dependency, below, keepNulls);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function addOwnValues({ values, dependencies }: Coalescable, into: Table, keepNulls: boolean): void {
  const children = new Set(dependencies.map(({ name }) => name));
  for (const [key, own] of copyTable(values)) {
    const given = into.get(key);
    if (given === undefined) addMissing(into, key, own, keepNulls);
    else if (given === null && !keepNulls) into.delete(key);
    else if (isTable(given) && isTable(own)) mergeTables(given, own, keepNulls || children.has(key));
  }
}

function addMissing(into: Table, key: string, own: TableValue, keepNulls: boolean): void {
  if (!keepNulls && own === null) return;
  if (!keepNulls && isTable(own)) removeNulls(own);
  into.set(key, own);
}

function removeNulls(table: Table): void {
  for (const [key, value] of table) {
    if (value === null) table.delete(key);
    else if (isTable(value)) removeNulls(value);
  }
}

/**
 * What `from` has and `into` has not. Without `keepNulls` a null of `into` removes the key if there is something in `from` to remove; both tables are changed.
 * Source: Helm 4.2, coalesceTablesFullKey.
 */
export function mergeTables(into: Table, from: Table, keepNulls: boolean): Table {
  spend(10 * (1 + into.size + from.size));
  const had = new Set([...from].filter(([, value]) => value !== null).map(([key]) => key));
  for (const [key, value] of into) if (value === null) from.set(key, null);
  for (const [key, value] of from) {
    const there = into.get(key);
    if (there === undefined) into.set(key, value);
    else if (there === null) {
      if (!keepNulls && had.has(key)) into.delete(key);
    } else if (isTable(value) && isTable(there)) mergeTables(there, value, keepNulls);
  }
  return into;
}

/** A global of the parent counts more than one of the dependency; what is a map in both is merged. */
function handDownGlobals(into: Table, from: Table): void {
  const target = into.get(GLOBAL) ?? (into.has(GLOBAL) ? null : new Map<string, TableValue>());
  const source = from.get(GLOBAL) ?? (from.has(GLOBAL) ? null : new Map<string, TableValue>());
  if (!isTable(target) || !isTable(source)) return;
  for (const [key, value] of source) {
    const there = target.get(key);
    if (isTable(value)) {
      const copy: Table = new Map(value);
      if (there === undefined) target.set(key, copy);
      else if (isTable(there)) target.set(key, mergeTables(copy, there, true));
    } else if (!isTable(there)) target.set(key, value);
  }
  into.set(GLOBAL, target);
}
