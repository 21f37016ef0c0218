import { describe, expect, it } from "vitest";
import { sortAsGo } from "../../../../../../layers/engine/build/kustomize/order/sort-as-go.ts";

type Item = { readonly key: number; readonly at: number };

/** Where the items of the sorted list stood. */
const placesOf = (keys: readonly number[]): readonly number[] =>
  sortAsGo<Item>(
    keys.map((key, at) => ({ key, at })),
    (a, b) => a.key < b.key,
  ).map(({ at }) => at);

const keysOf = (size: number, factor: number, different: number): readonly number[] => Array.from({ length: size }, (_, at) => (at * factor) % different);

describe("equal items stand where Go 1.26 leaves them", () => {
  it.each([
    [30, 7, 5, [20, 5, 15, 25, 10, 0, 13, 28, 3, 18, 8, 23, 26, 21, 11, 6, 16, 1, 14, 19, 9, 24, 4, 29, 17, 12, 22, 7, 27, 2]],
    [
      80,
      37,
      7,
      [
        63, 0, 42, 77, 28, 49, 21, 7, 56, 70, 35, 14, 60, 4, 11, 39, 67, 32, 18, 46, 53, 25, 74, 50, 22, 71, 8, 43, 64, 29, 78, 1, 57, 15, 36, 40, 26, 75, 5,
        33, 68, 12, 61, 19, 54, 47, 58, 16, 79, 2, 23, 51, 37, 72, 44, 9, 65, 30, 13, 69, 34, 48, 62, 76, 41, 27, 20, 6, 55, 59, 31, 10, 66, 73, 38, 52, 45, 3,
        24, 17,
      ],
    ],
    [12, 5, 3, [0, 3, 6, 9, 2, 5, 8, 11, 1, 4, 7, 10]],
  ])("%i items", (size, factor, different, want) => expect(placesOf(keysOf(size, factor, different))).toEqual(want));
});

describe("any list is sorted", () => {
  it.each<[string, readonly number[]]>([
    ["nothing", []],
    ["one item", [1]],
    ["rising", keysOf(200, 1, 1000)],
    ["falling", keysOf(200, 1, 1000).toReversed()],
    ["all equal", keysOf(200, 0, 1)],
    ["mixed", keysOf(5000, 7919, 4001)],
    ["a saw", keysOf(3000, 1, 17)],
    ["an organ pipe", [...keysOf(300, 1, 1000), ...keysOf(300, 1, 1000).toReversed()]],
  ])("%s", (_, keys) => {
    const sorted = sortAsGo(keys, (a, b) => a < b);
    expect(sorted).toEqual(keys.toSorted((a, b) => a - b));
  });

  it("even when every pivot is a bad one", () => {
    // Answers that fit whatever was asked before, and make the sort as long as they can: it must still end, by sorting a heap.
    const size = 4000;
    const ranks = new Map<number, number>();
    let solid = 0;
    let candidate = 0;
    let asked = 0;
    const isLess = (a: number, b: number): boolean => {
      asked++;
      if (!ranks.has(a) && !ranks.has(b)) ranks.set(a === candidate ? a : b, solid++);
      if (!ranks.has(a)) candidate = a;
      else if (!ranks.has(b)) candidate = b;
      return (ranks.get(a) ?? size) < (ranks.get(b) ?? size);
    };
    const sorted = sortAsGo(
      Array.from({ length: size }, (_, at) => at),
      isLess,
    );
    expect(sorted.map((item) => ranks.get(item) ?? size - 1)).toEqual(Array.from({ length: size }, (_, at) => at));
    expect(asked).toBeLessThan(size * 60);
  });
});
