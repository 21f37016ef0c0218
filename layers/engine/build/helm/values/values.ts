import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { type Node, type NodeMap, scalar } from "../../node/node.ts";
import { spend } from "../../work.ts";

/**
 * Values while they are put together. Go's maps and lists are changed in place, and whoever else holds one sees it: so are these. A bigint is Go's int64,
 * which `--set` makes of `5`, where YAML makes a float64 of it: templates tell them apart.
 */
export type Values = Map<string, Value>;
export type Value = null | boolean | number | bigint | string | Value[] | Values;

export const isTable = (value: Value | undefined): value is Values => value instanceof Map;
export const isList = (value: Value | undefined): value is Value[] => Array.isArray(value);

/** A copy that can be changed. */
export function valuesOf(json: JsonObject): Values {
  return new Map(Object.entries(json).map(([key, value]): [string, Value] => [key, valueOfJson(value)]));
}

function valueOfJson(json: Json): Value {
  spend(1);
  if (isArray(json)) return json.map(valueOfJson);
  return isObject(json) ? valuesOf(json) : json;
}

/** As JSON. `integers`: JSON pointers of those that are int64 to Go. */
export function jsonOfValues(values: Values): { readonly json: JsonObject; readonly integers: readonly string[] } {
  const integers: string[] = [];
  return { json: jsonOfTable(values, "", integers), integers };
}

function jsonOfTable(values: Values, pointer: string, integers: string[]): JsonObject {
  const entries = [...values].map(([key, value]): [string, Json] => [
    key,
    jsonOf(value, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, integers),
  ]);
  return Object.fromEntries(entries);
}

function jsonOf(value: Value, pointer: string, integers: string[]): Json {
  spend(1);
  if (isTable(value)) return jsonOfTable(value, pointer, integers);
  if (isList(value)) return value.map((item, index) => jsonOf(item, `${pointer}/${index}`, integers));
  if (typeof value !== "bigint") return value;
  integers.push(pointer);
  return Number(value);
}

/** As what is written as YAML, with all digits of an int64. */
export function nodeOfValues(values: Values): NodeMap {
  return Object.fromEntries([...values].map(([key, value]): [string, Node] => [key, nodeOf(value)]));
}

function nodeOf(value: Value): Node {
  spend(1);
  if (isTable(value)) return nodeOfValues(value);
  if (isList(value)) return value.map(nodeOf);
  return typeof value === "bigint" ? scalar(value.toString(), value) : value;
}

/** The type of a value as Go's errors name it. */
export function goTypeOf(value: Value): string {
  if (value === null) return "nil";
  if (isTable(value)) return "map[string]interface {}";
  if (isList(value)) return "[]interface {}";
  const names = { boolean: "bool", number: "float64", bigint: "int64", string: "string" } as const;
  const type = typeof value;
  return type === "boolean" || type === "number" || type === "bigint" ? names[type] : names.string;
}
