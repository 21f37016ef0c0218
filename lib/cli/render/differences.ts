import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { isArray, isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { changedLines } from "./text-change.ts";

type Difference = { readonly path: string; readonly details: readonly string[] };

/** Beyond it two values are shown whole. */
const MAX_DEPTH = 100;
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** Field by field what differs between two objects, in the form that `flux diff` has it. Source: real output of 2.9.5. */
export function renderDifferences(from: Manifest, to: Manifest): string {
  const found = compare("", jsonOf(from), jsonOf(to), 0);
  return `${found.map(({ path, details }) => `\n${path}\n${details.join("")}`).join("")}\n`;
}

function compare(path: string, from: Json, to: Json, depth: number): readonly Difference[] {
  if (isEqual(from, to)) return [];
  if (depth < MAX_DEPTH && isObject(from) && isObject(to)) return compareMaps(path, from, to, depth);
  if (depth < MAX_DEPTH && isArray(from) && isArray(to)) return compareLists(path, from, to, depth);
  return [{ path, details: [valueChange(from, to)] }];
}

function valueChange(from: Json, to: Json): string {
  if (typeof from === "string" && typeof to === "string" && from.includes("\n") && to.includes("\n")) return textChange(from, to);
  const [before, after] = [typeName(from), typeName(to)];
  const what = before === after ? "± value change" : `± type change from ${before} to ${after}`;
  return `${what}\n${prefixed("- ", yamlOf(from))}${prefixed("+ ", yamlOf(to))}`;
}

function textChange(from: string, to: string): string {
  const lines = changedLines(from, to);
  if (lines === undefined) return `± value change\n${prefixed("- ", from)}${prefixed("+ ", to)}`;
  const count = (sign: "+" | "-"): number => lines.filter((line) => line.sign === sign).length;
  const said = [counted(count("+"), "insert", "inserts"), counted(count("-"), "deletion", "deletions")].filter((text) => text !== "");
  return `± value change in multiline text (${said.join(", ")})\n${lines.map(({ sign, line }) => `${sign} ${line}\n`).join("")}\n`;
}

const counted = (count: number, one: string, many: string): string => (count === 0 ? "" : `${NUMBERS[count] ?? count} ${count === 1 ? one : many}`);

function compareMaps(path: string, from: JsonObject, to: JsonObject, depth: number): readonly Difference[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  const gone = keys.filter((key) => !Object.hasOwn(to, key));
  const come = keys.filter((key) => !Object.hasOwn(from, key));
  const picked = (map: JsonObject, names: readonly string[]): JsonObject => Object.fromEntries(names.map((name) => [name, map[name] ?? null]));
  const details = [...entries("-", "map", "removed", gone.length, picked(from, gone)), ...entries("+", "map", "added", come.length, picked(to, come))];
  const below = keys.flatMap((key) =>
    Object.hasOwn(from, key) && Object.hasOwn(to, key) ? compare(joined(path, key), from[key] ?? null, to[key] ?? null, depth + 1) : [],
  );
  return [...(details.length > 0 ? [{ path: path === "" ? "(root level)" : path, details }] : []), ...below];
}

/** Items with names are compared by name, single ones with each other, others as a set. */
function compareLists(path: string, from: readonly Json[], to: readonly Json[], depth: number): readonly Difference[] {
  const key = ["name", "key", "id"].find((candidate) => isNamedBy(from, candidate) && isNamedBy(to, candidate));
  if (key !== undefined) return compareNamed(path, from, to, key, depth);
  const [before, after] = [from[0], to[0]];
  if (from.length === 1 && to.length === 1 && before !== undefined && after !== undefined) return compare(joined(path, "0"), before, after, depth + 1);
  const gone = without(from, to);
  const come = without(to, from);
  const moved = gone.length + come.length === 0 ? [orderChange(from, to)] : [];
  return [{ path, details: [...entries("-", "list", "removed", gone.length, gone), ...entries("+", "list", "added", come.length, come), ...moved] }];
}

function orderChange(from: readonly Json[], to: readonly Json[]): string {
  const isFlat = [...from, ...to].every((item) => !isArray(item) && !isObject(item));
  const text = (items: readonly Json[]): string => (isFlat ? items.join(", ") : yamlOf(items));
  return `⇆ order changed\n${prefixed("- ", text(from))}${prefixed("+ ", text(to))}`;
}

function compareNamed(path: string, from: readonly Json[], to: readonly Json[], key: string, depth: number): readonly Difference[] {
  const named = (items: readonly Json[]): ReadonlyMap<string, Json> => new Map(items.map((item) => [nameIn(item, key) ?? "", item]));
  const [before, after] = [named(from), named(to)];
  const gone = [...before].filter(([name]) => !after.has(name)).map(([, item]) => item);
  const come = [...after].filter(([name]) => !before.has(name)).map(([, item]) => item);
  const orders = [[...before.keys()].filter((name) => after.has(name)), [...after.keys()].filter((name) => before.has(name))];
  const moved = isEqual(orders[0], orders[1]) ? [] : [orderChange(orders[0] ?? [], orders[1] ?? [])];
  const details = [...moved, ...entries("-", "list", "removed", gone.length, gone), ...entries("+", "list", "added", come.length, come)];
  const below = [...before].flatMap(([name, item]) => {
    const other = after.get(name);
    return other === undefined ? [] : compare(joined(path, name), item, other, depth + 1);
  });
  return [...(details.length > 0 ? [{ path, details }] : []), ...below];
}

function entries(sign: "+" | "-", what: "map" | "list", word: "added" | "removed", count: number, value: Json): readonly string[] {
  if (count === 0) return [];
  return [`${sign} ${NUMBERS[count] ?? count} ${what} ${count === 1 ? "entry" : "entries"} ${word}:\n${prefixed("  ", yamlOf(value))}`];
}

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
const yamlOf = (value: Json): string => (typeof value === "string" ? `${value}\n` : writeYaml(value));
const prefixed = (prefix: string, text: string): string =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => `${index === 0 ? prefix : " ".repeat(prefix.length)}${line}\n`)
    .join("");

const without = (items: readonly Json[], others: readonly Json[]): readonly Json[] => items.filter((item) => !others.some((other) => isEqual(item, other)));

function isNamedBy(items: readonly Json[], key: string): boolean {
  const names = items.map((item) => nameIn(item, key));
  return items.length > 0 && names.every((name) => name !== undefined) && new Set(names).size === items.length;
}

function nameIn(item: Json, key: string): string | undefined {
  const name = isObject(item) ? item[key] : undefined;
  return typeof name === "string" ? name : undefined;
}

function typeName(value: Json): string {
  if (value === null) return "<nil>";
  if (isArray(value)) return "list";
  if (isObject(value)) return "map";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "bool" : "string";
}
