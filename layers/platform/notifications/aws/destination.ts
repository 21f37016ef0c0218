import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

const REGION = "[a-z]{2,}(?:-[a-z0-9]+)+-\\d";
const ARN = "arn:aws[a-z-]*";

/** `name` is the topic's, which tells FIFO topics from others. */
export function parseTopic(address: string): Result<{ readonly arn: string; readonly region: string; readonly name: string }> {
  const [, region, name] = new RegExp(`^${ARN}:sns:(${REGION}):\\d{12}:([\\w-]{1,256}(?:\\.fifo)?)$`).exec(address) ?? [];
  if (region === undefined || name === undefined) return problem("address: expected the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>");
  return ok({ arn: address, region, name });
}

/** A bus that is named without an ARN is one of our own region: `region` is `""`. */
export function parseEventBus(address: string): Result<{ readonly bus: string; readonly region: string }> {
  const [, region] = new RegExp(`^${ARN}:events:(${REGION}):\\d{12}:event-bus/[\\w./-]{1,256}$`).exec(address) ?? [];
  if (region !== undefined) return ok({ bus: address, region });
  if (/^[\w./-]{1,256}$/.test(address)) return ok({ bus: address, region: "" });
  return problem("address: expected the ARN or the name of an EventBridge event bus, arn:aws:events:<region>:<account>:event-bus/<name>");
}

/** Names of SQS' hosts, in which the region stands: the usual, that of VPC endpoints, and an old one. Source: AWS General Reference, "Amazon SQS endpoints". */
const QUEUE_HOSTS: readonly RegExp[] = [
  new RegExp(`^sqs(?:-fips)?\\.(${REGION})\\.`),
  new RegExp(`^vpce-[a-z0-9-]+\\.sqs\\.(${REGION})\\.`),
  new RegExp(`^(${REGION})\\.queue\\.amazonaws\\.com`),
];

/** The region is all that is taken of the host: requests go to SQS' own, whatever the URL says. */
export function parseQueue(address: string): Result<{ readonly url: string; readonly region: string; readonly isFifo: boolean }> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const region = QUEUE_HOSTS.map((host) => host.exec(url?.hostname ?? "")?.[1]).find((found) => found !== undefined);
  if (url === undefined || region === undefined || !/^\/\d{12}\/[\w-]{1,80}(?:\.fifo)?$/.test(url.pathname))
    return problem("address: expected the URL of an SQS queue, https://sqs.<region>.amazonaws.com/<account>/<name>");
  return ok({ url: address, region, isFifo: url.pathname.endsWith(".fifo") });
}
