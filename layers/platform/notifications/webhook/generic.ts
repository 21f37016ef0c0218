import { createHmac } from "node:crypto";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { eventJson } from "../message/go-json.ts";
import { secretText } from "../posting/authorization.ts";
import { ownHeaders } from "../posting/header-fields.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import { secretHeaders } from "../posting/secret-headers.ts";
import type { Sender, SenderWorld } from "../sender.ts";

/** The event itself, as JSON, to anybody's webhook. Source: reference 4.3.1; recorded in providers/generic-*. */
export const sendToGeneric: Sender = (notification, world) => forward(notification, world, undefined);

/** As generic, with a signature over the bytes of the body. Source: reference 4.3.1; recorded in providers/generic-hmac-*. */
export const sendToGenericHmac: Sender = (notification, world) => forward(notification, world, secretText(notification.provider, "token"));

async function forward(notification: Notification, world: SenderWorld, key: string | undefined): Promise<NotifierAnswer> {
  const { provider, event } = notification;
  const { address } = provider;
  const problem = requestUriProblem(address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid hook URL ${address}: ${problem}` };
  if (key === "") return { kind: "misconfigured", message: "HMAC key is empty" };
  const given = secretHeaders(provider);
  if (!given.ok) return { kind: "misconfigured", message: given.problem };

  const body = eventJson(event);
  const all: { readonly [name: string]: string } = {
    "gotk-component": event.reportingController,
    ...ownHeaders(given.value),
    ...(key !== undefined && { "x-signature": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` }),
  };
  const { authorization, ...headers } = all;
  return postMessage(notification, world, { url: address, headers, ...(authorization !== undefined && { authorization }), body });
}
