import { ChangeMessageVisibilityCommand, DeleteMessageCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { reasonText } from "./reason.ts";

/** A message as it was received. */
export type ReceivedMessage = {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** Of a FIFO queue. */
  readonly group?: string;
};

export type Aside = {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
  readonly message: ReceivedMessage;
  /** Without secrets: whoever may read the dead-letter queue sees it. */
  readonly reason: string;
};

/** The smallest that a queue of ours allows for one message with its attributes. */
const LARGEST_MESSAGE_BYTES = 256 * 1024;
const LONGEST_POSTPONE_SECONDS = 43_200;

/**
 * Moves a message to the dead-letter queue, with the reason in its attribute `reason`, so that the next message of its group gets its turn. It is there
 * before it is removed here: one that was cut off in between is put there once more, which the queue swallows (FIFO) or shows twice (standard).
 */
export async function putAside(client: SQSClient, { queueUrl, deadLetterUrl, message, reason }: Aside): Promise<void> {
  const text = reasonText(reason);
  const fits = Buffer.byteLength(message.body) + Buffer.byteLength(`reasonString${text}`) <= LARGEST_MESSAGE_BYTES;
  await client.send(
    new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: message.body,
      ...(text !== "" && fits && { MessageAttributes: { reason: { DataType: "String", StringValue: text } } }),
      ...(message.group !== undefined && { MessageGroupId: message.group, MessageDeduplicationId: message.id }),
    }),
  );
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.receipt })).catch(ifNotOurs);
}

/** Lets a message that was received be received again after so many seconds, whole or not, instead of after what its queue sets. */
export async function postpone(client: SQSClient, queueUrl: string, receipt: string, seconds: number): Promise<void> {
  const timeout = Math.min(Math.max(0, Math.ceil(seconds)), LONGEST_POSTPONE_SECONDS);
  const command = new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt, VisibilityTimeout: timeout });
  await client.send(command).catch(ifNotOurs);
}

/** Our hold on the message ran out, and it is somebody else's turn or gone already: what we wanted of it does not matter any more. */
function ifNotOurs(error: unknown): void {
  if (error instanceof Error && (NOT_OURS.has(error.name) || (error.name.startsWith("InvalidParameterValue") && /receipt ?handle/i.test(error.message))))
    return;
  throw error;
}

const NOT_OURS = new Set(["MessageNotInflight", "ReceiptHandleIsInvalid"]);
