import type { FakeAws } from "../../support/aws/create-aws.ts";

export const QUEUE_NAMES = ["source", "apply", "sweep", "later"] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export const nameOf = (queue: QueueName): string => (queue === "later" ? "sluice-later" : `sluice-${queue}.fifo`);
export const deadLettersOf = (queue: QueueName): string => nameOf(queue).replace("sluice-", "sluice-dead-");

/** As lib/stack/work-queue.ts makes them. `visibilitySeconds`: how long a message stays hidden whose function was killed. */
export function createQueues(aws: FakeAws, visibilitySeconds: (queue: QueueName) => number): void {
  for (const queue of QUEUE_NAMES) {
    const fifo: Readonly<Record<string, string>> = queue === "later" ? {} : { FifoQueue: "true" };
    const throughput: Readonly<Record<string, string>> =
      queue === "later" ? {} : { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
    aws.sqs.createQueue(deadLettersOf(queue), fifo);
    aws.sqs.createQueue(nameOf(queue), {
      ...fifo,
      ...throughput,
      VisibilityTimeout: String(visibilitySeconds(queue)),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: aws.sqs.arn(deadLettersOf(queue)), maxReceiveCount: 5 }),
    });
  }
}
