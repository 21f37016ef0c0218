import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isEqual, isObject } from "@sluice/engine/domain/json.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import type { Schema } from "../schema/schema.ts";
import { inElementOrder } from "./element-order.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM = "$deleteFromPrimitiveList/";
const SET_ORDER = "$setElementOrder/";

/** What is wrong with a patch; carried to the one catch in `strategicMergePatch`, since it may be found at any depth. */
class BadPatch extends Error {}

/** The code of the answer to a patch with that problem: 400 is a BadRequest; 500 comes without a reason. Source: apiserver interpretStrategicMergePatchError. */
export const patchProblemCode = (text: string): 400 | 500 => (text === "invalid JSON document" || text.startsWith("invalid patch format of") ? 400 : 500);

/**
 * A strategic merge patch on an object of a built-in kind. A problem is the message of the answer, see patchProblemCode.
 * Source: apimachinery util/strategicpatch.
 */
export function strategicMergePatch(schema: Schema, live: Json, patch: Json): Result<Json> {
  if (!isObject(patch)) return problem("invalid JSON document");
  try {
    return ok(mergeMaps(schema, isObject(live) ? live : {}, patch));
  } catch (error) {
    if (error instanceof BadPatch) return problem(error.message);
    throw error;
  }
}

const fieldOf = (schema: Schema | undefined, name: string): Schema | undefined => {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
};

/** `merge`, `replace` or nothing; retainKeys only speaks of keys. */
const strategyOf = (schema: Schema | undefined): string | undefined => schema?.patchStrategy?.split(",").find((strategy) => strategy !== "retainKeys");

function mergeMaps(schema: Schema | undefined, live: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return withoutKeys(patch, (key) => key === DIRECTIVE);
  if (directive === "delete") return {};
  if (directive !== undefined) throw new BadPatch(`unknown patch type: ${String(directive)} in map: ${goMap(patch)}`);
  const merged = new Map(Object.entries(retained(live, patch)));
  const ordered = new Set<string>();
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    const field = key.slice(SET_ORDER.length);
    ordered.add(field);
    const list = orderedList(fieldOf(schema, field), merged.get(field), patch[field], order);
    if (list !== undefined) merged.set(field, list);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(SET_ORDER) || ordered.has(key)) continue;
    if (key.startsWith(DELETE_FROM)) deleteFrom(merged, key.slice(DELETE_FROM.length), value);
    else mergeField(merged, fieldOf(schema, key), key, value);
  }
  return Object.fromEntries(merged);
}

const goKind = (value: Json): string =>
  isObject(value) ? "map[string]interface {}" : typeof value === "number" ? "int64" : typeof value === "boolean" ? "bool" : "string";

const withoutKeys = (object: JsonObject, isGone: (key: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !isGone(key)));

/** The live fields that `$retainKeys` leaves. */
function retained(live: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return live;
  if (!isArray(keys)) throw new BadPatch("invalid patch format of retainKeys");
  const isUnknown = Object.keys(patch).some((key) => !key.startsWith("$") && !keys.includes(key));
  if (isUnknown) throw new BadPatch("invalid patch format of retainKeys");
  return withoutKeys(live, (key) => !keys.includes(key));
}

function mergeField(merged: Map<string, Json>, schema: Schema | undefined, key: string, value: Json): void {
  if (value === null) {
    merged.delete(key);
    return;
  }
  const live = merged.get(key);
  if (isObject(live) && isObject(value)) merged.set(key, strategyOf(schema) === "replace" ? value : mergeMaps(schema, live, value));
  else if (isArray(live) && isArray(value)) merged.set(key, mergeLists(schema, live, value));
  else merged.set(key, withoutDirectives(value) ?? null);
}

function deleteFrom(merged: Map<string, Json>, field: string, value: Json): void {
  const live = merged.get(field);
  // The server passes over a value that is no list.
  if (isArray(live) && isArray(value))
    merged.set(
      field,
      live.filter((item) => !value.some((gone) => isEqual(item, gone))),
    );
}

/** What a patch adds: without its directives, its nulls, and what they delete. */
function withoutDirectives(value: Json): Json | undefined {
  if (isArray(value)) return value.flatMap((item) => withoutDirectives(item) ?? []);
  if (!isObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (key === RETAIN_KEYS || key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM) || inner === null) return [];
    const kept = withoutDirectives(inner);
    return kept === undefined ? [] : [[key, kept]];
  });
  return Object.fromEntries(entries);
}

function mergeLists(schema: Schema | undefined, live: readonly Json[], patch: readonly Json[]): readonly Json[] {
  if (strategyOf(schema) !== "merge") return isReplaced(patch) ? withoutMarkers(patch) : patch;
  if (live.length === 0 && patch.length === 0) return live;
  const sample = live[0] ?? patch[0] ?? null;
  const mergeKey = schema?.patchMergeKey;
  // Without $setElementOrder the patch's own order counts.
  if (!isObject(sample)) return inElementOrder(unique([...live, ...patch]), live, patch, undefined);
  if (mergeKey === undefined) throw new BadPatch("cannot merge lists without merge key for type object");
  if (isReplaced(patch)) return withoutMarkers(patch);
  return inElementOrder(mergeItems(schema?.items, live, patch, mergeKey), live, withoutMarkers(patch), mergeKey);
}

const unique = (items: readonly Json[]): readonly Json[] => items.filter((item, index) => items.findIndex((other) => isEqual(item, other)) === index);
const isReplaced = (patch: readonly Json[]): boolean => patch.some((item) => isObject(item) && item[DIRECTIVE] === "replace");
const withoutMarkers = (patch: readonly Json[]): readonly Json[] => patch.filter((item) => !isObject(item) || item[DIRECTIVE] === undefined);

function mergeItems(schema: Schema | undefined, live: readonly Json[], patch: readonly Json[], mergeKey: string): readonly Json[] {
  if (patch.some((item) => isObject(item) && item[DIRECTIVE] === "merge")) throw new BadPatch("merging lists cannot yet be specified in the patch");
  const merged = [...live];
  const keyOf = (item: Json): Json => {
    const key = isObject(item) ? item[mergeKey] : undefined;
    if (key === undefined) throw new BadPatch(`map: ${goMap(item)} does not contain declared merge key: ${mergeKey}`);
    return key;
  };
  const isSame = (item: Json | undefined, key: Json): boolean => isObject(item) && isEqual(item[mergeKey], key);
  for (const item of patch.filter((entry) => isObject(entry) && entry[DIRECTIVE] === "delete")) {
    const key = keyOf(item);
    for (let index = merged.length - 1; index >= 0; index -= 1) if (isSame(merged[index], key)) merged.splice(index, 1);
  }
  for (const item of patch) {
    if (!isObject(item)) throw new BadPatch("invalid JSON document");
    if (item[DIRECTIVE] === "delete") continue;
    const key = keyOf(item);
    const index = merged.findIndex((other) => isSame(other, key));
    const found = merged[index];
    if (isObject(found)) merged[index] = mergeMaps(schema, found, item);
    else merged.push(withoutDirectives(item) ?? {});
  }
  return merged;
}

/** Go's `%v` of a map. */
const goMap = (item: Json): string =>
  isObject(item)
    ? `map[${Object.keys(item)
        .toSorted()
        .map((key) => `${key}:${String(item[key])}`)
        .join(" ")}]`
    : String(item);

/** A list whose order the patch says. Undefined when there is no such list. */
function orderedList(schema: Schema | undefined, live: Json | undefined, patch: Json | undefined, order: Json): readonly Json[] | undefined {
  if (!isArray(order)) throw new BadPatch(`expected a []interface {}, but received a ${goKind(order)}`);
  const mergeKey = schema?.patchMergeKey;
  const [own, given] = [isArray(live) ? live : undefined, isArray(patch) ? patch : undefined];
  if (patch === null) return [];
  if (given !== undefined && !followsOrder(given, order, mergeKey))
    throw new BadPatch(`The order in patch list:\n${goList(given)}\n doesn't match ${SET_ORDER.slice(0, -1)} list:\n${goList(order)}\n`);
  if (own === undefined && given === undefined) return undefined;
  const merged =
    own === undefined ? (given ?? []).flatMap((item) => withoutDirectives(item) ?? []) : given === undefined ? own : mergeLists(schema, own, given);
  return inElementOrder(merged, own ?? [], order, mergeKey);
}

const goList = (items: readonly Json[]): string => `[${items.map(goMap).join(" ")}]`;

function followsOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string | undefined): boolean {
  if (order.length === 0) return true;
  const keyOf = (item: Json): Json | undefined => (isObject(item) && mergeKey !== undefined ? item[mergeKey] : item);
  const places = patch
    .filter((item) => !isObject(item) || item[DIRECTIVE] === undefined)
    .map((item) => order.findIndex((other) => isEqual(keyOf(other), keyOf(item))));
  return places.every((place, index) => place >= 0 && (index === 0 || place >= (places[index - 1] ?? 0)));
}
