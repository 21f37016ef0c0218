import { Alarm, type AlarmProps, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { Installation } from "./stack-config.ts";

export type AlarmRequest = Pick<AlarmProps, "metric" | "threshold" | "evaluationPeriods" | "datapointsToAlarm" | "treatMissingData"> & {
  /** Its name, behind the stack's. */
  readonly name: string;
  /** For the person who is woken: what it means, and where to look. Each name has a paragraph in docs/aws.md. */
  readonly description: string;
  /** "at least" unless said otherwise. */
  readonly below?: true;
};

/** The alarms of an installation, all on one page and, where somebody said so, all to one topic. There is one only for what a person must act on. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  readonly #stackName: string;
  readonly #action: IAlarmAction | undefined;

  constructor(scope: Construct, id: string, { stackName, alarmTopicArn, alarmEmail }: Installation) {
    super(scope, id);
    this.#stackName = stackName;
    const topic = alarmTopicArn === undefined ? this.#topicFor(alarmEmail) : Topic.fromTopicArn(this, "Topic", alarmTopicArn);
    this.#action = topic === undefined ? undefined : new SnsAction(topic);
  }

  add({ name, description, below, ...props }: AlarmRequest): void {
    const alarm = new Alarm(this, name, {
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      alarmName: `${this.#stackName} ${name}`,
      alarmDescription: `${description} See docs/aws.md, "When an alarm goes off".`,
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    });
    if (this.#action !== undefined) {
      alarm.addAlarmAction(this.#action);
      alarm.addOkAction(this.#action);
    }
    this.all.push(alarm);
  }

  /**
   * Not encrypted with a key of KMS: CloudWatch may not use the key that AWS manages for SNS, a key of our own costs a dollar a month, and what is sent are
   * names of alarms and numbers.
   */
  #topicFor(email: string | undefined): Topic | undefined {
    if (email === undefined) return undefined;
    const topic = new Topic(this, "Topic", { enforceSSL: true, displayName: `Alarms of ${this.#stackName}` });
    topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
