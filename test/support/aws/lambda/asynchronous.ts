import { AwsProblem } from "../answer.ts";
import type { Background } from "../background.ts";
import type { AwsClock } from "../clock.ts";

/** An event that Lambda gave up on. */
export type Discarded = { readonly functionName: string; readonly event: unknown; readonly why: string };

export type InvokeLater = (functionName: string, event: unknown) => void;

const RETRIES_AFTER_ERRORS = [60_000, 120_000];
const MAX_AGE_MS = 6 * 3_600_000;

/**
 * Lambda's own queue of asynchronous invocations: an error of the function is tried again after one and after two minutes; when the function is
 * throttled or Lambda fails, again with growing pauses for six hours.
 * Source: Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
 */
export function createInvokeLater(
  clock: AwsClock,
  background: Background,
  invoke: (functionName: string, event: unknown) => Promise<unknown>,
): { readonly later: InvokeLater; readonly discarded: () => readonly Discarded[]; readonly waiting: () => number; readonly throttled: () => number } {
  const discarded: Discarded[] = [];
  let waiting = 0;
  let throttled = 0;

  const attempt = async (functionName: string, event: unknown, since: number, errors: number, pause: number): Promise<void> => {
    try {
      await invoke(functionName, event);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      const busy = thrown instanceof AwsProblem && (thrown.status === 429 || thrown.status >= 500);
      const wait = busy ? pause : RETRIES_AFTER_ERRORS[errors];
      const hopeless = thrown instanceof AwsProblem && !busy;
      if (hopeless || wait === undefined || clock.now() + wait - since > MAX_AGE_MS) return void discarded.push({ functionName, event, why });
      const next = busy ? Math.min(pause * 2, 300_000) : pause;
      waiting += 1;
      if (busy) throttled += 1;
      clock.after(wait, () => {
        waiting -= 1;
        if (busy) throttled -= 1;
        return attempt(functionName, event, since, busy ? errors : errors + 1, next);
      });
    }
  };

  return {
    later: (functionName, event) => background.run(() => attempt(functionName, event, clock.now(), 0, 1000)),
    discarded: () => discarded,
    waiting: () => waiting,
    throttled: () => throttled,
  };
}
