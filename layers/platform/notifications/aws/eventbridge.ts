import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { AwsAnswer } from "../../aws/exchange.ts";
import { writeEventMessage } from "../../sns/event-message.ts";
import { eventMoment } from "../message/event-moment.ts";
import type { Sender } from "../sender.ts";
import { parseEventBus } from "./destination.ts";
import { sendToAws } from "./send-to-aws.ts";

const LONGEST_SOURCE = 256;
const LONGEST_DETAIL_TYPE = 128;

/**
 * Puts the event on a bus: source `sluice.<cluster>`, detail-type `<Kind> <Reason>` (`Kustomization HealthCheckFailed`), and as detail what the
 * installation's own topic has (docs/events.md). Needs events:PutEvents on the bus. Source: EventBridge API reference, PutEvents and PutEventsRequestEntry.
 */
export const sendToEventBridge: Sender = async (notification, world) => {
  const { cluster, event, provider } = notification;
  const found = parseEventBus(provider.address);
  if (!found.ok) return { kind: "misconfigured", message: found.problem };
  const { bus, region } = found.value;
  const entry = {
    EventBusName: bus,
    Source: `sluice.${cluster}`.slice(0, LONGEST_SOURCE),
    DetailType: `${event.involvedObject.kind} ${event.reason}`.slice(0, LONGEST_DETAIL_TYPE),
    Detail: writeEventMessage(event, cluster),
    Time: eventMoment(event.timestamp).seconds,
  };
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" };
  const request = `events PutEvents ${bus}`;
  return sendToAws(notification, world, {
    service: "events",
    region,
    request,
    what: { method: "POST", path: "/", headers, body: JSON.stringify({ Entries: [entry] }) },
    read: (answer) => ofEntry(answer, request, notification),
  });
};

/** The call as a whole is fine also when its only entry is not. */
function ofEntry({ body }: AwsAnswer, request: string, { done }: Notification): NotifierAnswer {
  const answer: Json = JSON.parse(body.toString("utf8"));
  const [entry] = isObject(answer) && isArray(answer.Entries) ? answer.Entries : [];
  if (!isObject(entry)) throw new Error(`${request}: the answer has no entry`);
  if (typeof entry.ErrorCode !== "string") return { kind: "sent" };
  const problem = `${entry.ErrorCode}: ${String(entry.ErrorMessage ?? "")}`;
  const isPassing = /Throttl|Internal|Unavailable/.test(entry.ErrorCode);
  return isPassing ? { kind: "unavailable", prefix: "", request, why: problem, problem, done } : { kind: "refused", message: `${request}: ${problem}` };
}
