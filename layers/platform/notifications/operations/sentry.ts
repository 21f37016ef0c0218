import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Notification } from "@sluice/engine/ports/notifier.ts";
import { deliveryKey } from "../message/delivery-key.ts";
import { eventMoment, formatNanoseconds } from "../message/event-moment.ts";
import { type GoJson, goJson, sortedKeys } from "../message/go-json.ts";
import { postMessage } from "../posting/post-message.ts";
import type { Sender, SenderWorld } from "../sender.ts";

/** As it was recorded: Sentry groups and shows by it. */
const CLIENT = "sentry.go/0.46.2";

/**
 * Errors as events, what is fine as transactions; `channel` is the environment, the address a DSN. Sentry keeps one event for an id, and a retry has the same.
 * A proxy is not heeded. Source: reference 4.3.1; Sentry's developer documentation, "Envelopes"; recorded in providers/sentry-*.
 */
export const sendToSentry: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const dsn = parseDsn(provider.address);
  if (!dsn.ok) return { kind: "misconfigured", message: `[Sentry] DsnParseError: ${dsn.problem}` };
  if (event.severity === "trace") return { kind: "dropped", why: "Sentry gets errors and what is fine" };
  const { url, publicKey, secretKey } = dsn.value;
  const secretPart = secretKey === "" ? "" : `, sentry_secret=${secretKey}`;
  return postMessage(notification, world, {
    url,
    headers: { "x-sentry-auth": `Sentry sentry_version=7, sentry_client=${CLIENT}, sentry_key=${publicKey}${secretPart}` },
    contentType: "application/x-sentry-envelope",
    body: envelope(notification, world),
    useProxy: false,
  });
};

type Dsn = { readonly url: string; readonly publicKey: string; readonly secretKey: string };

/** `https://<public key>[:<secret key>]@<host>/[<path>/]<project>`; a problem does not show it. Source: Sentry's developer documentation, "Parsing the DSN". */
function parseDsn(address: string): Result<Dsn> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return problem("invalid url");
  if (url.protocol !== "http:" && url.protocol !== "https:") return problem("invalid scheme");
  if (url.username === "") return problem("empty username");
  const [project = "", ...path] = url.pathname.split("/").slice(1).toReversed();
  if (project === "") return problem("empty project id");
  const folders = path.toReversed().map((folder) => `/${folder}`);
  return ok({ url: `${url.protocol}//${url.host}${folders.join("")}/api/${project}/envelope/`, publicKey: url.username, secretKey: url.password });
}

/** Three lines: what it is about, what the item is, and the item. */
function envelope(notification: Notification, { now, hostname }: Pick<SenderWorld, "now" | "hostname">): string {
  const { provider, event } = notification;
  const key = deliveryKey(notification);
  const kind = event.severity === "error" ? "event" : "transaction";
  const environment = provider.channel === "" ? {} : { environment: provider.channel };
  const item = goJson({
    ...(kind === "event" ? failure(event) : transaction(event, key, hostname)),
    ...environment,
    event_id: key.slice(0, 32),
    platform: "go",
  });
  const head = goJson({ event_id: key.slice(0, 32), sent_at: new Date(now()).toISOString(), dsn: provider.address, sdk: { name: "sentry.go" } });
  return `${head}\n${goJson({ type: kind, length: Buffer.byteLength(item) })}\n${item}\n`;
}

const nameOf = ({ involvedObject: { kind, namespace, name } }: NotifiedEvent): string => `${kind}: ${namespace}/${name}`;

const failure = (event: NotifiedEvent): { readonly [key: string]: GoJson } => ({
  level: "error",
  message: event.message,
  transaction: nameOf(event),
  server_name: event.reportingController,
  timestamp: formatNanoseconds(eventMoment(event.timestamp)),
  contexts: { metadata: sortedKeys(event.metadata ?? {}) },
});

function transaction(event: NotifiedEvent, key: string, hostname: string): { readonly [key: string]: GoJson } {
  const ids = { trace_id: key.slice(32, 64), span_id: key.slice(16, 32) };
  const timestamp = formatNanoseconds(eventMoment(event.timestamp));
  const tags = tagsOf(event);
  return {
    type: "transaction",
    level: "info",
    message: event.message,
    transaction: nameOf(event),
    server_name: hostname,
    tags,
    timestamp,
    start_timestamp: timestamp,
    contexts: { trace: { op: "event", ...ids } },
    spans: [{ ...ids, op: "event", start_timestamp: timestamp, timestamp, origin: "manual", tags }],
  };
}

function tagsOf({ involvedObject: { kind, name, namespace }, reason, reportingController, reportingInstance, metadata }: NotifiedEvent): {
  readonly [key: string]: string;
} {
  return sortedKeys({
    flux_involved_object_kind: kind,
    flux_involved_object_name: name,
    flux_involved_object_namespace: namespace,
    flux_reason: reason,
    flux_reporting_controller: reportingController,
    flux_reporting_instance: reportingInstance,
    ...metadata,
  });
}
