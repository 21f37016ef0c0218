import { createHash } from "node:crypto";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { groupOf } from "./message.ts";

/**
 * Each run of an object that is not done puts the next look off, so whatever begins a run beside the looks that are under way (a push, a request) would begin
 * one more chain of them, for as long as the object fails. Here looks that are put off by about as long are put off to the same moment, where the FIFO queue
 * swallows all but one. A queue in memory needs none of this: it knows what waits.
 */
export function createAlignedLooks(queue: Queue, clock: Clock): Queue {
  return {
    send: (item, { notBefore } = {}) =>
      queue.send(item, notBefore === undefined ? {} : { notBefore: alignedDue(notBefore, clock.now(), phaseOf(groupOf(item))) }),
  };
}

/** 0 to 1, spread evenly over objects: those that failed together, of one refusal by GitHub or an API server, do not come back together. */
const phaseOf = (group: string): number => createHash("sha256").update(group).digest().readUInt32BE(0) / 2 ** 32;

/**
 * The next moment on a grid of the largest power of two seconds in the delay, which is shifted by `phase`, the object's own. So there are at most two chains of looks that are put off by equal delays, and a look comes
 * at most twice as late as it was asked for.
 */
export function alignedDue(notBefore: EpochMs, now: EpochMs, phase: number): EpochMs {
  if (notBefore <= now) return notBefore;
  const grid = 1000 * 2 ** Math.floor(Math.log2(Math.max(1, (notBefore - now) / 1000)));
  const shift = Math.floor(phase * grid);
  return epochMs(Math.ceil((notBefore - shift) / grid) * grid + shift);
}
