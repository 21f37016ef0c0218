import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import type { Sender } from "../sender.ts";

/**
 * A chat of Telegram, by a bot's token; `channel` is `<chat>`, or `<chat>:<thread>` for a topic of a forum. The address is not looked at.
 * Source: reference 4.3.1; recorded in providers/telegram-*.
 */
export const sendToTelegram: Sender = async (notification, world) => {
  const { provider, event } = notification;
  if (provider.channel === "") return { kind: "misconfigured", message: "empty Telegram channel" };
  const token = secretText(provider, "token");
  if (token === "") return { kind: "misconfigured", message: "empty Telegram token" };

  const [chat = "", ...rest] = provider.channel.split(":");
  const thread = rest.join(":");
  return postMessage(notification, world, {
    url: `https://api.telegram.org/bot${token}/sendMessage`,
    body: goJson({ chat_id: chat, ...(thread !== "" && { message_thread_id: thread }), text: markdown(event), parse_mode: "MarkdownV2" }),
    useTls: false,
    prefix: "",
  });
};

function markdown(event: NotifiedEvent): string {
  const { kind, name, namespace } = event.involvedObject;
  const heading = `${event.severity === "error" ? "🚨" : "💫"} ${kind.toLowerCase()}/${name}/${namespace}`;
  const details = metadataEntries(event).map(([key, value]) => `\\- *${escaped(key)}*: ${escaped(value)}\n`);
  return `*${escaped(heading)}*\n${escaped(event.message)}\n${details.join("")}`;
}

/** Telegram refuses a message in which one of these signs stands for itself without a backslash. */
const escaped = (text: string): string => text.replace(/[\\.\-_[\]()~>`#+=|{}!*]/g, "\\$&");
