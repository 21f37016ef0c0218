import { GoPanic } from "../../go/result.ts";
import { type GoBytes, type GoSlice, type GoValue, isSlice, itemsOf, kindOf } from "../../go/value.ts";

/** What Go says where a function asks the type of nothing. */
export const NIL_POINTER = "runtime error: invalid memory address or nil pointer dereference";

/** The value as a list. `complaint` is what the function says of the kind of anything else: `Cannot push on type string`. */
export function listOf(value: GoValue, complaint: string): GoSlice | GoBytes {
  if (value === null) throw new GoPanic(NIL_POINTER);
  if (!isSlice(value)) throw new GoPanic(`${complaint} ${kindOf(value)}`);
  return value;
}

export const itemsIn = (value: GoValue, complaint: string): readonly GoValue[] => itemsOf(listOf(value, complaint));
