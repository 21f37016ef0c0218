import { Aws, Stack } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import { VERSION } from "../config.ts";
import type { SluiceFunction } from "./sluice-function.ts";
import type { WebhookSecret } from "./webhook-secret.ts";
import type { WorkQueue } from "./work-queue.ts";

export type ClusterParameterProps = {
  readonly cluster: string;
  readonly source: WorkQueue;
  readonly apply: WorkQueue;
  /** Those that write of this cluster: a standard parameter holds 4 KB, so not the gates of all others. */
  readonly functions: readonly SluiceFunction[];
  readonly webhookUrl: string;
  readonly webhookSecret: WebhookSecret;
};

/**
 * What the command line must know of the installation that looks after a cluster: /sluice/<cluster>. No function reads it. A second installation in the same
 * account and region that names a cluster the same fails here, before two of them work on one cluster.
 */
export class ClusterParameter extends Construct {
  constructor(scope: Construct, id: string, { cluster, source, apply, functions, webhookUrl, webhookSecret }: ClusterParameterProps) {
    super(scope, id);
    const value = {
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      queues: { source: source.queue.queueUrl, apply: apply.queue.queueUrl },
      logGroups: functions.map(({ logGroup }) => logGroup.logGroupName),
      webhookUrl,
      // Its ARN: whoever may read the parameter may not, for that, read the secret.
      webhookSecret: webhookSecret.secret.secretArn,
      version: VERSION,
    };
    new StringParameter(this, "Parameter", {
      parameterName: `/sluice/${cluster}`,
      description: "Where the command line finds Sluice's queues and logs",
      stringValue: Stack.of(this).toJsonString(value),
    });
  }
}
