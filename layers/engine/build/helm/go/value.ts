import { byBytes } from "../../text/by-bytes.ts";
import { BOOL, BYTES, COMPLEX128, DICT, FLOAT64, type GoKind, type GoType, INT, LIST, STRING, STRINGS } from "./type.ts";

/**
 * A value as Go's templates see it. The frequent ones are JavaScript's own:
 *   nil      null (`undefined` is no value: only the engine of templates knows a value that is not there at all)
 *   float64  number. A number is always a float64, also when it is whole: all numbers of YAML and JSON are.
 *   string   string. Go's strings are bytes: a byte that is no UTF-8 is a lone surrogate U+DC80 to U+DCFF here; see bytes.ts. `len` counts bytes.
 *   bool     boolean
 * Everything else says by `go` what it is and by `type` of which type. Maps may be changed (`set`, `unset`, `merge` do), lists never are.
 */
export type GoValue = null | boolean | number | string | GoInt | GoComplex | GoMap | GoSlice | GoBytes | GoStruct | GoPointer;

/** An integer of any of Go's sizes, or of a named type like time.Duration. Always within its range: made by `goInt`. */
export type GoInt = { readonly go: "int"; readonly type: GoType; readonly value: bigint };

export type GoComplex = { readonly go: "complex"; readonly type: GoType; readonly re: number; readonly im: number };

/** `entries` is in any order: whoever goes through it uses `sortedKeys`. The map of `.Values` is shared by all who hold it, as in Go. */
export type GoMap = { readonly go: "map"; readonly type: GoType; readonly entries: Map<string, GoValue>; readonly isNil: boolean };

/** A nil slice is empty too, but `toJson` writes null. */
export type GoSlice = { readonly go: "slice"; readonly type: GoType; readonly items: readonly GoValue[]; readonly isNil: boolean };

/** []byte. A slice, and `itemsOf` shows it as one. */
export type GoBytes = { readonly go: "bytes"; readonly type: GoType; readonly bytes: Uint8Array; readonly isNil: boolean };

/** `fields` has the exported fields in the order of their declaration. `native` is what methods work on where that is something else: the moment of a time.Time. */
export type GoStruct = { readonly go: "struct"; readonly type: GoType; readonly fields: ReadonlyMap<string, GoValue>; readonly native?: unknown };

export type GoPointer = { readonly go: "pointer"; readonly type: GoType; readonly to: GoStruct | null };

const BITS: Partial<Record<GoKind, readonly [bits: number, signed: boolean]>> = {
  int: [64, true],
  int8: [8, true],
  int16: [16, true],
  int32: [32, true],
  int64: [64, true],
  uint: [64, false],
  uint8: [8, false],
  uint16: [16, false],
  uint32: [32, false],
  uint64: [64, false],
  uintptr: [64, false],
};

/** `value` cut to the size of `type`, as Go's arithmetic and conversions do: the largest int64 and one more is the smallest. A number has to be whole. */
export function goInt(value: number | bigint, type: GoType = INT): GoInt {
  const [bits, signed] = BITS[type.kind] ?? [64, true];
  const whole = typeof value === "bigint" ? value : BigInt(value);
  return { go: "int", type, value: signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole) };
}

export const goComplex = (re: number, im: number): GoComplex => ({ go: "complex", type: COMPLEX128, re, im });

/** A new map that shares nothing with `entries`. */
export function goMap(entries: Iterable<readonly [string, GoValue]> = [], type: GoType = DICT): GoMap {
  return { go: "map", type, entries: new Map(entries), isNil: false };
}

/** `items` becomes the list's own: do not change it later. */
export const goSlice = (items: readonly GoValue[], type: GoType = LIST): GoSlice => ({ go: "slice", type, items, isNil: false });
/** A []string. */
export const goStrings = (items: readonly string[]): GoSlice => goSlice(items, STRINGS);
export const nilSlice = (type: GoType = LIST): GoSlice => ({ go: "slice", type, items: [], isNil: true });
export const nilMap = (type: GoType = DICT): GoMap => ({ go: "map", type, entries: new Map(), isNil: true });
export const goBytes = (bytes: Uint8Array): GoBytes => ({ go: "bytes", type: BYTES, bytes, isNil: false });

export function goStruct(type: GoType, fields: Iterable<readonly [string, GoValue]>, native?: unknown): GoStruct {
  return { go: "struct", type, fields: new Map(fields), native };
}

export const isInt = (value: GoValue): value is GoInt => typeof value === "object" && value !== null && value.go === "int";
export const isMap = (value: GoValue): value is GoMap => typeof value === "object" && value !== null && value.go === "map";
/** A slice of any type, []byte included: `itemsOf` gives its items. */
export const isSlice = (value: GoValue): value is GoSlice | GoBytes =>
  typeof value === "object" && value !== null && (value.go === "slice" || value.go === "bytes");
export const isStruct = (value: GoValue): value is GoStruct => typeof value === "object" && value !== null && value.go === "struct";

/** The items of a slice; those of a []byte are uint8s. */
export function itemsOf(slice: GoSlice | GoBytes): readonly GoValue[] {
  const element = slice.type.element;
  return slice.go === "slice" ? slice.items : Array.from(slice.bytes, (byte) => goInt(byte, element));
}

/** In the order of their bytes, which is the one of Go's maps wherever they are gone through. */
export function sortedKeys(map: GoMap): string[] {
  return [...map.entries.keys()].sort(byBytes);
}

/** reflect.TypeOf; undefined for nil, which has none. */
export function typeOf(value: GoValue): GoType | undefined {
  switch (typeof value) {
    case "string":
      return STRING;
    case "number":
      return FLOAT64;
    case "boolean":
      return BOOL;
    default:
      return value === null ? undefined : value.type;
  }
}

/** What sprig's kindOf says: `invalid` of nil. */
export const kindOf = (value: GoValue): GoKind => typeOf(value)?.kind ?? "invalid";

/** What %T and sprig's typeOf say: `<nil>` of nil. */
export const typeName = (value: GoValue): string => typeOf(value)?.name ?? "<nil>";
