import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { eventMoment } from "../message/event-moment.ts";
import { type GoJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { prefixed } from "../posting/prefixed.ts";
import type { Sender } from "../sender.ts";

/** Datadog's Events API v1, "Post an event", at the address's host. Source: reference 4.3.1; recorded in providers/datadog-*. */
export const sendToDatadog: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const token = secretText(provider, "token");
  if (token === "") return { kind: "misconfigured", message: "token cannot be empty" };
  const url = /^https?:\/\/[^/?#]/i.test(provider.address) && URL.canParse(provider.address) ? new URL(provider.address) : undefined;
  if (url === undefined)
    return { kind: "misconfigured", message: `failed to parse address ${JSON.stringify(provider.address)}: expected one such as https://api.datadoghq.eu` };
  const headers = { accept: "application/json", "dd-api-key": token };
  return prefixed(
    "failed to post event to DataDog: ",
    await postMessage(notification, world, { url: `${url.protocol}//${url.host}/api/v1/events`, headers, body: goJson(ofEvent(event)) }),
  );
};

function ofEvent(event: NotifiedEvent): GoJson {
  const { kind, name, namespace } = event.involvedObject;
  const tags = [
    `flux_reporting_controller:${event.reportingController}`,
    `flux_reason:${event.reason}`,
    `kube_kind:${kind}`,
    `kube_name:${name}`,
    `kube_namespace:${namespace}`,
    ...metadataEntries(event).map(([key, value]) => `${key}:${value}`),
  ];
  return {
    alert_type: event.severity === "error" ? "error" : "info",
    date_happened: eventMoment(event.timestamp).seconds,
    source_type_name: "fluxcd",
    tags: tags.map((tag) => tag.toLowerCase()),
    text: event.message,
    title: `Events from the ${kind} ${name}/${namespace}`,
  };
}
