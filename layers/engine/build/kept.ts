/** What is remembered, up to a weight in all; what was asked for longest ago goes first. */
export type Kept<Value> = {
  get(key: string): Value | undefined;
  /** What alone is too heavy is not kept. */
  set(key: string, value: Value, weight: number): void;
};

export function createKept<Value>(most: number): Kept<Value> {
  const kept = new Map<string, { readonly value: Value; readonly weight: number }>();
  let sum = 0;
  const drop = (key: string): void => {
    sum -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set: (key, value, weight) => {
      drop(key);
      if (weight > most) return;
      kept.set(key, { value, weight });
      sum += weight;
      for (const oldest of kept.keys()) {
        if (sum <= most) break;
        drop(oldest);
      }
    },
  };
}
