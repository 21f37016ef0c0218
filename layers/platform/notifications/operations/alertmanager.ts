import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { type GoJson, goJson, sortedKeys, wholeSeconds } from "../message/go-json.ts";
import { basicOrBearer } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** Alertmanager's API v2, "Create new Alerts". Source: reference 4.3.1; recorded in providers/alertmanager-*. */
export const sendToAlertmanager: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Alertmanager URL ${provider.address}: '${problem}'` };
  // Recorded in providers/alertmanager-both.
  return postMessage(notification, world, { url: provider.address, ...basicOrBearer(provider, "basic"), body: goJson([alert(event)]) });
};

function alert({ involvedObject: { kind, name, namespace }, severity, reason, message, metadata = {}, timestamp, reportingController }: NotifiedEvent): GoJson {
  const { summary, ...labels } = metadata;
  const alertname = `Flux${kind}${reason.slice(0, 1).toUpperCase()}${reason.slice(1).toLowerCase()}`;
  return {
    status: "firing",
    labels: sortedKeys({ ...labels, alertname, severity, reason, kind, name, namespace, reportingcontroller: reportingController }),
    annotations: { message, ...(summary !== undefined && { summary }) },
    startsAt: wholeSeconds(timestamp),
    // Go's zero time: Alertmanager ends the alert itself.
    endsAt: "0001-01-01T00:00:00Z",
  };
}
