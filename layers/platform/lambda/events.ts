import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { epochMs, parseTime } from "@sluice/engine/domain/time.ts";
import type { APIGatewayProxyEventV2, SNSEvent, SQSEvent } from "aws-lambda";
import type { QueueMessage } from "./worker.ts";

/**
 * What invokes our functions, as small values. The envelopes come from AWS and are believed; what is inside of them (bodies, messages) is not and is left
 * to its parser.
 */

export type HttpRequest = {
  readonly method: string;
  /** With its query, as far as API Gateway leaves it as it was. */
  readonly path: string;
  /** In lower case; where a header came more than once, HTTP APIs join the values with commas. */
  readonly headers: { readonly [name: string]: string | undefined };
  /** The bytes that were sent, whatever API Gateway made of them on the way. */
  readonly body: Uint8Array;
  /** When it reached API Gateway. */
  readonly receivedAt: EpochMs;
};

export function parseHttpEvent({ headers, body = "", isBase64Encoded, rawPath, rawQueryString, requestContext }: APIGatewayProxyEventV2): HttpRequest {
  return {
    method: requestContext.http.method,
    path: rawQueryString === "" ? rawPath : `${rawPath}?${rawQueryString}`,
    headers,
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
    receivedAt: epochMs(requestContext.timeEpoch),
  };
}

export type ReceivedMessage = QueueMessage & {
  /** Of a FIFO queue; a message of a standard queue has none. */
  readonly group?: string;
  readonly sentAt: EpochMs;
  readonly attributes: { readonly [name: string]: string | undefined };
};

export const parseQueueEvent = ({ Records }: SQSEvent): readonly ReceivedMessage[] =>
  Records.map(({ messageId, body, receiptHandle, attributes, messageAttributes }) => ({
    id: messageId,
    body,
    receipt: receiptHandle,
    ...(attributes.MessageGroupId !== undefined && { group: attributes.MessageGroupId }),
    receives: Number(attributes.ApproximateReceiveCount),
    sentAt: epochMs(Number(attributes.SentTimestamp)),
    attributes: Object.fromEntries(Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue])),
  }));

/** Which messages of a batch come again; the others are done with. */
export type BatchAnswer = { readonly batchItemFailures: { readonly itemIdentifier: string }[] };
export const batchAnswer = (idsOfFailed: readonly string[]): BatchAnswer => ({ batchItemFailures: idsOfFailed.map((itemIdentifier) => ({ itemIdentifier })) });

export type TopicMessage = { readonly id: string; readonly text: string; readonly publishedAt: EpochMs | undefined };

export const parseTopicEvent = ({ Records }: SNSEvent): readonly TopicMessage[] =>
  Records.map(({ Sns }) => ({ id: Sns.MessageId, text: Sns.Message, publishedAt: parseTime(Sns.Timestamp) }));

/** `notify` has two event sources: the topic, and the queue of deliveries that it fills. */
export type NotifyEvent =
  | { readonly kind: "topic"; readonly messages: readonly TopicMessage[] }
  | { readonly kind: "queue"; readonly messages: readonly ReceivedMessage[] };

export const parseNotifyEvent = (event: SNSEvent | SQSEvent): NotifyEvent =>
  isOfTopic(event) ? { kind: "topic", messages: parseTopicEvent(event) } : { kind: "queue", messages: parseQueueEvent(event) };

const isOfTopic = (event: SNSEvent | SQSEvent): event is SNSEvent => event.Records.some((record) => "Sns" in record);

/** What EventBridge Scheduler sends: the input that the stack writes, with the schedule's own time in it (`<aws.scheduler.scheduled-time>`). */
export type TickEvent = { readonly scheduledTime: string };

/** The sweep has two event sources: the schedule, and the queue that it fills. */
export type SweepEvent = { readonly kind: "tick"; readonly at: EpochMs } | { readonly kind: "messages"; readonly messages: readonly ReceivedMessage[] };

export function parseSweepEvent(event: TickEvent | SQSEvent): SweepEvent {
  if ("Records" in event) return { kind: "messages", messages: parseQueueEvent(event) };
  const at = parseTime(event.scheduledTime);
  if (at === undefined) throw new Error(`expected an event of a queue, or {"scheduledTime": <time>}, got ${JSON.stringify(event).slice(0, 200)}`);
  return { kind: "tick", at };
}
