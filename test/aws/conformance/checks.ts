import type { Check } from "./check.ts";
import { EKS_CHECKS, STS_CHECKS } from "./checks/identities.ts";
import { logChecks } from "./checks/logs.ts";
import { SNS_CHECKS } from "./checks/messages.ts";
import { S3_CHECKS } from "./checks/s3.ts";
import { SECRETS_CHECKS, SSM_CHECKS } from "./checks/settings.ts";
import { SQS_CHECKS } from "./checks/sqs.ts";

/** Everything that is asked of our fake and of moto; `now` is the time of what is asked. */
export const checksAt = (now: number): readonly Check[] => [
  ...S3_CHECKS,
  ...SQS_CHECKS,
  ...SNS_CHECKS,
  ...SECRETS_CHECKS,
  ...SSM_CHECKS,
  ...STS_CHECKS,
  ...EKS_CHECKS,
  ...logChecks(now),
];
