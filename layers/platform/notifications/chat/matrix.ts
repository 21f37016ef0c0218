import { createHash } from "node:crypto";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { eventJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** A room of Matrix. The transaction's id is made of the event: a second attempt shows nothing twice. Source: reference 4.3.1; recorded in providers/matrix-*. */
export const sendToMatrix: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const { address, channel } = provider;
  const problem = requestUriProblem(address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Matrix homeserver URL ${address}: '${problem}'` };

  const transaction = createHash("sha1").update(eventJson(event)).digest("hex");
  return postMessage(notification, world, {
    method: "PUT",
    url: `${address}/_matrix/client/r0/rooms/${channel}/send/m.room.message/${transaction}`,
    authorization: `Bearer ${secretText(provider, "token")}`,
    body: goJson({ body: text(event), msgtype: "m.text" }),
    useProxy: false,
  });
};

function text(event: NotifiedEvent): string {
  const details = metadataEntries(event).map(([key, value]) => `- ${key}: ${value}\n`);
  return `${event.severity === "error" ? "🚨" : "💫"} ${objectName(event)}\n${event.message}\n${details.join("")}`;
}
