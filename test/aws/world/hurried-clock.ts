import { type AwsClock, createRealClock } from "../../support/aws/clock.ts";

/** What Lambda waits at least before it invokes a function again. Polls of queues are among what takes that long, too: they look again. */
const LONG_MS = 1_000;

export type HurriedClock = AwsClock & {
  /** Runs whatever waits for long now. */
  hurry(): Promise<void>;
};

/** The machine's clock, whose long waits nobody has to wait for. */
export function createHurriedClock(): HurriedClock {
  const clock = createRealClock();
  const long = new Set<() => void | Promise<void>>();
  return {
    ...clock,
    after: (ms, act) => {
      if (ms < LONG_MS) return clock.after(ms, act);
      const run = async (): Promise<void> => {
        cancel();
        if (long.delete(run)) await act();
      };
      const cancel = clock.after(ms, run);
      long.add(run);
      return () => {
        long.delete(run);
        cancel();
      };
    },
    hurry: async () => {
      await Promise.all([...long].map((run) => run()));
    },
  };
}
