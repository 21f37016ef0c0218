import type { Reader } from "./config-reader.ts";

/** What the installation itself says of notifications. */
export type NotifyConfig = {
  /** Name or ARN of a secret whose text is a webhook address of Slack: every failure and every recovery goes there. */
  readonly slack?: string;
  /** What Amazon Q Developer's topic gets; without it there is none. */
  readonly amazonQ?: "failures" | "all";
  /** What Providers of the types sns, eventbridge and sqs may name. */
  readonly targets: readonly NotifyTarget[];
};

export type NotifyTarget = { readonly service: "sns" | "events" | "sqs"; readonly arn: string };

/** Source: Secrets Manager, CreateSecret `Name`, but for what would make an ARN of several; a full ARN ends in six letters that Secrets Manager drew. */
const SECRET = {
  pattern: /^(?:[\w/+=.@-]{1,505}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6})$/,
  expected: 'the name or the whole ARN of a secret, such as "sluice/slack"',
  unshown: { pattern: /:\/\/|^hooks\.slack\.com/, got: "a webhook address, which is a key: put it into that secret" },
};
const WANTS = { pattern: /^(failures|all)$/, expected: '"failures" or "all"' };
const TARGET = {
  pattern:
    /^arn:aws[a-z-]*:(?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?|sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(?:\.fifo)?|events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256})$/,
  expected: "the ARN of an SNS topic, an EventBridge event bus or an SQS queue",
};

export type RawNotifyConfig = { readonly slack?: unknown; readonly amazonQ?: unknown; readonly notifyTargets?: unknown };

export function parseNotifyConfig(read: Reader, raw: RawNotifyConfig): NotifyConfig {
  const slack = read.text("slack", raw.slack, SECRET);
  const amazonQ = read.text("amazonQ", raw.amazonQ, WANTS);
  const arns = read.texts("notifyTargets", raw.notifyTargets, TARGET) ?? [];
  return {
    ...(slack !== undefined && { slack }),
    ...(amazonQ !== undefined && { amazonQ: amazonQ === "all" ? "all" : "failures" }),
    targets: [...new Set(arns)].map((arn) => ({ service: serviceOf(arn), arn })),
  };
}

function serviceOf(arn: string): NotifyTarget["service"] {
  const service = arn.split(":")[2];
  return service === "sns" || service === "sqs" ? service : "events";
}
