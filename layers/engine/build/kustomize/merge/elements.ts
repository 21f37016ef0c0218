import { spend } from "../../work.ts";
import { wrongKind } from "../fields/wrong-kind.ts";
import { type Draft, draftText, fieldOf, isEmptyMap, isNull, itemsOf, kindOfDraft, nodeOf } from "./draft.ts";
import { fail, type Merge } from "./merge.ts";

/** The items without those maps that have `value` under `key`, and without the empty ones. */
export const withoutElement = (items: readonly Draft[], key: string, value: string): Draft[] =>
  items.filter((item) => {
    if (isNull(item) || isEmptyMap(item)) return false;
    const field = fieldOf(item, key);
    return field === undefined || draftText(field) !== value;
  });

/**
 * Replaces every item that has `values` under `keys` by `element`, or appends it; without `element` they are removed. Empty items always are. A value that is missing or
 * empty is met by any. Source: kyaml ElementSetter.
 */
export function setElement(merge: Merge, list: Draft, element: Draft | undefined, keys: readonly string[], values: readonly string[]): void {
  const isForMaps = keys[0] !== "" && (values[0] ?? "") !== "";
  spend(5 * itemsOf(list).length);
  const kept: Draft[] = [];
  let isFound = false;
  for (const item of itemsOf(list)) {
    if (isNull(item) || isEmptyMap(item)) continue;
    if (isForMaps && kindOfDraft(item) !== "MappingNode") {
      kept.push(item);
      continue;
    }
    const matches = hasValues(merge, item, keys, values);
    if (merge.problem !== undefined) return;
    if (!matches) {
      if (values.length > 0) kept.push(item);
      continue;
    }
    isFound = true;
    if (element !== undefined) kept.push(element);
  }
  if (element !== undefined && !isNull(element) && !isFound) kept.push(element);
  list.items = kept;
}

function hasValues(merge: Merge, item: Draft, keys: readonly string[], values: readonly string[]): boolean {
  let matches = false;
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    // A key without a value is met when the one before it is.
    if (value !== undefined) matches = hasValue(merge, item, key, value);
    if (!matches) return false;
  }
  return matches;
}

function hasValue(merge: Merge, item: Draft, key: string, value: string): boolean {
  const expected = key === "" ? "ScalarNode" : "MappingNode";
  if (kindOfDraft(item) !== expected) {
    fail(merge, wrongKind(expected, nodeOf(item)));
    return false;
  }
  if (key === "") return draftText(item) === value;
  const field = fieldOf(item, key);
  return field !== undefined && (value === "" || draftText(field) === value);
}

/** The first item with exactly these values. Source: kyaml ElementMatcher. */
export function findElement(list: Draft, keys: readonly string[], values: readonly string[]): Draft | undefined {
  spend(5 * itemsOf(list).length);
  if (keys[0] === "") return itemsOf(list).find((item) => draftText(item) === values[0]);
  return itemsOf(list).find((item) =>
    keys.every((key, index) => {
      const field = fieldOf(item, key);
      return field !== undefined && draftText(field) === values[index];
    }),
  );
}
