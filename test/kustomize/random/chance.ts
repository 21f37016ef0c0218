/** Chance that is a pure function of its seed. */
export type Chance = {
  /** An integer from 0 to `below` - 1. */
  int(below: number): number;
  /** True in about `share` of all questions. */
  happens(share: number): boolean;
  one<Item>(list: readonly Item[]): Item;
  /** Each of the list with this chance, in their order. */
  some<Item>(list: readonly Item[], share: number): Item[];
};

/** Source: mulberry32. */
export function createChance(seed: number): Chance {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    happens: (share) => next() < share,
    one: (list) => {
      const item = list[int(list.length)];
      if (item === undefined) throw new Error("one of nothing");
      return item;
    },
    some: (list, share) => list.filter(() => next() < share),
  };
}
