import type { GoValue } from "../../go/value.ts";
import { claimValues, deeper } from "../limits.ts";

/** A value that shares nothing that can change with `value`. Source: mitchellh/copystructure. */
export function deepCopy(value: GoValue, depth = 0): GoValue {
  if (typeof value !== "object" || value === null) return value;
  if (value.go === "map") {
    const below = deeper(depth);
    claimValues(1 + value.entries.size);
    const entries = new Map<string, GoValue>();
    for (const [key, item] of value.entries) entries.set(key, deepCopy(item, below));
    return { ...value, entries };
  }
  if (value.go === "slice") {
    const below = deeper(depth);
    claimValues(1 + value.items.length / 8);
    return { ...value, items: value.items.map((item) => deepCopy(item, below)) };
  }
  return value;
}
