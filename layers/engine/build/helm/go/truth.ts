import type { GoValue } from "./value.ts";

/** Whether `if` goes on with the value: not the zero of its type, and of maps, lists and strings not empty. A struct always is. */
export function isTrue(value: GoValue | undefined): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "undefined":
      return false;
    default:
  }
  if (value === null) return false;
  switch (value.go) {
    case "int":
      return value.value !== 0n;
    case "complex":
      return value.re !== 0 || value.im !== 0;
    case "map":
      return value.entries.size > 0;
    case "slice":
      return value.items.length > 0;
    case "bytes":
      return value.bytes.length > 0;
    case "struct":
      return true;
    case "pointer":
      return value.to !== null;
  }
}
