import { goJson } from "../message/go-json.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";
import { slackMessage } from "./slack-message.ts";

/** A webhook of Rocket.Chat. Source: reference 4.3.1; recorded in providers/rocket-*. */
export const sendToRocket: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Rocket hook URL ${provider.address}: '${problem}'` };

  const { channel, username } = provider;
  const message = slackMessage(event, { channel, username, fallback: "", color: event.severity === "error" ? "#FF0000" : "#0076D7" });
  return postMessage(notification, world, { url: provider.address, body: goJson(message) });
};
