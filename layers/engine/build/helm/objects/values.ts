import { isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { isItems, isTable, type Table, type TableItem, type TableValue } from "../coalesce/table.ts";
import { writeYaml } from "../functions/yaml/write-yaml.ts";
import { failure, type GoFailure, type GoResult } from "../go/result.ts";
import { ANY, DICT, type GoMethod, type GoType, INT64, named, STRING } from "../go/type.ts";
import { type GoMap, type GoValue, goInt, goMap, goSlice, isMap } from "../go/value.ts";

const method = (params: readonly GoType[], result: GoType, call: (self: GoMap, argument: string) => GoResult): GoMethod => ({
  params,
  variadic: false,
  result,
  call: (self, [argument]) => call(isMap(self) ? self : goMap(), typeof argument === "string" ? argument : ""),
});

/** `typeOf .Values` says `common.Values`, and it has methods; a map that lies in it has none. Source: Helm 4, pkg/chart/common/values.go. */
export const VALUES: GoType = named("common.Values", DICT, {
  methods: new Map<string, GoMethod>([
    ["AsMap", method([], DICT, (self) => (self.entries.size === 0 ? goMap() : { ...self, type: DICT }))],
    ["YAML", method([], STRING, yamlOf)],
    ["Table", method([STRING], { ...DICT, name: "common.Values", named: true }, tableOf)],
    ["PathValue", method([STRING], ANY, pathValue)],
    // Its argument is an io.Writer, which no template has.
    ["Encode", method([{ ...ANY, name: "io.Writer" }], ANY, () => null)],
  ]),
});

function yamlOf(self: GoMap): GoResult {
  const written = writeYaml(self);
  return written.ok ? written.value : failure(written.problem);
}

/** The same map, under the type that has methods. */
export const asValues = (map: GoMap): GoMap => ({ ...map, type: VALUES });

function tableOf(self: GoMap, path: string): GoResult {
  let found = self;
  for (const name of path.split(".")) {
    const next: GoValue = found.entries.get(name) ?? null;
    if (!isMap(next)) return failure(`${quote(name)} is not a table`);
    found = next;
  }
  return asValues(found);
}

function pathValue(self: GoMap, path: string): GoResult {
  if (path === "") return failure("YAML path cannot be empty");
  const names = path.split(".");
  const last = names.at(-1) ?? "";
  const missing: GoFailure = failure(`${quote(last)} is not a value`);
  const table = names.length === 1 ? self : tableOf(self, names.slice(0, -1).join("."));
  if (!isMapResult(table)) return missing;
  const value = table.entries.get(last);
  return value === undefined || isMap(value) ? missing : value;
}

const isMapResult = (result: GoResult): result is GoMap => typeof result === "object" && result !== null && result.go === "map";

/** The values of a chart as templates get them: who changes a map with `set` changes it for all who hold it, so that each table becomes one map. */
export function goTable(table: Table, known: Map<Table, GoMap> = new Map()): GoMap {
  const found = known.get(table);
  if (found !== undefined) return found;
  const map = goMap();
  known.set(table, map);
  for (const [key, value] of table) map.entries.set(key, goTableValue(value, known));
  return map;
}

/** What an alias of YAML repeats is made anew each time, and takes some hundred bytes. */
const STEPS_OF_VALUE = 150;

const goTableValue = (value: TableValue, known: Map<Table, GoMap>): GoValue => (isTable(value) ? goTable(value, known) : goItem(value));

function goItem(item: TableItem): GoValue {
  if (typeof item === "bigint") return goInt(item, INT64);
  if (typeof item !== "object" || item === null) return item;
  spend(STEPS_OF_VALUE);
  return isItems(item) ? goSlice(item.map(goItem)) : goMap(Object.entries(item).map(([key, value]): [string, GoValue] => [key, goItem(value)]));
}

/** JSON as Go's templates get it: all numbers are float64. */
export function goOf(value: Json): GoValue {
  if (typeof value !== "object" || value === null) return value;
  return isObject(value) ? goObject(value) : goSlice(value.map(goOf));
}

export const goObject = (value: JsonObject): GoMap => goMap(Object.entries(value).map(([key, item]): [string, GoValue] => [key, goOf(item)]));
