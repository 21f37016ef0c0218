import { spend } from "../../work.ts";
import { GoPanic } from "../go/result.ts";

/** Characters of a text that a function makes at once; far above any manifest. Go has no limit but memory. */
export const MAX_TEXT = 16 * 1024 * 1024;
/** Items of a list that a function counts out. */
export const MAX_ITEMS = 1_000_000;
/** How deep values may be nested that are gone through: JSON and YAML have limits of their own, `set` can put a map into itself. */
export const MAX_DEPTH = 1_000;

/** Counts what a text of so many characters costs, before it is made. */
export function claimText(length: number): void {
  if (length > MAX_TEXT) throw new GoPanic(`a text of more than ${MAX_TEXT} characters`);
  spend(length);
}

export function claimItems(count: number): void {
  if (count > MAX_ITEMS) throw new GoPanic(`a list of more than ${MAX_ITEMS} items`);
  spend(10 * count);
}

/** A value that is made anew takes some hundred bytes: so many of them are counted that all of one render fit into some hundred MiB. */
export function claimValues(count: number): void {
  if (count > MAX_ITEMS) throw new GoPanic(`a list of more than ${MAX_ITEMS} items`);
  spend(STEPS_OF_NEW * count);
}

const STEPS_OF_NEW = 150;
const STEPS_OF_VALUE = 10;

/** The next depth, where it is still allowed. */
export function deeper(depth: number): number {
  if (depth >= MAX_DEPTH) throw new GoPanic("a value is nested too deep, or contains itself");
  spend(STEPS_OF_VALUE);
  return depth + 1;
}
