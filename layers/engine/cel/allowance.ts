/**
 * Work that several expressions may do together: each alone is bounded, but a stranger may write thousands, or have one evaluated for thousands of objects.
 * Without CEL in it: who only hands one on loads none.
 */
export type Allowance = { left(): number; spend(work: number): void };

/** About a second of a small function's time. A usual expression takes a hundred for an object. */
const MOST_WORK = 5_000_000;

export function createAllowance(work: number = MOST_WORK): Allowance {
  let left = work;
  return {
    left: () => left,
    spend: (spent) => {
      left -= spent;
    },
  };
}
