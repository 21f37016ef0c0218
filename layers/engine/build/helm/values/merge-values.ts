import { spend } from "../../work.ts";
import { isTable, type Values } from "./values.ts";

/**
 * `b` over `a`, map by map; lists and all others are replaced. What is a map in one of them only is shared with it, not copied: see compose-values.ts for what
 * hangs on that. Source: fluxcd/pkg chartutil, MergeMaps.
 */
export function mergeValues(a: Values, b: Values): Values {
  const merged: Values = new Map(a);
  spend(1 + a.size + b.size);
  for (const [key, value] of b) {
    const old = merged.get(key);
    merged.set(key, isTable(value) && isTable(old) ? mergeValues(old, value) : value);
  }
  return merged;
}
