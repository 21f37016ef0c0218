import { ENV_AMAZON_Q_TOPIC, ENV_AMAZON_Q_WANTS, ENV_SLACK_SECRET } from "@sluice/platform/lambda/environment.ts";
import { METRIC_NAMESPACE } from "@sluice/platform/lambda/metric-names.ts";
import { Aws, Duration, Stack } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Alias } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import type { NotifyConfig, NotifyTarget } from "./notify-config.ts";
import type { SluiceFunction } from "./sluice-function.ts";

export type NotificationsProps = { readonly config: NotifyConfig; readonly notify: SluiceFunction; readonly alarms: Alarms };

/** Where `notify` sends beside what Providers name: the channels of the installation itself, and what of AWS a Provider may name. */
export class Notifications extends Construct {
  /** What a channel of Amazon Q Developer subscribes to. */
  readonly amazonQ: Topic | undefined;

  constructor(scope: Construct, id: string, { config, notify, alarms }: NotificationsProps) {
    super(scope, id);
    if (config.slack !== undefined) this.#grantSlack(notify, config.slack);
    this.amazonQ = config.amazonQ === undefined ? undefined : this.#topicFor(notify, config.amazonQ);
    // Only what is listed, whatever a Provider names: the rights are the installation's, and its objects are the tenants'.
    for (const target of config.targets) notify.allow({ actions: [ACTIONS[target.service]], resources: [target.arn] });
    alarms.add({
      name: "notifications given up",
      description: "A provider of notifications has not answered for more than twenty minutes, or not to all attempts: what was to be told is lost.",
      metric: new Metric({
        namespace: METRIC_NAMESPACE,
        metricName: "NotificationGivenUp",
        statistic: "Sum",
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }

  /** The secret is the installation's own: somebody put a webhook address into it, by hand. */
  #grantSlack(notify: SluiceFunction, slack: string): void {
    const { region, account } = Stack.of(this);
    // Of a secret that is known by its name alone the ARN ends in six letters that Secrets Manager draws.
    const arn = slack.startsWith("arn:") ? slack : `arn:${Aws.PARTITION}:secretsmanager:${region}:${account}:secret:${slack}-??????`;
    notify.allow({ actions: ["secretsmanager:GetSecretValue"], resources: [arn] });
    notify.tell(ENV_SLACK_SECRET, slack);
  }

  #topicFor(notify: SluiceFunction, wants: "failures" | "all"): Topic {
    const topic = new Topic(this, "AmazonQ", { enforceSSL: true, masterKey: Alias.fromAliasName(this, "Key", "alias/aws/sns") });
    notify.allow({ actions: ["sns:Publish"], resources: [topic.topicArn] });
    notify.tell(ENV_AMAZON_Q_TOPIC, topic.topicArn);
    notify.tell(ENV_AMAZON_Q_WANTS, wants);
    return topic;
  }
}

/** What sending to each takes. */
const ACTIONS: { readonly [Service in NotifyTarget["service"]]: string } = { sns: "sns:Publish", events: "events:PutEvents", sqs: "sqs:SendMessage" };
