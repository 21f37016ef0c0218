import type { FakeAws } from "../../support/aws/create-aws.ts";

export const QUEUE_NAMES = ["source", "apply", "sweep", "later", "deliveries"] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Who reads a queue, as lib/stack/queues.ts says. How many batches at once is the world's own: a process for each. */
export const READERS = {
  source: { fn: "source", batchSize: 10 },
  apply: { fn: "apply", batchSize: 1 },
  sweep: { fn: "sweep", batchSize: 10 },
  later: { fn: "relay", batchSize: 10 },
  deliveries: { fn: "notify", batchSize: 5 },
} as const satisfies { readonly [Name in QueueName]: { readonly fn: string; readonly batchSize: number } };

export const isFifo = (queue: QueueName): boolean => queue !== "later" && queue !== "deliveries";

export const nameOf = (queue: QueueName): string => (isFifo(queue) ? `sluice-${queue}.fifo` : `sluice-${queue}`);
export const deadLettersOf = (queue: QueueName): string => nameOf(queue).replace("sluice-", "sluice-dead-");

/** As lib/stack/work-queue.ts makes them. */
export const queueAttributes = (queue: QueueName, deadLetterArn: string, visibilitySeconds: number): Readonly<Record<string, string>> => ({
  ...(isFifo(queue) && { FifoQueue: "true", DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" }),
  VisibilityTimeout: String(visibilitySeconds),
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 5 }),
});

/** `visibilitySeconds`: how long a message stays hidden whose function was killed. */
export function createQueues(aws: FakeAws, visibilitySeconds: (queue: QueueName) => number): void {
  for (const queue of QUEUE_NAMES) {
    aws.sqs.createQueue(deadLettersOf(queue), isFifo(queue) ? { FifoQueue: "true" } : {});
    aws.sqs.createQueue(nameOf(queue), queueAttributes(queue, aws.sqs.arn(deadLettersOf(queue)), visibilitySeconds(queue)));
  }
}
