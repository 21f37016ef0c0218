import type { SchemaNode } from "../schema/schema.ts";
import { takeListDirective } from "./directive.ts";
import { type Draft, draftList, isEmptyMap, isNull, itemsOf } from "./draft.ts";
import { type ItemIds, itemIds } from "./item-ids.ts";
import { fail, type Merge } from "./merge.ts";
import { mergeUnevenLists } from "./uneven-lists.ts";

/** Source: kyaml schema.IsAssociative. */
export const isMergedList = (schema: SchemaNode | undefined): schema is SchemaNode => schema?.patchStrategy?.split(",").includes("merge") === true;

/**
 * Merges lists item by item: those of the patch come first, in its order. An item that both have is merged and stands where the patch has it.
 * Where a list repeats a key, its first item is merged, and its last one stays. Source: kyaml walk.Walker.walkAssociativeSequence.
 */
export function mergeList(merge: Merge, target: Draft | undefined, patch: Draft | undefined, schema: SchemaNode): Draft | undefined {
  const result = chooseList(merge, target, patch);
  if (result === undefined) return undefined;
  const lists = patch === undefined || patch === result ? [result] : [patch, result];
  if (lists.every((list) => itemsOf(list).length === 0)) return result;
  const ids = itemIds(lists, schema.mergeKeys);
  if (ids === undefined) return mergeUnevenLists(merge, result, patch, schema);
  return mergeEvenLists(merge, result, patch, schema.items(), ids);
}

/** Source: kyaml merge2.Merger.VisitList. */
function chooseList(merge: Merge, target: Draft | undefined, patch: Draft | undefined): Draft | undefined {
  if (target === undefined || isNull(target)) return patch;
  if (patch === undefined) return target;
  if (isNull(patch)) return undefined;
  const directive = takeListDirective(patch);
  if (typeof directive === "object") return fail(merge, directive.problem);
  if (directive === "delete") return undefined;
  return directive === "replace" ? patch : target;
}

/** For lists whose items all have the same keys. */
function mergeEvenLists(merge: Merge, target: Draft, patch: Draft | undefined, schema: SchemaNode | undefined, ids: ItemIds): Draft | undefined {
  const fromPatch = patch === undefined ? new Map<string, Draft>() : firstById(itemsOf(patch), ids);
  const fromTarget = firstById(itemsOf(target), ids);
  const remaining = new Map(itemsOf(target).map((item): [string, Draft] => [ids.of(item), item]));
  const merged = new Map<string, Draft>();
  for (const id of new Set([...fromPatch.keys(), ...fromTarget.keys()])) {
    const value = mergeItem(merge, fromTarget.get(id), fromPatch.get(id), schema, ids);
    if (merge.problem !== undefined) return undefined;
    if (value === undefined || isNull(value) || isEmptyMap(value)) remaining.delete(id);
    // Not the merged value, where the two differ: an item that its patch replaces stays as it is.
    else merged.set(id, remaining.get(id) ?? value);
  }
  return draftList(ids.keys.length > 1 ? targetLast(merged, itemsOf(target), remaining, ids) : [...merged.values()]);
}

function mergeItem(merge: Merge, target: Draft | undefined, patch: Draft | undefined, schema: SchemaNode | undefined, ids: ItemIds): Draft | undefined {
  if (ids.keys.length === 0) return patch ?? target;
  return merge.values(target, patch, schema);
}

function firstById(items: readonly Draft[], ids: ItemIds): Map<string, Draft> {
  const first = new Map<string, Draft>();
  for (const item of items) {
    const id = ids.of(item);
    if (!first.has(id)) first.set(id, item);
  }
  return first;
}

/** By several keys: what only the patch has comes first, then the items of the target in their order. */
function targetLast(merged: ReadonlyMap<string, Draft>, items: readonly Draft[], remaining: ReadonlyMap<string, Draft>, ids: ItemIds): Draft[] {
  const added = [...merged].filter(([id]) => !remaining.has(id)).map(([, item]) => item);
  return [...added, ...items.filter((item) => remaining.get(ids.of(item)) === item)];
}
