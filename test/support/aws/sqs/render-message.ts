import { type MessageAttribute, md5OfAttributes, md5OfBody } from "./md5.ts";
import type { Message } from "./queue.ts";

/** A message as ReceiveMessage gives it: only the attributes that were asked for. Source: SQS API, ReceiveMessage. */
export function renderMessage(message: Readonly<Message>, system: readonly string[], wanted: readonly string[]): object {
  const attributes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => wanted.some((pattern) => matches(pattern, name))));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    Attributes: whenAny(systemAttributes(message, system)),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: whenAny<MessageAttribute>(attributes),
  };
}

function systemAttributes(message: Readonly<Message>, names: readonly string[]): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: message.firstReceivedAt === undefined ? undefined : String(message.firstReceivedAt),
    SequenceNumber: message.sequence,
    MessageDeduplicationId: message.dedupeId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined && (names.includes("All") || names.includes(name))) shown[name] = value;
  return shown;
}

function matches(pattern: string, name: string): boolean {
  if (pattern === "All" || pattern === ".*") return true;
  return pattern.endsWith(".*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

const whenAny = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined => (Object.keys(map).length === 0 ? undefined : map);
