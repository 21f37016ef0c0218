import { GoPanic } from "../../go/result.ts";
import { BOOL, LIST, sliceOf } from "../../go/type.ts";
import { type GoValue, goSlice, isSlice, kindOf, nilSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction, variadicFunction } from "../../template/functions.ts";
import { deepEqual } from "../deep-equal.ts";
import { isEmpty } from "../empty.ts";
import { claimItems, claimValues } from "../limits.ts";
import { toInt64 } from "../numbers/cast.ts";
import { chunk } from "./chunk.ts";
import { itemsIn, listOf } from "./items.ts";

const { any, int } = ARG;

const append = goFunction([any, any], (list, value) => made([...itemsIn(list, "Cannot push on type"), value]), LIST);
const prepend = goFunction([any, any], (list, value) => made([value, ...itemsIn(list, "Cannot prepend on type")]), LIST);
const list = variadicFunction(
  [],
  any,
  (values) => {
    claimValues(1 + values.length / 8);
    return goSlice(values);
  },
  LIST,
);
const first = goFunction([any], (value) => itemsIn(value, "Cannot find first on type")[0] ?? null);
const last = goFunction([any], (value) => itemsIn(value, "Cannot find last on type").at(-1) ?? null);
const rest = goFunction([any], (value) => orNil(itemsIn(value, "Cannot find rest on type"), (items) => items.slice(1)), LIST);
const initial = goFunction([any], (value) => orNil(itemsIn(value, "Cannot find initial on type"), (items) => items.slice(0, -1)), LIST);
const reverse = goFunction([any], (value) => made(itemsIn(value, "Cannot find reverse on type").toReversed()), LIST);
const compact = goFunction([any], (value) => made(itemsIn(value, "Cannot compact on type").filter((item) => !isEmpty(item))), LIST);
const uniq = goFunction([any], (value) => goSlice(distinct(itemsIn(value, "Cannot find uniq on type"))), LIST);
const without = variadicFunction(
  [any],
  any,
  (value, omitted) => made(itemsIn(value, "Cannot find without on type").filter((item) => !isIn(omitted, item))),
  LIST,
);
const has = goFunction([any, any], (needle, value) => value !== null && isIn(itemsIn(value, "Cannot find has on type"), needle), BOOL);
const slice = variadicFunction([any], any, sliceList);
const chunks = goFunction([int, any], (size, value) => chunk(size, itemsIn(value, "Cannot chunk type")), sliceOf(LIST));

/** Functions of sprig's list.go. Those that begin with `must` differ in Go only: for a template an error and a panic are the same. */
export const LIST_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  append,
  chunk: chunks,
  compact,
  concat: variadicFunction([], any, concat),
  first,
  has,
  initial,
  last,
  list,
  mustAppend: append,
  mustChunk: chunks,
  mustCompact: compact,
  mustFirst: first,
  mustHas: has,
  mustInitial: initial,
  mustLast: last,
  mustPrepend: prepend,
  mustPush: append,
  mustRest: rest,
  mustReverse: reverse,
  mustSlice: slice,
  mustUniq: uniq,
  mustWithout: without,
  prepend,
  push: append,
  rest,
  reverse,
  slice,
  tuple: list,
  uniq,
  without,
};

function made(items: readonly GoValue[]): GoValue {
  claimItems(items.length);
  return goSlice(items);
}

/** Of an empty list a nil one. */
const orNil = (items: readonly GoValue[], change: (items: readonly GoValue[]) => readonly GoValue[]): GoValue =>
  items.length === 0 ? nilSlice() : made(change(items));

function isIn(items: readonly GoValue[], wanted: GoValue): boolean {
  claimItems(items.length);
  return items.some((item) => deepEqual(wanted, item));
}

function distinct(items: readonly GoValue[]): readonly GoValue[] {
  const kept: GoValue[] = [];
  // What is compared by its value alone is found at once; a list of many maps is compared one by one.
  const known = new Set<GoValue>();
  for (const item of items) {
    const isSimple = typeof item !== "object" || item === null;
    if (isSimple ? known.has(item) && !Number.isNaN(item) : isIn(kept, item)) continue;
    if (isSimple) known.add(item);
    else claimItems(kept.length);
    kept.push(item);
  }
  return kept;
}

/** A list keeps its type. Source: sprig list.go (mustSlice), reflect.Value.Slice. */
function sliceList(value: GoValue, indices: readonly GoValue[]): GoValue {
  const all = listOf(value, "list should be type of slice or array but");
  const length = all.go === "bytes" ? all.bytes.length : all.items.length;
  if (length === 0) return null;
  const [start = null, end = null] = indices;
  const from = Number(toInt64(start));
  const to = indices.length < 2 ? length : Number(toInt64(end));
  claimItems(length);
  if (from < 0 || to < from || to > length) throw new GoPanic("reflect.Value.Slice: slice index out of bounds");
  return all.go === "bytes" ? { ...all, bytes: all.bytes.slice(from, to) } : { ...all, items: all.items.slice(from, to) };
}

function concat(lists: readonly GoValue[]): GoValue {
  const items: GoValue[] = [];
  for (const value of lists) {
    if (value !== null && !isSlice(value)) throw new GoPanic(`Cannot concat type ${kindOf(value)} as list`);
    for (const item of itemsIn(value, "")) items.push(item);
    claimItems(items.length);
  }
  return items.length === 0 ? nilSlice() : goSlice(items);
}
