import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { secretText } from "./authorization.ts";
import { goJson } from "./go-json.ts";
import { metadataEntries } from "./metadata-entries.ts";
import { objectName } from "./object-name.ts";
import { postMessage } from "./post-message.ts";
import { requestUriProblem } from "./request-uri.ts";
import type { Sender } from "./sender.ts";

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
