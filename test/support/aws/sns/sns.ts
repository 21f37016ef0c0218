import { createHash } from "node:crypto";
import { AwsProblem } from "../answer.ts";
import type { Background } from "../background.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, isRecord, maybeText, recordOf, textOf } from "../input.ts";
import type { InvokeLater } from "../lambda/asynchronous.ts";
import { createQueryService, membersOf } from "../protocol/query.ts";
import { type Place, placeOf } from "../request.ts";
import type { Doing, Service } from "../service.ts";
import type { MessageAttribute } from "../sqs/md5.ts";
import { parseAttributes } from "../sqs/message-rules.ts";
import type { SendToQueue } from "../sqs/sqs.ts";
import { createDeliver, type Undelivered } from "./deliver.ts";
import type { Notification } from "./envelope.ts";
import { checkSubscriptionAttributes, protocolOf, type Subscription, wants } from "./subscription.ts";

export type FakeSns = {
  /** Makes a topic in the fake's own account and region and says its ARN. */
  createTopic(name: string): string;
  /** Subscribes a queue (ARN), a function (ARN or name) or an HTTP endpoint, confirmed. */
  subscribe(topicArn: string, protocol: "sqs" | "lambda" | "http", endpoint: string, attributes?: Readonly<Record<string, string>>): string;
  published(topicArn?: string): readonly Notification[];
  undelivered(): readonly Undelivered[];
};

const MAX_BYTES = 262_144;
const MESSAGE = ["Message", "Subject", "MessageAttributes"];
const invalid = (what: string): AwsProblem => new AwsProblem("InvalidParameter", `Invalid parameter: ${what}`);
const notFound = (what: string): AwsProblem => new AwsProblem("NotFound", `${what} does not exist`, { status: 404 });

type Draft = Pick<Notification, "message" | "subject" | "attributes">;

/** Standard topics. Source: SNS API and Developer Guide. */
export function createSns(options: {
  readonly clock: AwsClock;
  readonly background: Background;
  readonly url: () => string;
  readonly home: Place;
  readonly send: SendToQueue;
  readonly later: InvokeLater;
}): { readonly service: Service; readonly sns: FakeSns } {
  const { clock, background, home } = options;
  const topics = new Set<string>();
  const subscriptions = new Map<string, Subscription>();
  const published: Notification[] = [];
  const { deliver, undelivered, post } = createDeliver(clock, background, options.url, options.send, options.later);

  const checkTopic = (arn: string): string => {
    if (!topics.has(arn)) throw notFound("Topic");
    return arn;
  };

  const createTopic = (place: Place, name: string): string => {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid("Topic Name");
    const arn = `arn:aws:sns:${place.region}:${place.account}:${name}`;
    topics.add(arn);
    return arn;
  };

  const subscribe = (topicArn: string, protocol: Subscription["protocol"], endpoint: string, attributes: Readonly<Record<string, string>>): Subscription => {
    checkTopic(topicArn);
    checkSubscriptionAttributes(attributes, protocol);
    if (protocol === "sqs" && endpoint.endsWith(".fifo")) throw invalid("Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
    const same = [...subscriptions.values()].find((one) => one.topicArn === topicArn && one.protocol === protocol && one.endpoint === endpoint);
    if (same !== undefined) return same;
    const id = createHash("sha256").update(`${topicArn} ${protocol} ${endpoint}`).digest("hex").slice(0, 32);
    const confirmed = protocol === "sqs" || protocol === "lambda";
    const subscription = { arn: `${topicArn}:${id}`, topicArn, protocol, endpoint, attributes, token: `token-${id}`, confirmed };
    subscriptions.set(subscription.arn, subscription);
    return subscription;
  };

  /** An HTTP endpoint is asked first whether it wants to. */
  const askToConfirm = (subscription: Subscription): void => {
    const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: subscription.topicArn, Token: subscription.token });
    const body = JSON.stringify({
      Type: "SubscriptionConfirmation",
      MessageId: subscription.token,
      Token: subscription.token,
      TopicArn: subscription.topicArn,
      Message: `You have chosen to subscribe to the topic ${subscription.topicArn}.`,
      SubscribeURL: `${options.url()}/?${query}`,
      Timestamp: new Date(clock.now()).toISOString(),
    });
    background.run(async () => void (await post(subscription, "SubscriptionConfirmation", body)));
  };

  const publish = (topicArn: string, draft: Draft): string => {
    const hex = createHash("sha256").update(`${topicArn} ${published.length}`).digest("hex").slice(0, 32);
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    const notification: Notification = { id, topicArn, ...draft, at: clock.now() };
    published.push(notification);
    for (const one of subscriptions.values()) if (one.topicArn === topicArn && one.confirmed && wants(one, notification)) deliver(one, notification);
    return id;
  };

  const publishBatch = (input: Input): object => {
    const topicArn = checkTopic(textOf(input, "TopicArn", "InvalidParameter"));
    const entries = membersOf(recordOf(input, "PublishBatchRequestEntries"), "member").filter(isRecord);
    if (entries.length === 0) throw new AwsProblem("EmptyBatchRequest", "The batch request doesn't contain any entries.");
    if (entries.length > 10) throw new AwsProblem("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
    const ids = entries.map((entry) => textOf(entry, "Id", "InvalidParameter"));
    if (new Set(ids).size < ids.length) throw new AwsProblem("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
    const sizes = entries.map((entry) => Buffer.byteLength(maybeText(entry, "Message") ?? ""));
    if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BYTES)
      throw new AwsProblem("BatchRequestTooLong", "The length of all the batch messages put together is more than the limit.");
    const results = entries.map((entry) => attempt(textOf(entry, "Id"), () => publish(topicArn, parseDraft(entry))));
    return { Successful: { member: results.flatMap((one) => one.done ?? []) }, Failed: { member: results.flatMap((one) => one.failed ?? []) } };
  };

  const confirm = (topicArn: string, token: string): string => {
    const subscription = [...subscriptions.values()].find((one) => one.topicArn === topicArn && one.token === token);
    if (subscription === undefined) throw invalid("Token");
    subscription.confirmed = true;
    return subscription.arn;
  };

  const operations: Readonly<Record<string, Doing<object>>> = {
    CreateTopic: {
      members: ["Name", "Attributes", "Tags"],
      run: (input, request) => ({ TopicArn: createTopic(placeOf(request), textOf(input, "Name", "InvalidParameter")) }),
    },
    Subscribe: {
      members: ["TopicArn", "Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn"],
      run: (input) => {
        const protocol = protocolOf(textOf(input, "Protocol", "InvalidParameter"));
        const one = subscribe(
          textOf(input, "TopicArn", "InvalidParameter"),
          protocol,
          textOf(input, "Endpoint", "InvalidParameter"),
          queryMap(input, "Attributes"),
        );
        if (!one.confirmed) askToConfirm(one);
        return { SubscriptionArn: one.confirmed || maybeText(input, "ReturnSubscriptionArn") === "true" ? one.arn : "pending confirmation" };
      },
    },
    ConfirmSubscription: {
      members: ["TopicArn", "Token"],
      run: (input) => ({ SubscriptionArn: confirm(textOf(input, "TopicArn", "InvalidParameter"), textOf(input, "Token", "InvalidParameter")) }),
    },
    Unsubscribe: {
      members: ["SubscriptionArn"],
      run: (input) => {
        subscriptions.delete(textOf(input, "SubscriptionArn", "InvalidParameter"));
        return {};
      },
    },
    SetSubscriptionAttributes: {
      members: ["SubscriptionArn", "AttributeName", "AttributeValue"],
      run: (input) => {
        const subscription = subscriptions.get(textOf(input, "SubscriptionArn", "InvalidParameter"));
        if (subscription === undefined) throw notFound("Subscription");
        const next = { ...subscription.attributes, [textOf(input, "AttributeName", "InvalidParameter")]: maybeText(input, "AttributeValue") ?? "" };
        checkSubscriptionAttributes(next, subscription.protocol);
        subscription.attributes = next;
        return {};
      },
    },
    Publish: {
      members: ["TopicArn", "TargetArn", ...MESSAGE],
      run: (input) => {
        const topicArn = checkTopic(maybeText(input, "TopicArn") ?? textOf(input, "TargetArn", "InvalidParameter"));
        return { MessageId: publish(topicArn, parseDraft(input)) };
      },
    },
    PublishBatch: { members: ["TopicArn", "PublishBatchRequestEntries"], run: publishBatch },
  };

  return {
    service: createQueryService({ name: "sns", namespace: "http://sns.amazonaws.com/doc/2010-03-31/", operations }),
    sns: {
      createTopic: (name) => createTopic(home, name),
      subscribe: (topicArn, protocol, endpoint, attributes = {}) => {
        const one = subscribe(topicArn, protocol, endpoint, attributes);
        one.confirmed = true;
        return one.arn;
      },
      published: (topicArn) => published.filter((one) => topicArn === undefined || one.topicArn === topicArn),
      undelivered,
    },
  };
}

function attempt(id: string, run: () => string): { readonly done?: object; readonly failed?: object } {
  try {
    return { done: { Id: id, MessageId: run() } };
  } catch (thrown) {
    if (!(thrown instanceof AwsProblem)) throw thrown;
    return { failed: { Id: id, Code: thrown.code, Message: thrown.message, SenderFault: true } };
  }
}

/** Source: SNS API, Publish: message and attributes together at most 256 KiB, a subject of up to 100 printable characters. */
function parseDraft(input: Input): Draft {
  const message = textOf(input, "Message", "InvalidParameter");
  if (message === "") throw invalid("Empty message");
  const subject = maybeText(input, "Subject");
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) throw invalid("Subject");
  const attributes = parseAttributes(
    Object.fromEntries(
      membersOf(recordOf(input, "MessageAttributes"), "entry")
        .filter(isRecord)
        .map((one) => [textOf(one, "Name"), one["Value"]]),
    ),
  );
  if (Buffer.byteLength(message) + sizeOfAttributes(attributes) > MAX_BYTES) throw invalid("Message too long");
  return { message, subject, attributes };
}

function sizeOfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, one]) => sum + Buffer.byteLength(name) + Buffer.byteLength(one.DataType) + Buffer.byteLength(one.StringValue ?? one.BinaryValue ?? ""),
    0,
  );
}

/** A map as the query protocol has it: numbered entries of key and value. */
function queryMap(input: Input, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    membersOf(recordOf(input, name), "entry")
      .filter(isRecord)
      .map((one) => [textOf(one, "key"), textOf(one, "value")]),
  );
}
