import type { HttpAnswer } from "../../http/exchange.ts";
import { goJson } from "../message/go-json.ts";
import { objectName } from "../message/object-name.ts";
import { answeredObject } from "../posting/answered-object.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";
import { slackMessage } from "./slack-message.ts";

/** The method of Slack's API; whatever else is an incoming webhook, or somebody who reads the same form (Mattermost). */
const POST_MESSAGE = "https://slack.com/api/chat.postMessage";

/** Slack, by an incoming webhook or by `chat.postMessage` with a bot's token. Source: reference 4.3.1; recorded in providers/slack-*. */
export const sendToSlack: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const { address, channel } = provider;
  const problem = requestUriProblem(address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Slack hook URL ${address}: '${problem}'` };

  const token = secretText(provider, "token");
  const message = slackMessage(event, {
    channel,
    username: provider.username || event.reportingController,
    fallback: `${objectName(event)}: ${event.message.split("\n", 1)[0] ?? ""}`,
    color: event.severity === "error" ? "danger" : "good",
  });
  return postMessage(notification, world, {
    url: address,
    ...(token !== "" && { authorization: `Bearer ${token}` }),
    body: goJson(message),
    ...(address === POST_MESSAGE && { check: complaintOf }),
  });
};

/** Slack's API answers 200 whatever happened; webhooks do not. Recorded in providers/slack-api-not-ok. */
function complaintOf(answer: HttpAnswer): string | undefined {
  const answered = answeredObject(answer);
  if (answered === undefined) return "unable to unmarshal response body: expected a JSON object";
  if (answered["ok"] === true) return undefined;
  const { error } = answered;
  return `Slack responded with error: ${typeof error === "string" ? error : ""}`;
}
