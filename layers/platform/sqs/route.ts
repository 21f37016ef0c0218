import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Outgoing } from "./batches.ts";
import { dedupeOf, groupOf, writeMessage } from "./message.ts";

/** Addresses of the queues; a host that sends no sweeps has no `sweep`. */
export type QueueUrls = { readonly source: string; readonly apply: string; readonly later: string; readonly sweep?: string };

/** SQS delays no message for longer. Source: SQS API reference, SendMessage. */
const LONGEST_DELAY_SECONDS = 900;
const SOURCE_GROUP = "source.toolkit.fluxcd.io";

/**
 * The message for `item` and the queue that it goes to now. FIFO queues cannot delay a single message, so what is not due yet goes through the standard
 * queue `later`, as often as it takes.
 */
export function routeOf(urls: QueueUrls, item: WorkItem, notBefore: EpochMs | undefined, now: EpochMs): Outgoing {
  if (notBefore !== undefined && notBefore > now) {
    const delaySeconds = Math.min(Math.ceil((notBefore - now) / 1000), LONGEST_DELAY_SECONDS);
    return { url: urls.later, body: writeMessage(item, notBefore), how: { kind: "standard", delaySeconds } };
  }
  return { url: urlFor(urls, item), body: writeMessage(item, notBefore), how: { kind: "fifo", group: groupOf(item), dedupe: dedupeOf(item, notBefore) } };
}

function urlFor(urls: QueueUrls, item: WorkItem): string {
  switch (item.kind) {
    case "object":
      return item.key.group === SOURCE_GROUP ? urls.source : urls.apply;
    case "push":
      return urls.source;
    case "cluster":
      if (urls.sweep === undefined) throw new Error("this host sends no sweeps: it was not told where their queue is");
      return urls.sweep;
  }
}
