import { isMap, type Node } from "../../node/node.ts";
import { textOf } from "../resource/resource.ts";
import { type Draft, draftText, itemsOf, keyText, kindOfDraft } from "./draft.ts";

/** What tells the items of two lists apart: the keys that every one of them has, and the id of each item by these keys. */
export type ItemIds = {
  /** Empty where the items themselves are compared. */
  readonly keys: readonly string[];
  readonly of: (item: Draft) => string;
};

/** Undefined when items lack some of the keys that others have, or are no maps: see `mergeUnevenLists`. */
export function itemIds(lists: readonly Draft[], mergeKeys: readonly string[]): ItemIds | undefined {
  const items = lists.flatMap(itemsOf);
  if (mergeKeys.length === 0) return items.every((item) => kindOfDraft(item) === "ScalarNode") ? { keys: [], of: draftText } : undefined;
  if (!items.every((item) => kindOfDraft(item) === "MappingNode")) return undefined;
  const keys = mergeKeys.filter((key) => items.some((item) => keyText(item, key) !== ""));
  if (keys.length === 0 || !items.every((item) => keys.every((key) => keyText(item, key) !== ""))) return undefined;
  return { keys, of: (item) => idOfTexts(keys.map((key) => keyText(item, key))) };
}

/**
 * True when all items have the first key and none repeats another's, or all have all keys and none repeats another's. Such a list merged with nothing stays as it is: items that
 * lack a key are mixed up only with those that they share another one with.
 */
export function haveDifferentKeys(items: readonly Node[], mergeKeys: readonly string[]): boolean {
  const firsts = new Set<string>();
  const ids = new Set<string>();
  let isComplete = true;
  for (const item of items) {
    const texts = mergeKeys.length === 0 ? [textOf(item)] : isMap(item) ? mergeKeys.map((key) => textOf(item[key])) : [];
    const [first = ""] = texts;
    if (first === "") return false;
    isComplete &&= !texts.includes("");
    firsts.add(first);
    ids.add(idOfTexts(texts));
  }
  return firsts.size === items.length || (isComplete && ids.size === items.length);
}

const idOfTexts = (texts: readonly string[]): string => (texts.length === 1 ? (texts[0] ?? "") : JSON.stringify(texts));
