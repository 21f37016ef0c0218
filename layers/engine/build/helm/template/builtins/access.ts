import { byteLength, bytesOf, stringOf } from "../../go/bytes.ts";
import { failure, type GoFailure, type GoResult, isFailure } from "../../go/result.ts";
import { ANY, UINT8 } from "../../go/type.ts";
import { type GoValue, goInt, itemsOf, typeName } from "../../go/value.ts";
import { zeroOf } from "../fields.ts";
import type { Found } from "../state.ts";

/** What a pointer points to; undefined where that is nil. */
function reached(value: GoValue): GoValue | undefined {
  if (value === null) return undefined;
  return typeof value === "object" && value.go === "pointer" ? (value.to ?? undefined) : value;
}

/** `len`. Source: text/template, length; the words for what is not there at all are those of reflect's panic. */
export function length(value: Found): GoResult {
  if (value === undefined) return failure("reflect: call of reflect.Value.Type on zero Value");
  const item = reached(value);
  if (item === undefined) return failure("len of nil pointer");
  if (typeof item === "string") return goInt(byteLength(item));
  if (typeof item === "object" && item !== null) {
    if (item.go === "map") return goInt(item.entries.size);
    if (item.go === "slice") return goInt(item.items.length);
    if (item.go === "bytes") return goInt(item.bytes.length);
  }
  return failure(`len of type ${typeName(item)}`);
}

/** `index x 1 "a"`: x[1]["a"]. A key that a map does not have is the zero of its elements. */
export function at(value: Found, indexes: readonly Found[]): GoResult {
  if (value === undefined || value === null) return failure("index of untyped nil");
  let item: GoValue = value;
  for (const index of indexes) {
    const target = reached(item);
    if (target === undefined) return failure("index of nil pointer");
    const next = atOne(target, index ?? null);
    if (isFailure(next)) return next;
    item = next;
  }
  return item;
}

function atOne(item: GoValue, index: GoValue): GoResult {
  if (typeof item === "string") {
    const bytes = bytesOf(item);
    const place = indexOf(index, bytes.length);
    if (typeof place !== "number") return place;
    return place < bytes.length ? goInt(bytes[place] ?? 0, UINT8) : failure("reflect: string index out of range");
  }
  if (typeof item === "object" && item !== null && (item.go === "slice" || item.go === "bytes")) {
    const items = itemsOf(item);
    const place = indexOf(index, items.length);
    if (typeof place !== "number") return place;
    // Go lets the length itself pass, and then panics.
    return place < items.length ? (items[place] ?? null) : failure("reflect: slice index out of range");
  }
  if (typeof item !== "object" || item === null || item.go !== "map") return failure(`can't index item of type ${typeName(item)}`);
  if (index === null) return failure("value is nil; should be of type string");
  if (typeof index !== "string") return failure(`value has type ${typeName(index)}; should be string`);
  return item.entries.get(index) ?? zeroOf(item.type.element ?? ANY);
}

function indexOf(index: GoValue, length: number): number | GoFailure {
  if (index === null) return failure("cannot index slice/array with nil");
  if (typeof index !== "object" || index.go !== "int") return failure(`cannot index slice/array with type ${typeName(index)}`);
  const place = BigInt.asIntN(64, index.value);
  return place < 0n || place > BigInt(length) ? failure(`index out of range: ${place}`) : Number(place);
}

/** `slice x 1 2`: x[1:2], of a string its bytes. A list is never longer inside than it shows, other than in Go. */
export function slice(value: Found, indexes: readonly Found[]): GoResult {
  if (value === undefined || value === null) return failure("slice of untyped nil");
  const item = reached(value);
  if (item === undefined) return failure("slice of nil pointer");
  if (indexes.length > 3) return failure(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string") {
    if (indexes.length === 3) return failure("cannot 3-index slice a string");
    const bytes = bytesOf(item);
    const range = rangeOf(indexes, bytes.length);
    return isRange(range) ? stringOf(bytes.subarray(...range)) : range;
  }
  if (typeof item !== "object" || item === null || (item.go !== "slice" && item.go !== "bytes")) return failure(`can't slice item of type ${typeName(item)}`);
  const range = rangeOf(indexes, item.go === "slice" ? item.items.length : item.bytes.length);
  if (!isRange(range)) return range;
  return item.go === "slice" ? { ...item, items: item.items.slice(...range) } : { ...item, bytes: item.bytes.subarray(...range) };
}

type Range = readonly [from: number, to: number];
const isRange = (range: Range | GoFailure): range is Range => Array.isArray(range);

function rangeOf(indexes: readonly Found[], length: number): Range | GoFailure {
  const places: number[] = [];
  for (const index of indexes) {
    const place = indexOf(index ?? null, length);
    if (typeof place !== "number") return place;
    places.push(place);
  }
  const [from = 0, to = length, end = to] = places;
  if (from > to) return failure(`invalid slice index: ${from} > ${to}`);
  if (to > end) return failure(`invalid slice index: ${to} > ${end}`);
  return [from, to];
}
