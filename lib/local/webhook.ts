import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { answerTo, MAX_DELIVERY_BYTES, readDelivery } from "@sluice/platform/github/delivery.ts";
import { verifySignature } from "@sluice/platform/github/verify-signature.ts";
import { readBody } from "./read-body.ts";

const REMEMBERED_DELIVERIES = 1000;

export type Webhook = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Answers deliveries in GitHub's form: a push becomes an item of the queue, everything else is accepted and dropped. The same delivery does nothing twice. */
export function createWebhook(queue: Queue, key: Secret): Webhook {
  const delivered = new Set<string>();

  return async (request, response) => {
    const answer = (code: number, text: string): void => {
      response.writeHead(code, { "content-type": "text/plain" }).end(`${text}\n`);
    };
    if (request.method !== "POST") return answer(405, "POST a delivery here");
    const body = await readBody(request, MAX_DELIVERY_BYTES).catch(() => "broken" as const);
    if (body === "broken") return; // nobody is there to answer
    if (body === "too large") {
      response.setHeader("connection", "close");
      return answer(413, "too large");
    }
    const push = await readDelivery({ body, headers: request.headers, keys: async () => [key], verify: verifySignature }).catch(() => "broken" as const);
    if (push === "broken") return answer(500, "not taken, send it again");
    if (push.kind !== "push") {
      const { code, text } = answerTo(push);
      return answer(code, text);
    }
    if (delivered.has(push.delivery)) return answer(202, "nothing to do");
    remember(delivered, push.delivery);
    const isTaken = await queue.send(push).then(
      () => true,
      () => false,
    );
    if (isTaken) return answer(202, "accepted");
    delivered.delete(push.delivery); // sent again, it is no replay
    answer(500, "not taken, send it again");
  };
}

export const signature = (body: Uint8Array, key: Secret): string => `sha256=${createHmac("sha256", key.reveal()).update(body).digest("hex")}`;

/** The oldest goes first: a Set keeps the order in which things came. */
function remember(delivered: Set<string>, delivery: string): void {
  delivered.add(delivery);
  const [oldest] = delivered;
  if (delivered.size > REMEMBERED_DELIVERIES && oldest !== undefined) delivered.delete(oldest);
}
