import { type Milliseconds, ms } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";

/** How long one cluster may hold up others that were received with it; before the next minute they are free again. */
const SWEEP_PATIENCE = ms(40_000);

/** A push asks its cluster for one LIST, which answers in milliseconds or does not answer; what it was received with does not wait for that, nor do we pay for it. */
const PUSH_PATIENCE = ms(15_000);

/**
 * What ends a run before the function's time does. The messages of a batch are done with together: one run that does not end keeps the groups of all others
 * waiting, long after they are done. A sweep that is ended comes again, sooner or later alone, and has all its time then. A look at an object is let go on: to
 * fetch a large repository takes what it takes.
 */
export function createPatience(
  signalAfter: (after: Milliseconds) => AbortSignal,
): (item: WorkItem, options: { readonly isAlone: boolean }) => AbortSignal | undefined {
  return (item, { isAlone }) => {
    switch (item.kind) {
      case "object":
        return undefined;
      case "push":
        return signalAfter(PUSH_PATIENCE);
      case "cluster":
        return isAlone ? undefined : signalAfter(SWEEP_PATIENCE);
    }
  };
}
