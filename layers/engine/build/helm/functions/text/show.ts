import { spend } from "../../../work.ts";
import { stringOf } from "../../go/bytes.ts";
import { printed } from "../../go/print-value.ts";
import { type GoValue, isSlice, itemsOf } from "../../go/value.ts";

/** The text of a value as `toString`, `join` and `quote` take it. Source: sprig strings.go (strval). */
export const show = (value: GoValue): string => (typeof value === "object" && value !== null && value.go === "bytes" ? stringOf(value.bytes) : printed(value));

/** The texts of a list without those that are nil; of a single value its own. Source: sprig strings.go (strslice). */
export function showAll(value: GoValue): readonly string[] {
  if (value === null) return [];
  if (!isSlice(value)) return [show(value)];
  const items = itemsOf(value);
  spend(STEPS_OF_ITEM * items.length);
  return items.filter(isNotNil).map(show);
}

const STEPS_OF_ITEM = 100;

export const isNotNil = (value: GoValue): boolean => value !== null;
