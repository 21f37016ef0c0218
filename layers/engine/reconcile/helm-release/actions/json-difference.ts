import { isArray, isEqual, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { pointerText } from "../../../plan/json-pointer.ts";
import type { Drift } from "../action.ts";

export type Operation = Drift["operations"][number];

/**
 * The JSON patch from `source` to `target`, as Flux makes it: several operations below one place become one that replaces it where that is shorter as JSON.
 * Source: wI2L/jsondiff with Rationalize, as fluxcd/pkg/ssa/jsondiff calls it; lists are compared index by index.
 */
export function jsonDifference(source: JsonObject, target: JsonObject): readonly Operation[] {
  return ofMaps(source, target, []);
}

/** Deeper than any schema: what is below is replaced whole. */
const MAX_DEPTH = 100;

function differences(source: Json, target: Json, path: readonly string[]): readonly Operation[] {
  if (isEqual(source, target)) return [];
  const whole: Operation = { op: "replace", path: pointerText(path), value: target };
  if (path.length > MAX_DEPTH) return [whole];
  const inner =
    isObject(source) && isObject(target) ? ofMaps(source, target, path) : isArray(source) && isArray(target) ? ofLists(source, target, path) : [whole];
  return lengthOf(inner) > lengthOf([whole]) ? [whole] : inner;
}

function ofMaps(source: JsonObject, target: JsonObject, path: readonly string[]): readonly Operation[] {
  const keys = [...new Set([...Object.keys(source), ...Object.keys(target)])].toSorted();
  return keys.flatMap((key): readonly Operation[] => {
    const [before, after] = [own(source, key), own(target, key)];
    const place = [...path, key];
    if (before === undefined) return [{ op: "add", path: pointerText(place), value: after ?? null }];
    return after === undefined ? [{ op: "remove", path: pointerText(place) }] : differences(before, after, place);
  });
}

function ofLists(source: readonly Json[], target: readonly Json[], path: readonly string[]): readonly Operation[] {
  const shared = Math.min(source.length, target.length);
  const removed = source.slice(shared).map((): Operation => ({ op: "remove", path: pointerText([...path, String(shared)]) }));
  const changed = Array.from({ length: shared }, (_, index) => differences(source[index] ?? null, target[index] ?? null, [...path, String(index)])).flat();
  const added = target.slice(shared).map((value): Operation => ({ op: "add", path: pointerText([...path, "-"]), value }));
  return [...removed, ...changed, ...added];
}

const own = (object: JsonObject, key: string): Json | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);

/** How long the operations are as JSON, with the commas between them. */
function lengthOf(operations: readonly Operation[]): number {
  const each = operations.map(({ op, path, value }) => JSON.stringify({ op, path, ...(value !== undefined && { value }) }).length);
  return each.reduce((sum, length) => sum + length, Math.max(0, operations.length - 1));
}
