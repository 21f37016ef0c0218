import { epochMs, hours, minutes } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/** A push whose cluster did not answer is looked into again after so long, */
const AGAIN_AFTER = minutes(1);
/** and for so long: by then every source has had its interval. */
const LONGEST_OWED = hours(24);

/**
 * Sends on, as a new message, what a cluster that does not answer for longer than a message comes again would make us forget: nothing in the cluster says that
 * a window was not swept, or that somebody pushed. False for what has an end as a dead letter. Looks at objects are none of this: a run over one does not
 * break off because its cluster is silent, but puts the next look off.
 */
export const createCarryOn =
  (queue: Queue, clock: Clock): ((item: WorkItem) => Promise<boolean>) =>
  async (item) => {
    const now = clock.now();
    switch (item.kind) {
      case "object":
        return false;
      case "push":
        if (item.pushedAt === undefined || now - item.pushedAt >= LONGEST_OWED) return false;
        await queue.send(item, { notBefore: epochMs(now + AGAIN_AFTER) });
        return true;
      case "cluster":
        // The time makes it another message than that of its tick, which the queue may still remember.
        await queue.send(item, { notBefore: now });
        return true;
    }
  };
