import { createHash } from "node:crypto";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { deliveryKey } from "../message/delivery-key.ts";
import { eventMoment, unixNanoseconds } from "../message/event-moment.ts";
import { sortedKeys } from "../message/go-json.ts";
import { basic, secretText } from "../posting/authorization.ts";
import { ownHeaders } from "../posting/header-fields.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import { secretHeaders } from "../posting/secret-headers.ts";
import type { Sender } from "../sender.ts";
import { type SpanOfAlert, traceRequest } from "./trace-request.ts";

/** One span for each event, over OTLP/HTTP; all spans of an Alert for one revision are one trace. Source: reference 4.3.1; recorded in providers/otel-*. */
export const sendToOtel: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid OTLP endpoint URL ${provider.address}: '${problem}'` };
  const given = secretHeaders(provider);
  if (!given.ok) return { kind: "misconfigured", message: given.problem };
  if (event.involvedObject.kind === "HelmRepository") return { kind: "dropped", why: "a HelmRepository is no part of a trace" };
  const { authorization, ...headers } = withAuthorization(ownHeaders(given.value), provider);
  return postMessage(notification, world, {
    url: provider.address,
    headers: { ...headers, "content-type": "application/x-protobuf" },
    ...(authorization !== undefined && { authorization }),
    body: traceRequest(spanOf(notification, BigInt(world.now()) * 1_000_000n)),
  });
};

type Headers = { readonly [name: string]: string };

/** Recorded: the Secret's credentials count only beside `headers` without an authorization of their own. */
function withAuthorization(headers: Headers, provider: ProviderSettings): Headers {
  if (Object.keys(headers).length === 0 || headers["authorization"] !== undefined) return headers;
  const [username, password, token] = [secretText(provider, "username"), secretText(provider, "password"), secretText(provider, "token")];
  if (username !== "") return password === "" ? headers : { ...headers, authorization: basic(username, password) };
  return token === "" ? headers : { ...headers, authorization: `Bearer ${token}` };
}

function spanOf(notification: Notification, now: bigint): SpanOfAlert {
  const { alert, event } = notification;
  const { kind, namespace, name, uid } = event.involvedObject;
  return {
    resource: { "service.instance.id": alert.uid, "service.name": `${alert.namespace}/${alert.name}`, "service.namespace": alert.namespace },
    scope: "flux:notification-controller",
    schemaUrl: "https://opentelemetry.io/schemas/1.34.0",
    span: {
      traceId: createHash("sha256")
        .update(`${alert.uid}:${revisionOf(event)}`)
        .digest()
        .subarray(0, 16),
      // Flux's is random; a tracing system keeps one span for an id, so that a retry adds none.
      spanId: Buffer.from(deliveryKey(notification).slice(0, 16), "hex"),
      name: `${kind}: ${namespace}/${name}`,
      start: unixNanoseconds(eventMoment(event.timestamp)),
      end: now,
      attributes: { "object.uid": uid, "object.kind": kind, "object.name": name, "object.namespace": namespace, ...sortedKeys(event.metadata ?? {}) },
      status: event.severity === "error" ? { kind: "error", message: event.message } : { kind: "ok" },
    },
  };
}

/** What a chart's release has in common with its source, before the release's own revision. Source: reference 4.3.1; recorded in providers/otel-escape. */
function revisionOf({ metadata = {} }: NotifiedEvent): string {
  const { "app-version": version, "oci-digest": digest, revision } = metadata;
  if (version !== undefined && digest !== undefined) return `${version}@${digest}`;
  return revision ?? "unknown";
}
