/**
 * What the templates of one render may use up together. Functions that make much of little (`repeat`, `until`, `randAlphaNum`) ask for it before they do:
 * `budget.bytes(count)`, `budget.steps(count)`. What is too much ends all of the render: no template can catch it.
 */
export type Budget = {
  steps(count: number): void;
  bytes(count: number): void;
  /** How many templates stand within each other now. A plain field: who is out of stack can still set it back. */
  depth: number;
  readonly limits: BudgetLimits;
};

export type BudgetLimits = {
  /** Nodes and function calls. Ten million take some seconds. */
  readonly steps: number;
  /** Bytes (UTF-16 units, to be exact) that are written or returned by functions, counted again for each time. */
  readonly bytes: number;
  /** Templates within each other, by `template` or `include`. Go stops at 100,000, Helm at 1,000 of the same name; JavaScript's stack has room for some 700. */
  readonly depth: number;
};

export const DEFAULT_LIMITS: BudgetLimits = { steps: 10_000_000, bytes: 256 * 1024 * 1024, depth: 400 };

/** Thrown through templates and functions; `execute` makes a value of it. */
export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
}

export function createBudget(limits: BudgetLimits = DEFAULT_LIMITS): Budget {
  let steps = limits.steps;
  let bytes = limits.bytes;
  return {
    limits,
    steps: (count) => {
      steps -= count;
      if (steps < 0) throw new BudgetExceeded(`templates take more than ${limits.steps} steps`);
    },
    bytes: (count) => {
      bytes -= count;
      if (bytes < 0) throw new BudgetExceeded(`templates make more than ${limits.bytes} bytes`);
    },
    depth: 0,
  };
}
