import { GoPanic } from "../../go/result.ts";
import { BOOL, DICT, LIST, STRINGS } from "../../go/type.ts";
import { type GoMap, type GoValue, goMap, goSlice, goStrings, sortedKeys } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction, variadicFunction } from "../../template/functions.ts";
import { claimItems, claimValues } from "../limits.ts";
import { show } from "../text/show.ts";
import { deepCopy } from "./copy.ts";
import { dig } from "./dig.ts";
import { mergeInto } from "./merge.ts";

const { any, dict, string } = ARG;

const copy = goFunction([any], copyValue);
const merge = merging(false);
const mergeOverwrite = merging(true);

/** Functions of sprig's dict.go. What Go gives in the order of a map is in the order of its keys. */
export const DICT_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  deepCopy: copy,
  dict: variadicFunction([], any, dictOf, DICT),
  dig: variadicFunction([], any, dig),
  get: goFunction([dict, string], (map, key) => map.entries.get(key) ?? (map.entries.has(key) ? null : "")),
  hasKey: goFunction([dict, string], (map, key) => map.entries.has(key), BOOL),
  keys: variadicFunction([], dict, (maps) => goStrings(maps.flatMap(keysOf)), STRINGS),
  merge,
  mergeOverwrite,
  mustDeepCopy: copy,
  mustMerge: merge,
  mustMergeOverwrite: mergeOverwrite,
  omit: variadicFunction([dict], string, omit, DICT),
  pick: variadicFunction([dict], string, pick, DICT),
  pluck: variadicFunction([string], dict, (key, maps) => goSlice(maps.flatMap(({ entries }) => entries.get(key) ?? (entries.has(key) ? [null] : []))), LIST),
  set: goFunction([dict, string, any], setEntry, DICT),
  unset: goFunction([dict, string], unsetEntry, DICT),
  values: goFunction([dict], (map) => goSlice(keysOf(map).map((key) => map.entries.get(key) ?? null)), LIST),
};

/** Sorting them takes longer than looking at them. */
function keysOf(map: GoMap): readonly string[] {
  claimItems(4 * map.entries.size);
  return sortedKeys(map);
}

/** The same map under the type that functions give it: `.Values` becomes a plain map. */
const plain = (map: GoMap): GoMap => (map.type === DICT ? map : { ...map, type: DICT });

function dictOf(values: readonly GoValue[]): GoValue {
  claimValues(2 + values.length);
  const map = goMap();
  for (let index = 0; index < values.length; index += 2) {
    const value = values[index + 1];
    map.entries.set(show(values[index] ?? null), value === undefined ? "" : value);
  }
  return map;
}

function setEntry(map: GoMap, key: string, value: GoValue): GoValue {
  if (map.isNil) throw new GoPanic("assignment to entry in nil map");
  claimValues(1);
  map.entries.set(key, value);
  return plain(map);
}

function unsetEntry(map: GoMap, key: string): GoValue {
  map.entries.delete(key);
  return plain(map);
}

function pick({ entries }: GoMap, keys: readonly string[]): GoValue {
  const picked = goMap();
  for (const key of keys) {
    const value = entries.get(key);
    if (value !== undefined) picked.entries.set(key, value);
  }
  return picked;
}

function omit({ entries }: GoMap, keys: readonly string[]): GoValue {
  claimValues(entries.size);
  const left = goMap(entries);
  for (const key of keys) left.entries.delete(key);
  return left;
}

function merging(overwrite: boolean): GoFunction {
  return variadicFunction([dict], dict, (target, sources) => {
    // A map that is nil is replaced by a new one.
    const into = target.isNil && sources.some(({ isNil }) => !isNil) ? goMap() : plain(target);
    for (const source of sources) mergeInto(into, source, overwrite);
    return into;
  });
}

function copyValue(value: GoValue): GoValue {
  if (value === null) throw new GoPanic("reflect: call of reflect.Value.Type on zero Value");
  return deepCopy(value);
}
