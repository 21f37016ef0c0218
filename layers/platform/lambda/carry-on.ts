import { type EpochMs, epochMs, hours, minutes } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/** For so long a push whose cluster did not answer comes again as its message does, within seconds; */
const SOON = minutes(1);
/** then it is looked into again after as long as it has waited, but at least once within so long, */
const LONGEST_PAUSE = minutes(15);
/** until it is so old: by then every source has had its interval. */
const LONGEST_OWED = hours(24);

/**
 * Sends on, as a new message, what a cluster that does not answer for longer than a message comes again would make us forget: nothing in the cluster says that
 * a window was not swept, or that somebody pushed. False for what comes again by itself, and for what has an end as a dead letter. Looks at objects are none of
 * this: a run over one does not break off because its cluster is silent, but puts the next look off.
 */
export const createCarryOn =
  (queue: Queue, clock: Clock): ((item: WorkItem, options: { readonly isLast: boolean }) => Promise<boolean>) =>
  async (item, { isLast }) => {
    const now = clock.now();
    switch (item.kind) {
      case "object":
        return false;
      case "push": {
        const age = item.pushedAt === undefined ? LONGEST_OWED : now - item.pushedAt;
        if (age >= LONGEST_OWED || (age < SOON && !isLast)) return false;
        await queue.send(item, { notBefore: nextMinute(now + Math.min(Math.max(age, SOON), LONGEST_PAUSE)) });
        return true;
      }
      case "cluster":
        if (!isLast) return false;
        // The time makes it another message than that of its tick, which the queue may still remember.
        await queue.send(item, { notBefore: now });
        return true;
    }
  };

/** Pushes that wait for one cluster come together, in one batch that waits for it once. */
const nextMinute = (moment: number): EpochMs => epochMs(Math.ceil(moment / SOON) * SOON);
