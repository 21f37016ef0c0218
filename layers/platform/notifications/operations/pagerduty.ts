import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { type GoJson, goJson, sortedKeys, wholeSeconds } from "../message/go-json.ts";
import { reasonWords } from "../message/reason-words.ts";
import { postMessage } from "../posting/post-message.ts";
import { prefixed } from "../posting/prefixed.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/**
 * Errors open an incident of the object, all else ends it; info events also leave a change event. `channel` is the routing key. Of the address the origin
 * counts only. Twice the same ends the same, but for change events: a retry goes on behind what was done.
 * Source: reference 4.3.1; recorded in providers/pagerduty-*.
 */
export const sendToPagerDuty: Sender = async (notification, world) => {
  const { provider, event, done } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid PagerDuty endpoint URL ${JSON.stringify(provider.address)}: '${problem}'` };
  if (event.reason === "Progressing") return { kind: "dropped", why: "PagerDuty hears of what ended only" };
  const origin = originOf(provider.address);
  const post = async (path: string, body: GoJson): Promise<NotifierAnswer> => postMessage(notification, world, { url: origin + path, body: goJson(body) });

  if (done < 1) {
    const answer = await post("/v2/enqueue", incident(event, provider.channel));
    if (answer.kind !== "sent") return prefixed("failed sending event: ", answer);
  }
  if (event.severity !== "info") return { kind: "sent" };
  const answer = prefixed("failed sending change event: ", await post("/v2/change/enqueue", change(event, provider.channel)));
  return answer.kind === "unavailable" ? { ...answer, done: Math.max(done, 1) } : answer;
};

/** Without user and password, which Go's URL.Host has not either. */
function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url === undefined ? address : `${url.protocol}//${url.host}`;
}

/** PagerDuty's Events API v2, "Send an event". */
function incident(event: NotifiedEvent, routingKey: string): GoJson {
  const { uid, kind, name } = event.involvedObject;
  const about = { routing_key: routingKey, event_action: event.severity === "error" ? "trigger" : "resolve", dedup_key: uid };
  if (event.severity !== "error") return about;
  const { summary, source, timestamp, custom_details } = details(event);
  return { ...about, payload: { summary, source, severity: "error", timestamp, component: name, group: kind, custom_details } };
}

const change = (event: NotifiedEvent, routingKey: string): GoJson => ({ routing_key: routingKey, payload: details(event) });

const details = ({ involvedObject: { kind, name }, reason, reportingController, timestamp, message, metadata = {} }: NotifiedEvent) => ({
  summary: `${reasonWords(reason)}: ${kind.toLowerCase()}/${name}`,
  source: `Flux ${reportingController}`,
  timestamp: wholeSeconds(timestamp),
  custom_details: { message, metadata: sortedKeys(metadata) },
});
