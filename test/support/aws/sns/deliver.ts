import type { Background } from "../background.ts";
import type { AwsClock } from "../clock.ts";
import type { InvokeLater } from "../lambda/asynchronous.ts";
import { functionNameOf } from "../lambda/lambda.ts";
import type { SendToQueue } from "../sqs/sqs.ts";
import { type Notification, renderEnvelope, renderLambdaEvent } from "./envelope.ts";
import type { Subscription } from "./subscription.ts";

/** A message that SNS could not give to a subscriber. */
export type Undelivered = { readonly subscriptionArn: string; readonly messageId: string; readonly why: string };

export type Deliver = (subscription: Subscription, notification: Notification) => void;

/** Three at once, two after a second, ten after 1 to 20 s, 35 each 20 s: 50 in all. Source: SNS Developer Guide, "Message delivery retries", HTTP. */
const HTTP_PAUSES = [
  0,
  0,
  0,
  1000,
  1000,
  ...Array.from({ length: 10 }, (_, n) => 1000 + Math.round((n * 19_000) / 9)),
  ...Array.from({ length: 35 }, () => 20_000),
];

/** Brings messages to subscribers. SNS tries a queue or a function that refuses it no second time: such an error is the owner's. */
export function createDeliver(
  clock: AwsClock,
  background: Background,
  address: () => string,
  send: SendToQueue,
  later: InvokeLater,
): {
  readonly deliver: Deliver;
  readonly undelivered: () => readonly Undelivered[];
  readonly post: (subscription: Subscription, type: string, body: string) => Promise<boolean>;
} {
  const undelivered: Undelivered[] = [];

  const toQueue: Deliver = (subscription, notification) => {
    const raw = subscription.attributes["RawMessageDelivery"] === "true";
    const body = raw ? notification.message : renderEnvelope(notification, subscription.arn, address());
    try {
      send(subscription.endpoint, { MessageBody: body, MessageAttributes: raw ? notification.attributes : {} });
    } catch (thrown) {
      undelivered.push({ subscriptionArn: subscription.arn, messageId: notification.id, why: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };

  const post = async (subscription: Subscription, type: string, body: string): Promise<boolean> => {
    const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": type, "x-amz-sns-topic-arn": subscription.topicArn };
    const own: Readonly<Record<string, string>> = subscription.confirmed ? { "x-amz-sns-subscription-arn": subscription.arn } : {};
    try {
      const response = await fetch(subscription.endpoint, { method: "POST", headers: { ...headers, ...own }, body });
      return response.status >= 200 && response.status < 300;
    } catch {
      return false;
    }
  };

  const toHttp = async (subscription: Subscription, notification: Notification, tries: number): Promise<void> => {
    const raw = subscription.attributes["RawMessageDelivery"] === "true";
    const body = raw ? notification.message : renderEnvelope(notification, subscription.arn, address());
    if (await post(subscription, "Notification", body)) return;
    const pause = HTTP_PAUSES[tries];
    if (pause === undefined)
      return void undelivered.push({ subscriptionArn: subscription.arn, messageId: notification.id, why: "the endpoint did not take it" });
    if (pause === 0) return toHttp(subscription, notification, tries + 1);
    clock.after(pause, () => toHttp(subscription, notification, tries + 1));
  };

  const deliver: Deliver = (subscription, notification) => {
    switch (subscription.protocol) {
      case "sqs":
        return toQueue(subscription, notification);
      case "lambda":
        return later(functionNameOf(subscription.endpoint), renderLambdaEvent(notification, subscription.arn, address()));
      case "http":
      case "https":
        return background.run(() => toHttp(subscription, notification, 0));
    }
  };
  return { deliver, undelivered: () => undelivered, post };
}
