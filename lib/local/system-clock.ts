import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";

/** How far the finer clock may be from the machine's before it is set anew. */
const TOLERANCE_MS = 2;

/**
 * The time of the machine with parts of milliseconds: durations in messages are as fine as Flux's, so that two passes of 85 ms are two events and do
 * not fold into one as repeats of the same message. It follows when somebody sets the machine's clock.
 */
export function createFineClock(coarse: () => number, steady: () => number): Clock {
  let offset = coarse() - steady();
  return {
    now: () => {
      const wanted = coarse();
      if (Math.abs(offset + steady() - wanted) > TOLERANCE_MS) offset = wanted - steady();
      return epochMs(offset + steady());
    },
  };
}

export const systemClock: Clock = createFineClock(Date.now, () => performance.now());
