import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { type GoJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** A webhook of a space of Google Chat. Source: reference 4.3.1; recorded in providers/googlechat-*. */
export const sendToGoogleChat: Sender = async (notification, world) => {
  const { provider, event } = notification;
  // One of three that do not say why.
  if (requestUriProblem(provider.address) !== undefined) return { kind: "misconfigured", message: `invalid Google Chat hook URL ${provider.address}` };
  return postMessage(notification, world, { url: provider.address, body: goJson(card(event)), useTls: false });
};

function card(event: NotifiedEvent): GoJson {
  const text = event.severity === "error" ? `<font color="#ff0000">${event.message}</font>` : event.message;
  const details = metadataEntries(event).map(([topLabel, content]) => ({
    textParagraph: null,
    keyValue: { topLabel, content, contentMultiline: false, bottomLabel: null, icon: null },
  }));
  return {
    cards: [
      {
        header: { title: objectName(event), subtitle: event.reportingController, imageUrl: null, imageStyle: null },
        sections: [{ header: "", widgets: [{ textParagraph: { text }, keyValue: null }] }, ...(details.length > 0 ? [{ header: "", widgets: details }] : [])],
      },
    ],
  };
}
