import { subjectOf } from "../../domain/manifest.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { elapsed } from "../../domain/time.ts";
import { dedupeKey, SAID_ONCE_IN } from "../../events/dedupe-key.ts";
import { forAlerts } from "../../events/metadata.ts";
import { sendToAlerts } from "./alerts.ts";
import { sendToChannels } from "./channels.ts";
import type { DispatchEnd, NotificationsDeps } from "./notifications.ts";

/**
 * Sends an event on, once each, to all who want it. None of them waits for another, and one that cannot be reached stops none: the exception comes when all others are
 * served. Whoever dispatches the event again then sends some deliveries again, which are caught where they are made.
 */
export async function dispatch(deps: NotificationsDeps, event: NotifiedEvent): Promise<DispatchEnd> {
  const fields = { event: event.id, object: subjectOf(event.involvedObject), reason: event.reason };
  if (!(await isNew(deps, event))) {
    deps.log.info("event was said already", fields);
    return { kind: "duplicate" };
  }
  const seen = forAlerts(event);
  const [channels, alerts] = await Promise.allSettled([sendToChannels(deps, seen), sendToAlerts(deps, seen)]);
  if (channels.status === "rejected") throw channels.reason;
  if (alerts.status === "rejected") throw alerts.reason;
  const end = { alerts: alerts.value.matching, deliveries: alerts.value.deliveries + channels.value };
  deps.log.info("event dispatched", { ...fields, ...end });
  return { kind: "dispatched", ...end };
}

/** How often another event may come in between. */
const TRIES = 4;

/**
 * Whether nobody has said the same within five minutes. The note names the event that did: when that one comes again, it was cut off on its way, and goes on.
 * Source: reference 4.1; recorded in alerts/deduplication and rate-limit-interval.
 */
async function isNew({ clusterName, notes, clock }: NotificationsDeps, event: NotifiedEvent): Promise<boolean> {
  const key = `events/${dedupeKey(clusterName, event)}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const note = await notes.read(key);
    if (note?.text === event.id) return true;
    if (note !== undefined && elapsed(note.at, clock.now()) < SAID_ONCE_IN) return false;
    if (await notes.write(key, event.id, note)) return true;
  }
  throw new Error("the note of an event is written by too many at once");
}
