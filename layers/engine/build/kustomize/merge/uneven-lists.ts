import { spend } from "../../work.ts";
import { wrongKind } from "../fields/wrong-kind.ts";
import type { SchemaNode } from "../schema/schema.ts";
import { type Draft, draftList, draftOf, draftText, fieldOf, fieldsOf, isEmptyMap, isNull, itemsOf, keyText, kindOfDraft, nodeOf } from "./draft.ts";
import { findElement, setElement } from "./elements.ts";
import { fail, type Merge } from "./merge.ts";

/** The work is the square of this. Lists whose items all have the same keys may have any length. */
const MAX_ITEMS = 1_000;

/** The values of an item under the merge keys; empty texts where it has none. */
type Values = readonly string[];

/**
 * Merges lists in which some items lack a merge key that others have, or are no maps. kyaml has no rule for them: what comes out follows from how it searches, removes and
 * appends, so this does the same in the same order. Source: kyaml walk.Walker.setAssociativeSequenceElements.
 */
export function mergeUnevenLists(merge: Merge, target: Draft, patch: Draft | undefined, schema: SchemaNode): Draft | undefined {
  const lists = patch === undefined ? [target] : [patch, target];
  if (lists.reduce((sum, list) => sum + itemsOf(list).length, 0) > MAX_ITEMS) {
    return fail(merge, `a list with more than ${MAX_ITEMS} items, some without merge key, is not merged`);
  }
  const mergeKeys = schema.mergeKeys.length === 0 ? [""] : schema.mergeKeys;
  const all = uniqueValues(lists, mergeKeys);
  if (mergeKeys.length > 1) completeValues(all);
  const keys = keysInUse(all, mergeKeys);
  const added = draftList([]);
  for (const values of [...all]) {
    const used = values.filter((value, index) => value !== "" || keys.includes(mergeKeys[index] ?? ""));
    mergeElement(merge, { target, patch, added }, schema.items(), keys, used);
    if (merge.problem !== undefined) return undefined;
  }
  if (all.length > 0) appendItems(merge, added, target, keys);
  return merge.problem === undefined ? (all.length > 0 ? added : target) : undefined;
}

type Lists = { readonly target: Draft; readonly patch: Draft | undefined; readonly added: Draft };

function mergeElement(merge: Merge, lists: Lists, schema: SchemaNode | undefined, keys: readonly string[], values: Values): void {
  const { target, patch, added } = lists;
  const find = (list: Draft): Draft | undefined => findElement(list, ...namedValues(keys, values));
  const value = merge.values(find(target), patch === undefined ? undefined : find(patch), schema);
  if (merge.problem !== undefined) return;
  if (value === undefined || isNull(value) || isEmptyMap(value)) {
    for (const _ of keys) setElement(merge, target, undefined, keys, values);
    return;
  }
  nameItem(value, keys, values);
  setElement(merge, added, value, keys, values);
}

/** Makes sure that an item says the keys by which it was found. */
function nameItem(item: Draft, keys: readonly string[], values: Values): void {
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? "";
    if (key !== "" && value !== "" && kindOfDraft(item) === "MappingNode" && fieldOf(item, key) === undefined) fieldsOf(item).set(key, draftOf(value));
  }
}

function uniqueValues(lists: readonly Draft[], keys: readonly string[]): Values[] {
  const seen = new Map<string, Values>();
  for (const item of lists.flatMap(itemsOf)) {
    const values = keys.map((key) => (key === "" ? draftText(item) : keyText(item, key)));
    const id = JSON.stringify(values);
    if (!seen.has(id)) seen.set(id, values);
  }
  return [...seen.values()];
}

/** Items that have one key in common and differ only in what one of them does not say become the same. */
function completeValues(all: Values[]): void {
  for (let one = 0; one < all.length; one++) {
    // Compared with what it was, also when one of the others has completed it.
    spend(all.length);
    const values = all[one] ?? [];
    for (let other = 0; other < all.length; other++) {
      const same = sameValues(values, all[other] ?? []);
      if (same === undefined) continue;
      all[one] = same;
      all[other] = same;
    }
  }
}

function sameValues(one: Values, other: Values): Values | undefined {
  const differs = one.some((value, index) => value !== other[index] && value !== "" && other[index] !== "");
  const meets = one.some((value, index) => value === other[index]);
  return differs || !meets ? undefined : one.map((value, index) => value || (other[index] ?? ""));
}

/** Those keys for which any item has a value; all where none has. */
function keysInUse(all: readonly Values[], keys: readonly string[]): readonly string[] {
  const used = keys.filter((_, index) => all.some((values) => values[index] !== ""));
  return used.length === 0 ? keys : used;
}

/** Only the keys that have a value; all where none has one. */
function namedValues(keys: readonly string[], values: Values): [readonly string[], Values] {
  const named = keys.filter((_, index) => values[index] !== "");
  return named.length === 0 ? [keys, values] : [named, values.filter((value) => value !== "")];
}

/** Puts the items of `from` into `list`: each in the place of those with its values, or at the end. Source: kyaml walk appendListNode. */
function appendItems(merge: Merge, list: Draft, from: Draft, keys: readonly string[]): void {
  for (const item of itemsOf(from)) {
    if (keys[0] === "") setElement(merge, list, item, keys, [draftText(item)]);
    else appendMap(merge, list, item, keys);
    if (merge.problem !== undefined) return;
  }
}

function appendMap(merge: Merge, list: Draft, item: Draft, keys: readonly string[]): void {
  if (kindOfDraft(item) !== "MappingNode" && !isNull(item)) {
    fail(merge, wrongKind("MappingNode", nodeOf(item)));
    return;
  }
  const values: string[] = [];
  for (const key of keys) {
    const field = fieldOf(item, key);
    if (field === undefined) list.items = [...itemsOf(list), item];
    else values.push(draftText(field));
  }
  if (keys.length > 1) setElement(merge, list, undefined, keys, values);
  if (merge.problem === undefined) setElement(merge, list, item, keys, values);
}
