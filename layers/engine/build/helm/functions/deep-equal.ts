import { type GoMap, type GoSlice, type GoStruct, type GoValue, isSlice, itemsOf, typeOf } from "../go/value.ts";
import { deeper } from "./limits.ts";

/** Go's reflect.DeepEqual: equal types (an int 1 is no int64 1, nor a float64) and equal contents; a nil list is not an empty one. */
export const deepEqual = (a: GoValue, b: GoValue): boolean => isEqual(a, b, 0);

function isEqual(a: GoValue, b: GoValue, depth: number): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a.go !== b.go || typeOf(a)?.name !== typeOf(b)?.name) return false;
  if (a.go === "map" && b.go === "map") return isEqualMap(a, b, deeper(depth));
  if (isSlice(a) && isSlice(b)) return a.isNil === b.isNil && isEqualList(itemsOf(a), itemsOf(b), deeper(depth));
  if (a.go === "struct" && b.go === "struct") return isEqualStruct(a, b, deeper(depth));
  if (a.go === "int" && b.go === "int") return a.value === b.value;
  if (a.go === "complex" && b.go === "complex") return a.re === b.re && a.im === b.im;
  if (a.go === "pointer" && b.go === "pointer") return a === b || a.to === b.to || (a.to !== null && b.to !== null && isEqualStruct(a.to, b.to, deeper(depth)));
  return false;
}

function isEqualMap(a: GoMap, b: GoMap, depth: number): boolean {
  if (a.isNil !== b.isNil || a.entries.size !== b.entries.size) return false;
  if (a.entries === b.entries) return true;
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !isEqual(value, other, depth)) return false;
  }
  return true;
}

const isEqualList = (a: GoSlice["items"], b: GoSlice["items"], depth: number): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null, depth)));

/** What methods work on (the moment of a time) is told by the text of the value. */
function isEqualStruct(a: GoStruct, b: GoStruct, depth: number): boolean {
  if (a === b) return true;
  if (a.type.print !== undefined && a.type.print(a) !== b.type.print?.(b)) return false;
  for (const [name, value] of a.fields) if (!isEqual(value, b.fields.get(name) ?? null, depth)) return false;
  return true;
}
