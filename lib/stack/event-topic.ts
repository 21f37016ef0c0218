import { ENV_EVENT_TOPIC } from "@sluice/platform/lambda/environment.ts";
import { Alias } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { SluiceFunction } from "./sluice-function.ts";
import type { Undelivered } from "./undelivered.ts";

/**
 * One JSON message for each event of Flux (docs/events.md), for `notify` and whoever subscribes. Encrypted with the key that AWS manages for SNS: it costs
 * nothing, and every principal that may publish may use it; only services of AWS may not, and none of them publishes here.
 */
export class EventTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { enforceSSL: true, masterKey: Alias.fromAliasName(this, "Key", "alias/aws/sns") });
  }

  grantPublish(fn: SluiceFunction): void {
    fn.allow({ actions: ["sns:Publish"], resources: [this.topic.topicArn] });
    fn.tell(ENV_EVENT_TOPIC, this.topic.topicArn);
  }

  /** For one that is the same program as those that publish, and may not: the sweep says nothing to anybody. */
  name(fn: SluiceFunction): void {
    fn.tell(ENV_EVENT_TOPIC, this.topic.topicArn);
  }

  /** `undelivered` gets what SNS could not hand over. */
  subscribe(fn: SluiceFunction, undelivered: Undelivered): void {
    this.topic.addSubscription(new LambdaSubscription(fn.lambda, { deadLetterQueue: undelivered.queue }));
  }
}
