import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { eventMoment } from "../message/event-moment.ts";
import { type GoJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { basicOrBearer } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** Grafana's Annotations API, with `when` where that has `time`, and without the message, as Flux. Source: reference 4.3.1; recorded in providers/grafana-*. */
export const sendToGrafana: Sender = async (notification, world) => {
  const { provider, event } = notification;
  // As Google Chat and Lark it does not say why. Source: notification-controller, internal/notifier/grafana.go, as is the token before the user.
  if (requestUriProblem(provider.address) !== undefined) return { kind: "misconfigured", message: `invalid Grafana URL ${provider.address}` };
  return postMessage(notification, world, { url: provider.address, ...basicOrBearer(provider, "bearer"), body: goJson(annotation(event)) });
};

function annotation(event: NotifiedEvent): GoJson {
  const { kind, name, namespace } = event.involvedObject;
  const said = metadataEntries(event).map(([key, value]) => `${withoutColons(key)}: ${withoutColons(value)}`);
  return {
    when: eventMoment(event.timestamp).seconds,
    text: objectName(event),
    tags: ["flux", event.reportingController, ...said, `kind: ${kind}`, `name: ${name}`, `namespace: ${namespace}`],
  };
}

/** Grafana takes what comes before a colon for a key. */
const withoutColons = (text: string): string => text.replaceAll(":", "|");
