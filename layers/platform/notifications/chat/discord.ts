import { join } from "node:path/posix";
import { goJson } from "../message/go-json.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";
import { slackMessage } from "./slack-message.ts";

/** A webhook of Discord, by its end that understands Slack's form. The webhook has its own channel. Source: reference 4.3.1; recorded in providers/discord-*. */
export const sendToDiscord: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Discord hook URL ${provider.address}: '${problem}'` };

  const message = slackMessage(event, {
    channel: "",
    username: provider.username || event.reportingController,
    fallback: "",
    color: event.severity === "error" ? "danger" : "good",
  });
  return postMessage(notification, world, { url: slackEnd(provider.address), body: goJson(message), useTls: false });
};

/** `https://discord.com/api/webhooks/1/x` as `https://discord.com/api/webhooks/1/x/slack`. */
function slackEnd(address: string): string {
  if (address.endsWith("/slack") || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.pathname = join(url.pathname, "slack");
  return url.href;
}
