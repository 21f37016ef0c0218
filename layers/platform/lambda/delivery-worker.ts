import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Deliveries } from "@sluice/engine/ports/deliveries.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { errorText } from "../log/log-line.ts";
import { parseDeliveryMessage } from "../sqs/delivery-message.ts";
import type { ReceivedMessage } from "./events.ts";
import { settle } from "./settle.ts";

export type DeliveryWorkerDeps = {
  /** One attempt. Throws when it is not known how it ended: the message comes again. */
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<void>;
  readonly deliveries: Deliveries;
  readonly putAside: (message: ReceivedMessage, reason: string) => Promise<void>;
  readonly postpone: (message: ReceivedMessage, seconds: number) => Promise<void>;
  readonly lastReceive: number;
  readonly clock: Clock;
  readonly log: Log;
};

/** SQS counts whole seconds: what comes a moment early is not sent round once more for that. */
const EARLY_MS = 1_000;
const LONGEST_PAUSE_SECONDS = 60;

/**
 * The deliveries of a batch, side by side: each ends for itself, and one whose provider is silent holds up no other. Gives back the ids of the messages that are
 * to come again. A further attempt is a new message: what comes again here is what broke off, of a cluster or store that did not answer.
 */
export function createDeliveryWorker(deps: DeliveryWorkerDeps): (messages: readonly ReceivedMessage[], signal: AbortSignal) => Promise<readonly string[]> {
  const { log } = deps;

  /** What stays in the queue when it could not be put aside: its redrive policy ends that, without a reason. */
  async function putAside(message: ReceivedMessage, reason: string): Promise<readonly string[]> {
    try {
      await deps.putAside(message, reason);
      log.error("message was put aside", { message: message.id, error: reason });
      return [];
    } catch (error) {
      log.error("message could not be put aside", { message: message.id, error: errorText(error), reason });
      return [message.id];
    }
  }

  async function fail(message: ReceivedMessage, error: unknown): Promise<readonly string[]> {
    const reason = error instanceof Error ? error.message : String(error);
    log.error("message failed", { message: message.id, receives: message.receives, error: reason });
    if (message.receives >= deps.lastReceive) return putAside(message, reason);
    await deps.postpone(message, Math.min(2 ** message.receives, LONGEST_PAUSE_SECONDS)).catch((cause: unknown) => {
      log.error("message could not be postponed", { message: message.id, error: errorText(cause) });
    });
    return [message.id];
  }

  async function work(message: ReceivedMessage, signal: AbortSignal): Promise<readonly string[]> {
    const parsed = parseDeliveryMessage(message.body);
    if (!parsed.ok) return putAside(message, parsed.problem);
    const { delivery, notBefore } = parsed.value;
    const isEarly = notBefore !== undefined && notBefore - deps.clock.now() > EARLY_MS;
    const end = await settle(isEarly ? deps.deliveries.send(delivery, { notBefore }) : deps.deliver(delivery, signal), signal);
    return end.kind === "done" ? [] : fail(message, end.error);
  }

  return async (messages, signal) => (await Promise.all(messages.map((message) => work(message, signal)))).flat();
}
