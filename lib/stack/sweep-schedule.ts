import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { SluiceFunction } from "./sluice-function.ts";
import type { Undelivered } from "./undelivered.ts";

/** A tick that comes late says which minute it is of, so nothing of it is lost; after a quarter of an hour a person has been told. */
const RETRY = { maximumRetryAttempts: 30, maximumEventAgeInSeconds: Duration.minutes(15).toSeconds() };

export type SweepScheduleProps = { readonly sweep: SluiceFunction; readonly undelivered: Undelivered; readonly isNeeded: boolean };

/** The clock: each minute one invocation of the sweep, with the minute that it is of. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { sweep, undelivered, isNeeded }: SweepScheduleProps) {
    super(scope, id);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", { conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } } }),
      description: "EventBridge Scheduler invokes the sweep, each minute",
    });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [sweep.lambda.functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [undelivered.queue.queueArn] }));
    const schedule = new CfnSchedule(this, "Schedule", {
      description: "What is due is looked at",
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      state: isNeeded ? "ENABLED" : "DISABLED",
      target: {
        arn: sweep.lambda.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>" }),
        retryPolicy: RETRY,
        deadLetterConfig: { arn: undelivered.queue.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}
