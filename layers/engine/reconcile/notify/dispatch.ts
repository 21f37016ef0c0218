import { subjectOf } from "../../domain/manifest.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { forAlerts } from "../../events/metadata.ts";
import { sendToAlerts } from "./alerts.ts";
import { sendToChannels } from "./channels.ts";
import { readSaid } from "./claim.ts";
import type { NotificationsDeps } from "./deps.ts";
import type { DispatchEnd } from "./ends.ts";

/**
 * Sends an event on, once each, to all who want it. None of them waits for another, and one that cannot be reached stops none: the exception comes when all others are
 * served. Whoever dispatches the event again then sends some deliveries again, which are caught where they are made.
 */
export async function dispatch(deps: NotificationsDeps, event: NotifiedEvent): Promise<DispatchEnd> {
  const said = await readSaid(deps, event);
  const seen = forAlerts(event);
  const toAlerts = said.isSaid ? Promise.resolve(NOBODY) : sendToAlerts(deps, seen, said.claim);
  const [channels, alerts] = await Promise.allSettled([sendToChannels(deps, seen, said), toAlerts]);
  if (channels.status === "rejected") throw channels.reason;
  if (alerts.status === "rejected") throw alerts.reason;
  const deliveries = alerts.value.deliveries + channels.value;
  if (deliveries === 0 && (said.isSaid || said.isLost())) return duplicate(deps, event);
  // No line for the log: each delivery has its own, and of an event that nobody wants there is nothing to say.
  return { kind: "dispatched", alerts: alerts.value.matching, deliveries };
}

const NOBODY = { matching: 0, deliveries: 0 };

function duplicate({ log }: NotificationsDeps, { id, involvedObject, reason }: NotifiedEvent): DispatchEnd {
  log.info("event was said already", { event: id, object: subjectOf(involvedObject), reason });
  return { kind: "duplicate" };
}
