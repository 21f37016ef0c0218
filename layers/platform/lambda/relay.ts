import { SQSClient } from "@aws-sdk/client-sqs";
import { ms } from "@sluice/engine/domain/time.ts";
import type { SQSEvent } from "aws-lambda";
import { CLIENT_OPTIONS } from "../aws/client-options.ts";
import { errorText } from "../log/log-line.ts";
import { putAside } from "../sqs/dead-letters.ts";
import { createForward, type Forwarded } from "../sqs/forward.ts";
import { deadline } from "./deadline.ts";
import { ENV_APPLY_QUEUE, ENV_DEAD_LETTER_QUEUE, ENV_LATER_QUEUE, ENV_SOURCE_QUEUE } from "./environment.ts";
import { type BatchAnswer, batchAnswer, parseQueueEvent, type ReceivedMessage } from "./events.ts";
import { createFunctionHost, type FunctionHost, type HostOptions } from "./function-host.ts";
import { readVariable } from "./read-variable.ts";

export type RelayDeps = {
  readonly host: Pick<FunctionHost, "log" | "metrics">;
  /** Hands bodies on, each to the queue that it is for or back into `later`; says of each what became of it. */
  readonly forward: (bodies: readonly string[]) => Promise<readonly Forwarded[]>;
  readonly putAside: (message: ReceivedMessage, reason: string) => Promise<void>;
};

/** Messages of `later` that came due go where they are acted on. One that cannot be read is put aside; one that was not taken comes again, alone. */
export function createRelay({ host, forward, putAside }: RelayDeps): (event: SQSEvent) => Promise<BatchAnswer> {
  /** Whether the message is to come again. */
  async function isOwed(message: ReceivedMessage, forwarded: Forwarded): Promise<boolean> {
    switch (forwarded.kind) {
      case "sent":
        host.metrics.count("Relayed", 1, {});
        return false;
      case "failed":
        host.log.error("message was not handed on", { message: message.id, receives: message.receives, error: errorText(forwarded.error) });
        return true;
      case "malformed":
        return !(await isAside(message, forwarded.problem));
    }
  }

  async function isAside(message: ReceivedMessage, reason: string): Promise<boolean> {
    try {
      await putAside(message, reason);
      host.log.error("message was put aside", { message: message.id, error: reason });
      host.metrics.count("MessageAside", 1, { function: "relay", reason });
      return true;
    } catch (error) {
      host.log.error("message could not be put aside", { message: message.id, error: errorText(error), reason });
      return false; // the queue's redrive policy ends it, without a reason
    }
  }

  return async (event) => {
    const messages = parseQueueEvent(event);
    const forwarded = await forward(messages.map(({ body }) => body));
    const owed = await Promise.all(
      messages.map(async (message, index) => {
        const end = forwarded[index];
        return end === undefined || (await isOwed(message, end)) ? [message.id] : [];
      }),
    );
    return batchAnswer(owed.flat());
  };
}

export function createRelayFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "relay", ...options });
  const client = new SQSClient({ ...CLIENT_OPTIONS });
  const later = readVariable(environment, ENV_LATER_QUEUE);
  const urls = { source: readVariable(environment, ENV_SOURCE_QUEUE), apply: readVariable(environment, ENV_APPLY_QUEUE), later };
  const deadLetterUrl = readVariable(environment, ENV_DEAD_LETTER_QUEUE);
  const handOn = createRelay({
    host,
    forward: createForward({ client, urls, clock: host.clock }),
    putAside: (message, reason) => putAside(client, { queueUrl: later, deadLetterUrl, message, reason }),
  });
  return { handOn, middleware: host.middleware, deadline: deadline({ early: ms(3_000), grace: ms(2_000) }) };
}
