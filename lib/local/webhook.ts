import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/** GitHub sends up to 25 MB. */
const MAX_BODY = 25 * 1024 * 1024;
const REMEMBERED_DELIVERIES = 1000;

export type Webhook = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers deliveries in GitHub's form: a push becomes an item of the queue, everything else is accepted and dropped. The signature is
 * checked over the raw bytes before anything in them is read; a wrong one learns nothing; the same delivery does nothing twice.
 */
export function createWebhook(queue: Queue, key: Secret): Webhook {
  const delivered = new Set<string>();

  return async (request, response) => {
    const answer = (code: number, text: string): void => {
      response.writeHead(code, { "content-type": "text/plain" }).end(`${text}\n`);
    };
    if (request.method !== "POST") return answer(405, "POST a delivery here");
    const body = await readBody(request).catch(() => "broken" as const);
    if (body === "broken") return; // nobody is there to answer
    if (body === "too large") {
      response.setHeader("connection", "close");
      return answer(413, "too large");
    }
    if (!isSigned(body, headerOf(request, "x-hub-signature-256"), key)) return answer(401, "not signed");
    const delivery = headerOf(request, "x-github-delivery");
    if (delivery === "") return answer(400, "no delivery id");
    if (headerOf(request, "x-github-event") !== "push" || delivered.has(delivery)) return answer(202, "nothing to do");
    const push = parsePush(body);
    if (push === undefined) return answer(400, "no push event");
    remember(delivered, delivery);
    const isTaken = await queue.send({ kind: "push", ...push, delivery }).then(
      () => true,
      () => false,
    );
    if (isTaken) return answer(202, "accepted");
    delivered.delete(delivery); // sent again, it is no replay
    answer(500, "not taken, send it again");
  };
}

export const signature = (body: Uint8Array, key: Secret): string => `sha256=${createHmac("sha256", key.reveal()).update(body).digest("hex")}`;

function isSigned(body: Uint8Array, given: string, key: Secret): boolean {
  const expected = Buffer.from(signature(body, key));
  const received = Buffer.from(given);
  return received.length === expected.length && timingSafeEqual(received, expected);
}

const headerOf = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
};

async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const parts: Buffer[] = [];
  let size = 0;
  if (Number(request.headers["content-length"]) > MAX_BODY) return "too large";
  // Without this, leaving the loop would close the connection before anything is answered.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += part.length;
    if (size > MAX_BODY) return "too large";
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parsePush(body: Buffer): { readonly repository: string; readonly ref: string } | undefined {
  try {
    const event: unknown = JSON.parse(body.toString("utf8"));
    if (!isRecord(event) || typeof event.ref !== "string" || !isRecord(event.repository)) return undefined;
    const { clone_url: repository } = event.repository;
    return typeof repository === "string" ? { repository, ref: event.ref } : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === "object" && value !== null;

/** The oldest goes first: a Set keeps the order in which things came. */
function remember(delivered: Set<string>, delivery: string): void {
  delivered.add(delivery);
  const [oldest] = delivered;
  if (delivered.size > REMEMBERED_DELIVERIES && oldest !== undefined) delivered.delete(oldest);
}
