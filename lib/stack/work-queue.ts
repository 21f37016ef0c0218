import { ENV_DEAD_LETTER_QUEUE, MAX_RECEIVES } from "@sluice/platform/lambda/environment.ts";
import { Duration } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import type { SluiceFunction } from "./sluice-function.ts";

export type WorkQueueProps = {
  /** How alarms and the dashboard call it. */
  readonly name: string;
  /** The environment variable that says its URL. */
  readonly variable: string;
  readonly fifo: boolean;
  readonly reader: SluiceFunction;
  readonly alarms: Alarms;
};

export type ConsumerOptions = {
  readonly batchSize: number;
  /** How many of its messages, or of its batches, are worked on at the same time. */
  readonly maxConcurrency: number;
};

/** What Lambda takes between receiving a message and running us, and after us. */
const MARGIN_SECONDS = 30;

/** A queue with its dead-letter queue and the alarm on it. */
export class WorkQueue extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #variable: string;

  constructor(scope: Construct, id: string, { name, variable, fifo, reader, alarms }: WorkQueueProps) {
    super(scope, id);
    this.name = name;
    this.#variable = variable;
    // Encrypted by SQS's own keys: nothing in a message is secret (names of objects, clone URLs), and KMS would be one request more for each batch.
    const common = { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED, retentionPeriod: Duration.days(14) };
    this.deadLetters = new Queue(this, "DeadLetters", { ...common, ...(fifo && { fifo }) });
    this.queue = new Queue(this, "Queue", {
      ...common,
      // As short as Lambda takes it. The usual six times as long is for messages that are received and then throttled, which the event source's own limit of
      // concurrency prevents; and for as long as this lasts, a function that was killed keeps its group waiting.
      visibilityTimeout: Duration.seconds(reader.timeout.toSeconds() + MARGIN_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
      ...(fifo && {
        fifo,
        // High throughput: a group, which is one object or one cluster, is limited, the queue is not; and a dedupe id counts within its group.
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      }),
    });
    alarms.add({
      name: `${name} dead letters`,
      description: `Messages of queue ${name} could not be handled; each says why in its attribute "reason", or died with its function.`,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: "Maximum" }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }

  grantSend(fn: SluiceFunction): void {
    fn.allow({ actions: ["sqs:SendMessage"], resources: [this.queue.queueArn] });
    fn.tell(this.#variable, this.queue.queueUrl);
  }

  /** Makes `fn` the one that reads the queue; a message that it cannot handle it moves to the dead-letter queue itself. */
  grantConsume(fn: SluiceFunction, { batchSize, maxConcurrency }: ConsumerOptions): void {
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"];
    fn.allow({ actions, resources: [this.queue.queueArn] });
    fn.allow({ actions: ["sqs:SendMessage"], resources: [this.deadLetters.queueArn] });
    fn.tell(this.#variable, this.queue.queueUrl);
    fn.tell(ENV_DEAD_LETTER_QUEUE, this.deadLetters.queueUrl);
    const mapping = new EventSourceMapping(fn, `Reads${this.name}`, {
      target: fn.lambda,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(fn.role); // Lambda tries the role's rights when it makes this
  }
}
