import { isUtf8 } from "node:buffer";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Secret } from "@sluice/engine/domain/secret.ts";

/** GitHub caps payloads at 25 MB. Source: docs.github.com, "Webhook events and payloads". */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

/** Whether `signature` (`sha256=<hex>`) is that of `body` under `key`. Throws when it cannot tell. */
export type VerifySignature = (key: Secret, body: string, signature: string) => Promise<boolean>;

export type DeliveryRequest = {
  /** The raw bytes: another spelling of the same JSON has another signature. */
  readonly body: Uint8Array;
  /** Names in lower case. A header that came twice is the two values with a comma between, as HTTP joins them. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** All that are live: during a rotation two. Asked for only when there is a signature to check. */
  readonly keys: () => Promise<readonly Secret[]>;
  /** Asked for when none of `keys` fits: one may have become live a moment ago. The very array that `keys` gave says that there is no news. */
  readonly newerKeys?: () => Promise<readonly Secret[]>;
  readonly verify: VerifySignature;
};

/** What a delivery of GitHub turns out to be; everything but `too-large` and `unsigned` is proven to come from who holds a key. */
export type Delivery =
  | { readonly kind: "push"; readonly repository: string; readonly ref: string; readonly delivery: string }
  /** GitHub tries a new webhook out. */
  | { readonly kind: "ping"; readonly delivery: string }
  | { readonly kind: "ignored"; readonly event: string; readonly delivery: string }
  | { readonly kind: "too-large" }
  | { readonly kind: "unsigned" }
  | { readonly kind: "no-delivery-id" }
  | { readonly kind: "malformed"; readonly delivery: string };

/**
 * Nothing in a delivery is read before its signature is found good. Throws when the keys cannot be had or the verifier breaks: that is our failure, and
 * must not look like a wrong signature. Source: security.md, "Webhook forgery, replay, DoS, injection".
 */
export async function readDelivery(request: DeliveryRequest): Promise<Delivery> {
  if (request.body.byteLength > MAX_DELIVERY_BYTES) return { kind: "too-large" };
  const text = await signedText(request);
  if (text === undefined) return { kind: "unsigned" };
  const delivery = headerOf(request, "x-github-delivery");
  if (!DELIVERY_ID.test(delivery)) return { kind: "no-delivery-id" };
  const event = headerOf(request, "x-github-event");
  if (event === "ping") return { kind: "ping", delivery };
  if (event !== "push") return { kind: "ignored", event: event.slice(0, 100), delivery };
  return parsePush(text, delivery);
}

const DELIVERY_ID = /^[\x21-\x7e]{1,200}$/;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/**
 * The body, once one of the keys has signed it. A signature is over bytes and the verifier takes text, which stands for one sequence of bytes only where
 * these are UTF-8: GitHub sends nothing else. All keys are tried, always, so that the answer's time does not say which of them was right.
 */
async function signedText({ body, headers, keys, newerKeys, verify }: DeliveryRequest): Promise<string | undefined> {
  const signature = headerOf({ headers }, "x-hub-signature-256");
  if (!SIGNATURE.test(signature) || body.byteLength === 0 || !isUtf8(body)) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const isSignedWith = async (live: readonly Secret[]): Promise<boolean> => {
    if (live.length === 0) throw new Error("there is no webhook secret to check a signature with");
    const answers = await Promise.all(live.map((key) => verify(key, text, signature)));
    return answers.includes(true);
  };
  const known = await keys();
  if (await isSignedWith(known)) return text;
  const newer = (await newerKeys?.()) ?? known;
  return newer !== known && (await isSignedWith(newer)) ? text : undefined;
}

function headerOf({ headers }: Pick<DeliveryRequest, "headers">, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** A push to a branch or tag, its deletion included: whoever follows it is to look, and asks the remote what is there now. */
function parsePush(text: string, delivery: string): Delivery {
  const event = parseJson(text);
  const repository = isObject(event) && isObject(event["repository"]) ? event["repository"]["clone_url"] : undefined;
  const ref = isObject(event) ? event["ref"] : undefined;
  return isRepository(repository) && isRef(ref) ? { kind: "push", repository, ref, delivery } : { kind: "malformed", delivery };
}

/** A URL of HTTP without a user: it goes into queues and logs. */
function isRepository(value: Json | undefined): value is string {
  if (typeof value !== "string" || !/^[^\p{Cc}\s]{1,2048}$/u.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

/** What git allows in the name of a ref, roughly: no spaces, no control characters. Source: git check-ref-format. */
const isRef = (value: Json | undefined): value is string => typeof value === "string" && /^refs\/[^\p{Cc}\s]{1,1024}$/u.test(value);

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON, or deeper than the parser goes
  }
}

/** How a delivery is answered; one that is a push is answered by who takes it. GitHub shows 2xx as delivered, all else as failed, with the text. */
export function answerTo({ kind }: Exclude<Delivery, { readonly kind: "push" }>): { readonly code: number; readonly text: string } {
  switch (kind) {
    case "ping":
    case "ignored":
      return { code: 202, text: "nothing to do" };
    case "too-large":
      return { code: 413, text: "too large" };
    case "unsigned":
      return { code: 401, text: "not signed" };
    case "no-delivery-id":
      return { code: 400, text: "no delivery id" };
    case "malformed":
      return { code: 400, text: "no push event" };
  }
}
