import { writeEventMessage } from "../../sns/event-message.ts";
import { messageAttributes } from "../../sns/message-attributes.ts";
import type { Sender } from "../sender.ts";
import { parseQueue } from "./destination.ts";
import { fifoParameters } from "./fifo.ts";
import { sendToAws } from "./send-to-aws.ts";

/**
 * Puts the event into a queue, as the installation's own topic has it (docs/events.md), with the same attributes. Needs sqs:SendMessage on the queue; one
 * that is encrypted by a key of the customer's also kms:GenerateDataKey and kms:Decrypt on that. Source: SQS API reference, SendMessage, AWS JSON protocol.
 */
export const sendToSqs: Sender = async (notification, world) => {
  const { cluster, event, provider } = notification;
  const queue = parseQueue(provider.address);
  if (!queue.ok) return { kind: "misconfigured", message: queue.problem };
  const { url, region, isFifo } = queue.value;
  if (world.ownQueues?.some((own) => isSameQueue(own, url)) === true)
    return { kind: "misconfigured", message: "address: the queue is one that Sluice itself works from" };
  const attributes = Object.entries(messageAttributes(event, cluster)).map(([name, text]) => [name, { DataType: "String", StringValue: text }]);
  const body = {
    QueueUrl: url,
    MessageBody: writeEventMessage(event, cluster),
    MessageAttributes: Object.fromEntries(attributes),
    ...(isFifo && fifoParameters(notification)),
  };
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
  return sendToAws(notification, world, {
    service: "sqs",
    region,
    request: `sqs SendMessage ${url}`,
    what: { method: "POST", path: "/", headers, body: JSON.stringify(body) },
  });
};

/** One account has one queue of a name in a region; the host has several spellings, and the same name in another region is refused, too. */
const isSameQueue = (own: string, other: string): boolean => new URL(own).pathname === new URL(other).pathname;
