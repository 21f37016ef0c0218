import { GoPanic } from "../../go/result.ts";
import { LIST, sliceOf } from "../../go/type.ts";
import { type GoValue, goSlice } from "../../go/value.ts";
import { claimItems, claimValues } from "../limits.ts";

const OUT_OF_RANGE = "runtime error: makeslice: len out of range";

/** Lists of `size` items, the last one with what is left. Sizes that make no sense end as in Go. Source: sprig list.go (mustChunk). */
export function chunk(size: number, items: readonly GoValue[]): GoValue {
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!Number.isFinite(count) || count < 0 || (size < 0 && count > 0)) throw new GoPanic(OUT_OF_RANGE);
  claimValues(count);
  claimItems(items.length);
  const chunks = Array.from({ length: count }, (_, index) => goSlice(items.slice(index * size, (index + 1) * size)));
  return goSlice(chunks, sliceOf(LIST));
}
