import type { GoValue } from "../go/value.ts";

/** True for nil, zero, false and what has nothing in it; a struct is never empty. Source: sprig defaults.go (empty). */
export function isEmpty(value: GoValue): boolean {
  if (typeof value !== "object" || value === null) return value === null || value === false || value === 0 || value === "";
  switch (value.go) {
    case "int":
      return value.value === 0n;
    case "complex":
      return value.re === 0 && value.im === 0;
    case "map":
      return value.entries.size === 0;
    case "slice":
      return value.items.length === 0;
    case "bytes":
      return value.bytes.length === 0;
    case "struct":
      return false;
    case "pointer":
      return value.to === null;
  }
}
