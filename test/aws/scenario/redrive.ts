import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { deadLettersOf, nameOf, QUEUE_NAMES } from "../world/queues.ts";
import type { AwsWorld } from "../world.ts";

/**
 * Puts everything back that lies in dead-letter queues, as "Start DLQ redrive" of the console does: SQS sends each message anew, to the queue that it came
 * from, in its group. Source: SQS Developer Guide, "Learn how to configure a dead-letter queue redrive".
 */
export async function redrive({ aws }: AwsWorld): Promise<number> {
  const sqs = new SQSClient({ ...aws.client });
  let moved = 0;
  for (const queue of QUEUE_NAMES) {
    const from = aws.sqs.url(deadLettersOf(queue));
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) break;
      for (const { Body, ReceiptHandle, Attributes = {}, MessageAttributes } of Messages) {
        const fifo =
          queue === "later" || queue === "deliveries"
            ? {}
            : { MessageGroupId: Attributes.MessageGroupId, MessageDeduplicationId: `redrive-${moved}-${Date.now()}` };
        await sqs.send(new SendMessageCommand({ QueueUrl: aws.sqs.url(nameOf(queue)), MessageBody: Body, MessageAttributes, ...fifo }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
        moved++;
      }
    }
  }
  sqs.destroy();
  return moved;
}
