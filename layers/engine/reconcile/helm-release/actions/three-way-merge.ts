import type { SchemaNode } from "../../../build/kustomize/schema/schema.ts";
import { isArray, isEqual, isObject, type Json, type JsonObject } from "../../../domain/json.ts";

/**
 * The strategic merge patch that takes `current` to `modified` where the two differ, and removes what `original` had and `modified` lacks; what others have
 * added stays. `schema`: which lists are merged by keys. Empty when there is nothing to do. Source: apimachinery, strategicpatch.CreateThreeWayMergePatch.
 */
export function threeWayPatch(original: JsonObject, modified: JsonObject, current: JsonObject, schema: SchemaNode | undefined): JsonObject {
  const patch = new Map<string, Json>();
  for (const [key, want] of Object.entries(modified)) {
    if (want === null) continue;
    const [before, have] = [original[key], current[key]];
    const below = schema?.field(key);
    if (isObject(want) && isObject(have)) {
      const inner = threeWayPatch(isObject(before) ? before : {}, want, have, below);
      if (Object.keys(inner).length > 0) patch.set(key, inner);
    } else if (isArray(want) && isArray(have) && isMerged(below)) mergeList(patch, key, { before: isArray(before) ? before : [], want, have }, below);
    else if (!isEqual(have, want)) patch.set(key, want);
  }
  for (const key of Object.keys(original)) {
    if (!(key in modified) || modified[key] === null) if (Object.hasOwn(current, key) && original[key] !== null) patch.set(key, null);
  }
  return Object.fromEntries(patch);
}

const isMerged = (schema: SchemaNode | undefined): schema is SchemaNode => schema?.patchStrategy?.split(",").includes("merge") === true;

type Lists = { readonly before: readonly Json[]; readonly want: readonly Json[]; readonly have: readonly Json[] };

/** Items that have the key are merged one by one; texts and numbers are a set. */
function mergeList(patch: Map<string, Json>, field: string, lists: Lists, schema: SchemaNode): void {
  const key = schema.mergeKeys[0];
  if (key === undefined || [...lists.want, ...lists.have].some((item) => !isObject(item))) {
    mergeSet(patch, field, lists);
    return;
  }
  const keyOf = (item: Json): Json => (isObject(item) ? (item[key] ?? null) : null);
  const find = (items: readonly Json[], wanted: Json): JsonObject | undefined => items.filter(isObject).find((item) => isEqual(item[key], wanted));
  const changed = lists.want.filter(isObject).flatMap((item): readonly JsonObject[] => {
    const have = find(lists.have, keyOf(item));
    if (have === undefined) return [item];
    const inner = threeWayPatch(find(lists.before, keyOf(item)) ?? {}, item, have, schema.items());
    return Object.keys(inner).length === 0 ? [] : [{ ...inner, [key]: keyOf(item) }];
  });
  const gone = lists.before
    .filter((item) => find(lists.want, keyOf(item)) === undefined && find(lists.have, keyOf(item)) !== undefined)
    .map((item): JsonObject => ({ $patch: "delete", [key]: keyOf(item) }));
  if (changed.length + gone.length === 0) return;
  patch.set(
    `$setElementOrder/${field}`,
    lists.want.map((item): JsonObject => ({ [key]: keyOf(item) })),
  );
  patch.set(field, [...changed, ...gone]);
}

function mergeSet(patch: Map<string, Json>, field: string, { before, want, have }: Lists): void {
  const has = (items: readonly Json[], value: Json): boolean => items.some((item) => isEqual(item, value));
  const added = want.filter((value) => !has(have, value));
  const gone = before.filter((value) => !has(want, value) && has(have, value));
  if (added.length > 0) patch.set(field, added);
  if (gone.length > 0) patch.set(`$deleteFromPrimitiveList/${field}`, gone);
}

/** The JSON merge patch from one object to another. Custom resources get it: nobody knows the keys of their lists. Source: evanphx/json-patch, CreateMergePatch. */
export function mergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch = new Map<string, Json>();
  for (const [key, want] of Object.entries(modified)) {
    const before = original[key];
    if (isObject(want) && isObject(before)) {
      const inner = mergePatch(before, want);
      if (Object.keys(inner).length > 0) patch.set(key, inner);
    } else if (!isEqual(before, want)) patch.set(key, want);
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch.set(key, null);
  return Object.fromEntries(patch);
}
