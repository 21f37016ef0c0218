/** Numbers that look random and are the same for the same seed (mulberry32): a failing seed can be run again. */
export type Random = {
  /** A whole number, from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (from) => from[below(from.length)] ?? from[0], chance: (probability) => next() < probability };
}

/** As many as SEEDS says, from SEED on; a small number else. */
export function seedsOf(usual: number): readonly number[] {
  const { SEED = "1", SEEDS } = process.env;
  return Array.from({ length: SEEDS === undefined ? usual : Number(SEEDS) }, (_, index) => Number(SEED) + index);
}
