import { Duration, Validations } from "aws-cdk-lib";
import { EventInvokeConfig } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import type { SluiceFunction } from "./sluice-function.ts";

export type UndeliveredProps = { readonly name: string; readonly description: string; readonly fn: SluiceFunction; readonly alarms: Alarms };

/** Where what a function was invoked with lies when it could not be invoked or failed each time: the dead-letter queue of one that reads no queue. */
export class Undelivered extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { name, description, fn, alarms }: UndeliveredProps) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED, retentionPeriod: Duration.days(14) });
    Validations.of(this.queue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "It is a dead-letter queue itself: of invocations, which the rule does not look at",
    });
    new EventInvokeConfig(this, "Retries", {
      function: fn.lambda,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(this.queue),
    });
    alarms.add({
      name: `${name} undelivered`,
      description,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: "Maximum" }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}
