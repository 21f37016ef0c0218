import { ms } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { AwsError } from "../../aws/aws-error.ts";
import type { AwsAnswer, AwsRequest } from "../../aws/exchange.ts";
import { isAnswer } from "../../aws/kept.ts";
import type { SenderWorld } from "../sender.ts";

export type AwsSending = {
  readonly service: "sns" | "events" | "sqs";
  /** `""`: our own. */
  readonly region: string;
  /** For messages: `sns Publish arn:aws:sns:…`. */
  readonly request: string;
  readonly what: Pick<AwsRequest, "method" | "path" | "headers" | "body">;
  /** What an answer says that is fine by its code only; sent without it. */
  readonly read?: (answer: AwsAnswer) => NotifierAnswer;
};

/** Asks a service of AWS as the role that we run as. What it says no to is refused, in its words; throttling, its faults and silence are worth another attempt. */
export async function sendToAws(
  { done }: Notification,
  { aws, now, signal }: SenderWorld,
  { service, region, request, what, read }: AwsSending,
): Promise<NotifierAnswer> {
  let answer: AwsAnswer;
  try {
    answer = await aws(service, region).send({ ...what, signal });
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (isAnswer(error)) return { kind: "refused", message: `${request}: ${why}` };
    const retryAfter = error instanceof AwsError && error.retryAfter !== undefined ? { retryAfter: ms(Math.max(0, error.retryAfter.getTime() - now())) } : {};
    return { kind: "unavailable", prefix: "", request, why, problem: why, ...retryAfter, done };
  }
  return read?.(answer) ?? { kind: "sent" };
}
