import type { Json } from "@sluice/engine/domain/json.ts";
import { isEqual, isObject } from "@sluice/engine/domain/json.ts";

/**
 * `merged` with the items that `order` names in that order, and the others between them where the live list had them.
 * Source: apimachinery strategicpatch normalizeElementOrder.
 */
export function inElementOrder(merged: readonly Json[], live: readonly Json[], order: readonly Json[], mergeKey: string | undefined): readonly Json[] {
  const keyOf = (item: Json): Json | undefined => (isObject(item) && mergeKey !== undefined ? item[mergeKey] : item);
  const placeIn = (list: readonly Json[], item: Json): number => list.findIndex((other) => isEqual(keyOf(other), keyOf(item)));
  const named = merged.filter((item) => placeIn(order, item) >= 0).toSorted((a, b) => placeIn(order, a) - placeIn(order, b));
  const others = merged.filter((item) => placeIn(order, item) < 0).toSorted((a, b) => placeIn(live, a) - placeIn(live, b));
  const result: Json[] = [];
  let next = 0;
  for (const item of named) {
    for (let other = others[next]; other !== undefined && standsBefore(placeIn(live, other), placeIn(live, item)); other = others[next]) {
      result.push(other);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

const standsBefore = (a: number, b: number): boolean => a >= 0 && b >= 0 && a < b;
