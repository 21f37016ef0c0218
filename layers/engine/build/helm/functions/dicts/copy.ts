import type { GoValue } from "../../go/value.ts";
import { deeper } from "../limits.ts";

/** A value that shares nothing that can change with `value`. Source: mitchellh/copystructure. */
export function deepCopy(value: GoValue, depth = 0): GoValue {
  if (typeof value !== "object" || value === null) return value;
  if (value.go === "map") {
    const below = deeper(depth);
    const entries = new Map<string, GoValue>();
    for (const [key, item] of value.entries) entries.set(key, deepCopy(item, below));
    return { ...value, entries };
  }
  if (value.go === "slice") {
    const below = deeper(depth);
    return { ...value, items: value.items.map((item) => deepCopy(item, below)) };
  }
  return value;
}
