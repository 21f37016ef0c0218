/** Thrown when the work is used up; one object, because it may be thrown once for each item of a list. */
export const EXHAUSTED = new Error("operation cancelled: actual cost limit exceeded");

/**
 * Counts the work of one evaluation while it runs: one for each node of the expression that is evaluated, and what the values are worth that are
 * compared, joined or searched. Evaluation is synchronous, so that one meter serves an environment.
 */
export type Meter = { start(budget: number): void; spend(work: number): void; isExhausted(): boolean; left(): number };

export function createMeter(): Meter {
  let left = 0;
  return {
    start: (budget) => {
      left = budget;
    },
    spend: (work) => {
      left -= work;
      if (left < 0) throw EXHAUSTED;
    },
    isExhausted: () => left < 0,
    left: () => left,
  };
}

/** Characters that are as much work as one node. */
const CHARACTERS = 10;

/** Spends what walking all of `value` is worth: lists and maps may share parts, so that the walk itself is what must be bounded. */
export function spendOn(meter: Meter, value: unknown): void {
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(), some = true; some; some = waiting.length > 0, next = waiting.pop()) {
    meter.spend(1 + sizeOf(next));
    if (Array.isArray(next)) for (const item of next) waiting.push(item);
    else if (next instanceof Map) for (const [key, item] of next) waiting.push(key, item);
    else if (isPlain(next)) for (const item of Object.values(next)) waiting.push(item);
  }
}

/** Spends what the value itself is worth, and the texts directly in a list. */
export function spendOnShallow(meter: Meter, value: unknown): void {
  meter.spend(sizeOf(value));
  if (Array.isArray(value)) for (const item of value) if (typeof item === "string") meter.spend(item.length / CHARACTERS);
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length / CHARACTERS;
  if (value instanceof Uint8Array) return value.length / CHARACTERS;
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

const isPlain = (value: unknown): value is object => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
