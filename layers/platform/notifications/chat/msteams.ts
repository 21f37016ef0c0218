import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { type GoJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { postMessage, shownBody } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** Microsoft Teams: an adaptive card, or the message card of the old connectors. Source: reference 4.3.1; recorded in providers/msteams-*. */
export const sendToMsTeams: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid MS Teams webhook URL ${provider.address}: '${problem}'` };
  const url = provider.address;
  if (isOldConnector(url)) return postMessage(notification, world, { url, body: goJson(messageCard(event)), check: complaintOf });
  return postMessage(notification, world, { url, body: goJson(adaptiveCard(event)) });
};

/** Connectors answer 200 to what Teams refused: it was too large, or too much in a short time. Flux does not look; we do not lose it silently. */
function complaintOf(answer: HttpAnswer): string | undefined {
  const text = shownBody(answer);
  return text.startsWith("Webhook message delivery failed") ? text : undefined;
}

const isOldConnector = (address: string): boolean => URL.canParse(address) && new URL(address).hostname.endsWith(".webhook.office.com");

const messageCard = (event: NotifiedEvent): GoJson => ({
  "@type": "MessageCard",
  "@context": "http://schema.org/extensions",
  themeColor: event.severity === "error" ? "FF0000" : "0076D7",
  summary: objectName(event),
  sections: [{ activityTitle: event.message, activitySubtitle: objectName(event), facts: metadataEntries(event).map(([name, value]) => ({ name, value })) }],
});

/** Teams understands adaptive cards up to 1.4. */
const adaptiveCard = (event: NotifiedEvent): GoJson => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [{ type: "Container", items: cardItems(event) }],
        msteams: { width: "Full" },
      },
    },
  ],
});

function cardItems(event: NotifiedEvent): readonly GoJson[] {
  const facts = factsOf(event);
  return [
    { type: "TextBlock", text: objectName(event), size: "large", weight: "bolder", wrap: true },
    {
      type: "TextBlock",
      ...(event.message !== "" && { text: event.message }),
      ...(event.severity === "error" && { color: "attention" }),
      wrap: true,
    },
    { type: "FactSet", ...(facts.length > 0 && { facts }) },
  ];
}

/** The summary comes before all else. */
function factsOf(event: NotifiedEvent): readonly GoJson[] {
  const entries = metadataEntries(event);
  const summary = entries.filter(([key]) => key === "summary");
  return [...summary, ...entries.filter(([key]) => key !== "summary")].map(([title, value]) => ({ title, value }));
}
