import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** A room of Webex, by a bot's token. Source: reference 4.3.1; recorded in providers/webex-*, token-in-error. */
export const sendToWebex: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Webex hook URL ${provider.address}: '${problem}'` };
  return postMessage(notification, world, {
    url: provider.address,
    authorization: `Bearer ${secretText(provider, "token")}`,
    body: goJson({ ...(provider.channel !== "" && { roomId: provider.channel }), markdown: markdown(event) }),
  });
};

function markdown(event: NotifiedEvent): string {
  const details = metadataEntries(event).map(([key, value]) => `>**${key}**: ${value}\n`);
  return `${event.severity === "error" ? "💣" : "✅"} **${objectName(event)}**\n${event.message}\n${details.join("")}`;
}
