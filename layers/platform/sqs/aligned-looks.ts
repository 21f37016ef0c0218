import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/**
 * Each run of an object that is not done puts the next look off, so whatever begins a run beside the looks that are under way (a push, a request) would begin
 * one more chain of them, for as long as the object fails. Here looks that are put off by about as long are put off to the same moment, where the FIFO queue
 * swallows all but one. A queue in memory needs none of this: it knows what waits.
 */
export function createAlignedLooks(queue: Queue, clock: Clock): Queue {
  return {
    send: (item, { notBefore } = {}) => queue.send(item, notBefore === undefined ? {} : { notBefore: alignedDue(notBefore, clock.now()) }),
  };
}

/**
 * The next multiple of the largest power of two seconds in the delay. So there are at most two chains of looks that are put off by equal delays, and a look comes
 * at most twice as late as it was asked for.
 */
export function alignedDue(notBefore: EpochMs, now: EpochMs): EpochMs {
  if (notBefore <= now) return notBefore;
  const grid = 1000 * 2 ** Math.floor(Math.log2(Math.max(1, (notBefore - now) / 1000)));
  return epochMs(Math.ceil(notBefore / grid) * grid);
}
