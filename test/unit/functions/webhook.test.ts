import { createHmac } from "node:crypto";
import middy from "@middy/core";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { verifySignature } from "@sluice/platform/github/verify-signature.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createWebhook, type WebhookDeps } from "@sluice/platform/lambda/webhook.ts";
import { describe, expect, it } from "vitest";
import { ARRIVED, contextOf, httpEvent } from "./events.ts";

const KEY = secret("canary-key");
const PUSH = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: "https://github.com/o/r.git" }, pusher: { name: "canary-pusher" } });

const signed = (body: string | Uint8Array, key: Secret = KEY): string => `sha256=${createHmac("sha256", key.reveal()).update(body).digest("hex")}`;
const headersOf = (body: string | Uint8Array): Record<string, string> => ({
  "x-github-event": "push",
  "x-github-delivery": "d-1",
  "x-hub-signature-256": signed(body),
});

type Ran = { readonly answer: string; readonly sent: readonly WorkItem[]; readonly lines: readonly Readonly<Record<string, unknown>>[]; readonly log: string };

async function deliver(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}, broken: Partial<WebhookDeps> = {}): Promise<Ran> {
  const sent: WorkItem[] = [];
  const lines: string[] = [];
  const host = createFunctionHost({ functionName: "webhook", clock: { now: () => epochMs(ARRIVED + 5) }, write: (line) => lines.push(line) });
  const keys = async (): Promise<readonly Secret[]> => [KEY];
  const deps = { host, queue: { send: async (item: WorkItem) => void sent.push(item) }, keys, newerKeys: keys, verify: verifySignature, ...broken };
  const handler = middy(createWebhook(deps)).use(host.middleware);
  const answer = await handler(httpEvent(body, { ...headersOf(body), ...headers }), contextOf("r-1"));
  return { answer: `${answer.statusCode} ${answer.body?.trim()}`, sent, lines: lines.map((line) => JSON.parse(line)), log: lines.join("\n") };
}

/** The line of the invocation, without what every one has. */
const noted = ({ lines }: Ran): object => {
  const { ts: _, level: __, msg: ___, ms: ____, function: _____, requestId: ______, coldStart: _______, ...rest } = lines[0] ?? {};
  return rest;
};

describe("a push", () => {
  it("becomes one item, one line and one metric", async () => {
    const ran = await deliver(PUSH);
    expect(ran.answer).toBe("202 accepted");
    expect(ran.sent).toEqual([{ kind: "push", repository: "https://github.com/o/r.git", ref: "refs/heads/main", delivery: "d-1", pushedAt: ARRIVED }]);
    expect(ran.lines).toMatchObject([{ msg: "invocation" }, { Push: 1 }]);
    expect(noted(ran)).toEqual({
      code: 202,
      bytes: PUSH.length,
      delivered: "push",
      repository: "https://github.com/o/r.git",
      ref: "refs/heads/main",
      delivery: "d-1",
    });
  });
  it("may come in base64", async () => expect(await deliver(Buffer.from(PUSH))).toMatchObject({ answer: "202 accepted", sent: [{ kind: "push" }] }));
});

describe("what is no push", () => {
  it.each<[string, string | Uint8Array, Record<string, string>, string, string | undefined]>([
    ["a ping", '{"zen":"z"}', { "x-github-event": "ping" }, "202 nothing to do", undefined],
    ["another event", "{}", { "x-github-event": "issues" }, "202 nothing to do", undefined],
    ["not signed", PUSH, { "x-hub-signature-256": "" }, "401 not signed", "unsigned"],
    ["forged", PUSH, { "x-hub-signature-256": signed(PUSH, secret("other")) }, "401 not signed", "unsigned"],
    ["no UTF-8", Uint8Array.of(0xff), {}, "401 not signed", "unsigned"],
    ["empty", "", {}, "401 not signed", "unsigned"],
    ["no id", PUSH, { "x-github-delivery": "" }, "400 no delivery id", "no-delivery-id"],
    ["no JSON", "{", {}, "400 no push event", "malformed"],
    ["too large", Buffer.alloc(25 * 1024 * 1024 + 1), {}, "413 too large", "too-large"],
  ])("%s is answered, counted and not sent", async (_, body, headers, answer, reason) => {
    const ran = await deliver(body, headers);
    expect(ran).toMatchObject({ answer, sent: [] });
    expect(ran.lines.slice(1)).toMatchObject(reason === undefined ? [] : [{ DeliveryRefused: 1, reason }]);
  });

  it("leaves nothing of its body, its headers or our keys in the log while it is not signed", async () => {
    const { log } = await deliver(PUSH, {
      "x-hub-signature-256": `sha256=${"0f".repeat(32)}`,
      "x-github-delivery": "canary-id",
      "x-github-event": "canary-event",
    });
    expect(log).not.toMatch(/canary|github\.com|0f0f/);
    expect(log).toContain('"unsigned"');
  });
});

describe("what is our failure", () => {
  const broken = async (): Promise<never> => {
    throw Object.assign(new Error("no answer"), { $response: "canary-response" });
  };
  it.each<[string, Partial<WebhookDeps>]>([
    ["the queue", { queue: { send: broken } }],
    ["the secret", { keys: broken }],
    ["the verifier", { verify: broken }],
  ])("%s: GitHub is told to send it again, and no push is counted", async (_, parts) => {
    const ran = await deliver(PUSH, {}, parts);
    expect(ran.answer).toBe("500 not taken, send it again");
    expect(ran.lines).toMatchObject([
      { level: "error", msg: "push was not taken", error: "Error: no answer" },
      { msg: "invocation", code: 500 },
      { DeliveryFailed: 1 },
    ]);
    expect(ran.log).not.toContain("DeliveryRefused");
    expect(ran.log).not.toContain("canary");
    expect(ran.log).not.toContain('"Push"');
  });
});
