import type { Outcome } from "../domain/outcome.ts";
import { type Milliseconds, minutes, ms } from "../domain/time.ts";

const FIRST_RETRY = ms(750);
const LAST_RETRY = minutes(15);

/** When the host looks at the object again on its own account, and undefined where the interval or a change brings it back. Source: reference 0.3. */
export function nextLook(outcome: Outcome, attempt: number): { readonly in: Milliseconds; readonly attempt: number } | undefined {
  switch (outcome.kind) {
    case "succeeded":
    case "stalled":
      return undefined;
    case "skipped":
      return outcome.again === true ? { in: backOff(attempt), attempt: attempt + 1 } : undefined;
    case "progressing":
    case "waiting":
      return { in: outcome.retryIn, attempt: 0 };
    case "failed":
      return { in: outcome.retryIn ?? backOff(attempt), attempt: attempt + 1 };
  }
}

/** 750 ms, doubled at every attempt, a quarter of an hour at most. The first look again of a run that was overtaken comes at once. */
const backOff = (attempt: number): Milliseconds => ms(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(attempt, 20)));
