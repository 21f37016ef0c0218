import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { GoJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";

type Looks = {
  readonly channel: string;
  readonly username: string;
  /** What shows where attachments do not: in notifications of the desktop. */
  readonly fallback: string;
  readonly color: string;
};

/** An event in the form of Slack's attachments, which Discord and Rocket.Chat read, too. Source: reference 4.3.1. */
export const slackMessage = (event: NotifiedEvent, { channel, username, fallback, color }: Looks): GoJson => ({
  channel,
  username,
  icon_url: "",
  icon_emoji: "",
  attachments: [
    {
      fallback,
      color,
      author_name: objectName(event),
      text: event.message,
      mrkdwn_in: ["text"],
      fields: metadataEntries(event).map(([title, value]) => ({ title, value, short: false })),
    },
  ],
});
