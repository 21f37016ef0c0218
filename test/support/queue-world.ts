import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CLIENT_OPTIONS } from "@sluice/platform/aws/client-options.ts";
import { createVirtualClock } from "./aws/clock.ts";
import { createAws } from "./aws/create-aws.ts";

export type QueueName = "source" | "apply" | "sweep" | "later";

/** As the stack makes FIFO queues. */
const FIFO = { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId", VisibilityTimeout: "43200" };

/** The fake's SQS with the queues of an installation and their dead-letter queues, and a client as our functions make theirs; time stands still. */
export async function createQueueWorld() {
  const clock = createVirtualClock();
  const aws = await createAws({ clock });
  const client = new SQSClient({ ...CLIENT_OPTIONS, ...aws.client });
  const create = (name: string, attributes: Readonly<Record<string, string>>): string => aws.sqs.createQueue(name, attributes);
  const deadLetters = { fifo: create("dead.fifo", {}), standard: create("dead", {}) };
  const urls = {
    source: create("source.fifo", FIFO),
    apply: create("apply.fifo", FIFO),
    sweep: create("sweep.fifo", FIFO),
    later: create("later", {}),
  };
  const urlOf = (queue: QueueName | "dead.fifo" | "dead"): string =>
    queue === "dead.fifo" ? deadLetters.fifo : queue === "dead" ? deadLetters.standard : urls[queue];

  return {
    aws,
    clock,
    client,
    urls,
    deadLetters,
    receive: async (queue: QueueName | "dead.fifo" | "dead", most: number) => {
      const command = {
        QueueUrl: urlOf(queue),
        MaxNumberOfMessages: most,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All" as const],
      };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(command));
      return Messages.map(({ MessageId = "", Body = "", ReceiptHandle = "", Attributes, MessageAttributes = {} }) => ({
        id: MessageId,
        body: Body,
        receipt: ReceiptHandle,
        ...(Attributes?.MessageGroupId !== undefined && { group: Attributes.MessageGroupId }),
        attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])),
      }));
    },
    remove: async (queue: QueueName, receipt: string): Promise<void> => {
      await client.send(new DeleteMessageCommand({ QueueUrl: urlOf(queue), ReceiptHandle: receipt }));
    },
    release: async (queue: QueueName, receipt: string): Promise<void> => {
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: urlOf(queue), ReceiptHandle: receipt, VisibilityTimeout: 0 }));
    },
    stop: async (): Promise<void> => {
      client.destroy();
      await aws.stop();
    },
  };
}
