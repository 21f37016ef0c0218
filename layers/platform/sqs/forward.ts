import type { SQSClient } from "@aws-sdk/client-sqs";
import { problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import { type SendOptions, sendBatches } from "./batches.ts";
import { type Message, parseMessage } from "./message.ts";
import { type QueueUrls, routeOf } from "./route.ts";

export type Forwarded =
  /** To the queue of those who act on it, or back into `later` since it is not due yet. */
  | { readonly kind: "sent" }
  | { readonly kind: "malformed"; readonly problem: string }
  /** SQS did not take it; it is to be received again. */
  | { readonly kind: "failed"; readonly error: Error };

export type ForwardOptions = SendOptions & { readonly client: SQSClient; readonly urls: QueueUrls; readonly clock: Clock };

/** A window is never put off. One that is here all the same must not stop the messages beside it. */
function parseForwardable(body: string): Result<Message> {
  const parsed = parseMessage(body);
  return parsed.ok && parsed.value.item.kind === "cluster" ? problem("no look at a whole cluster is put off") : parsed;
}

/** Hands on the bodies of messages that come out of `later`; says of each what became of it, in their order. */
export function createForward({ client, urls, clock, ...options }: ForwardOptions): (bodies: readonly string[]) => Promise<readonly Forwarded[]> {
  return async (bodies) => {
    const now = clock.now();
    const read = bodies.map(parseForwardable);
    const messages = read.map((parsed) => (parsed.ok ? routeOf(urls, parsed.value.item, parsed.value.notBefore, now) : undefined));
    const good = messages.flatMap((message) => message ?? []);
    const errors = new Map((await sendBatches(client, good, options)).map((error, index) => [good[index], error]));
    return read.map((parsed, index): Forwarded => {
      if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
      const error = errors.get(messages[index]);
      return error === undefined ? { kind: "sent" } : { kind: "failed", error };
    });
  };
}
