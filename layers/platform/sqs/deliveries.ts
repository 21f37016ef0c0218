import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Deliveries } from "@sluice/engine/ports/deliveries.ts";
import { type Outgoing, type SendOptions, sendBatches } from "./batches.ts";
import { writeDeliveryMessage } from "./delivery-message.ts";

export type SqsDeliveriesOptions = SendOptions & { readonly client: SQSClient; readonly url: string; readonly clock: Clock };

/** SQS delays no message for longer; what is to wait longer says so, and goes round. Source: SQS API reference, SendMessage. */
const LONGEST_DELAY_SECONDS = 900;

/** Deliveries as messages of a standard queue: it delays each by itself, and one that fails holds up no other. */
export function createSqsDeliveries({ client, url, clock, ...options }: SqsDeliveriesOptions): Deliveries {
  return {
    send: async (delivery, { notBefore } = {}) => {
      const wait = notBefore === undefined ? 0 : Math.max(0, notBefore - clock.now());
      const delaySeconds = Math.min(Math.ceil(wait / 1000), LONGEST_DELAY_SECONDS);
      const message: Outgoing = { url, body: writeDeliveryMessage(delivery, notBefore), how: { kind: "standard", delaySeconds } };
      const [error] = await sendBatches(client, [message], options);
      if (error !== undefined) throw error;
    },
  };
}
