import { type Milliseconds, ms } from "@sluice/engine/domain/time.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer, HttpRequest } from "../../http/exchange.ts";
import type { SenderWorld } from "../sender.ts";
import { withoutCredentials } from "./url-credentials.ts";

export type Posting = {
  /** Credentials in it count where `authorization` is not said. */
  readonly url: string;
  /** What `authorization` is not good for: it goes along wherever a redirect within the origin leads. */
  readonly headers?: { readonly [name: string]: string };
  readonly authorization?: string;
  readonly body: string | Uint8Array;
  /** `application/json` when not said. */
  readonly contentType?: string;
  readonly method?: "POST" | "PUT";
  /** False: what certSecretRef names is not heeded. Source: providers/transport.yaml. */
  readonly useTls?: boolean;
  /** False: what proxySecretRef names is not heeded. */
  readonly useProxy?: boolean;
  /** What a message about a failure begins with: `postMessage failed: ` when not said. */
  readonly prefix?: string;
  /** What is wrong with an answer of 2xx: `Slack responded with error: channel_not_found`. */
  readonly check?: (answer: HttpAnswer) => string | undefined;
};

/** Of an answer that is not fine, so much is read for the message. */
const SHOWN_BYTES = 8 * 1024;
/** Of one that is checked. */
const CHECKED_BYTES = 64 * 1024;

const EXECUTE = "failed to execute request: ";

/**
 * Posts a message as Flux's webhook-like types do. 2xx is sent; 429, 5xx but 501 and silence are worth another attempt; all else is refused.
 * Source: reference 4.3, HTTP delivery; recorded in providers/generic-answer-*, generic-tls-unknown, slack-api-not-ok.
 */
export async function postMessage(notification: Notification, world: SenderWorld, posting: Posting): Promise<NotifierAnswer> {
  const reached = withoutCredentials(posting.url);
  const { method = "POST", check, prefix = "postMessage failed: " } = posting;
  const request = `${method} ${reached.url}`;
  const answer = await world.http.send(requestFor(notification, world, { ...reached, ...posting, url: reached.url }));
  if (answer.kind === "silent") {
    if (answer.lasting === true) return { kind: "refused", message: `${prefix}${EXECUTE}${request} giving up after 1 attempt(s): ${answer.message}` };
    return { kind: "unavailable", prefix: prefix + EXECUTE, request, why: answer.message, problem: answer.message, done: notification.done };
  }
  if (answer.status >= 200 && answer.status < 300) {
    const problem = check?.(answer);
    return problem === undefined ? { kind: "sent" } : { kind: "refused", message: `${prefix}request failed: ${problem}` };
  }
  if (!isWorthAnotherAttempt(answer.status)) {
    return { kind: "refused", message: `${prefix}request failed: request failed with status code ${answer.status}: ${shownBody(answer)}` };
  }
  const retryAfter = retryAfterOf(answer, world.now());
  const why = `status ${answer.status}: ${shownBody(answer)}`;
  return { kind: "unavailable", prefix: prefix + EXECUTE, request, why, ...(retryAfter !== undefined && { retryAfter }), done: notification.done };
}

/** The request that `postMessage` sends, for those who need its answer whole. */
function requestFor({ provider }: Notification, { signal }: SenderWorld, posting: Posting): HttpRequest {
  const { url, headers, authorization, body, contentType = "application/json", method = "POST", useTls = true, useProxy = true, check } = posting;
  return {
    method,
    url,
    headers: { "content-type": contentType, ...headers },
    ...(authorization !== undefined && { authorization }),
    body: typeof body === "string" ? Buffer.from(body) : body,
    ...(useTls && provider.tls !== undefined && { tls: provider.tls }),
    ...(useProxy && provider.proxy !== undefined && { proxy: provider.proxy }),
    signal,
    redirectsAsGet: true,
    maxBytes: (status) => (status >= 300 ? SHOWN_BYTES : check === undefined ? 0 : CHECKED_BYTES),
    cut: true,
  };
}

/** Source: go-retryablehttp, as recorded: 501 is an answer. */
export const isWorthAnotherAttempt = (status: number): boolean => status === 429 || (status >= 500 && status !== 501);

/** The body of an answer, for a message: bounded, and without signs that steer a terminal. */
export const shownBody = ({ body }: HttpAnswer): string =>
  Buffer.from(body.subarray(0, SHOWN_BYTES))
    .toString()
    .replace(/(?![\n\t])\p{Cc}/gu, "");

/** What Retry-After of a 429 or 503 asks for, in seconds or as a date; undefined when it says nothing. Source: go-retryablehttp. */
export function retryAfterOf({ status, headers }: HttpAnswer, now: number): Milliseconds | undefined {
  const text = headers["retry-after"];
  if (text === undefined || (status !== 429 && status !== 503)) return undefined;
  if (/^\d{1,9}$/.test(text)) return ms(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) || date <= now ? undefined : ms(date - now);
}
