import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWebhook, signature } from "../../../lib/local/webhook.ts";

const KEY = secret("canary-webhook-key");
const PUSH = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: "https://git.example.com/org/app.git" } });

let server: Server;
let url: string;
let sent: WorkItem[];
let deliveries = 0;
let fails = false;
beforeEach(async () => {
  sent = [];
  fails = false;
  const queue = {
    send: async (item: WorkItem) => {
      if (fails) throw new Error("the queue is away");
      sent.push(item);
    },
  };
  const webhook = createWebhook(queue, KEY);
  server = createServer((request, response) => void webhook(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

type Delivery = { readonly body?: string; readonly event?: string; readonly id?: string; readonly signed?: string; readonly method?: string };

async function deliver({
  body = PUSH,
  event = "push",
  id = `d-${++deliveries}`,
  signed = signature(Buffer.from(body), KEY),
  method = "POST",
}: Delivery): Promise<string> {
  const headers = { "x-github-event": event, "x-github-delivery": id, "x-hub-signature-256": signed };
  const answer = await fetch(url, { method, headers, ...(method === "POST" && { body }) });
  return `${answer.status} ${(await answer.text()).trim()}`;
}

describe("a delivery", () => {
  it("of a push becomes an item of the queue, once", async () => {
    expect(await deliver({ id: "one" })).toBe("202 accepted");
    expect(await deliver({ id: "one" })).toBe("202 nothing to do");
    expect(await deliver({ id: "two" })).toBe("202 accepted");
    const push = { kind: "push", repository: "https://git.example.com/org/app.git", ref: "refs/heads/main" };
    expect(sent).toEqual([
      { ...push, delivery: "one" },
      { ...push, delivery: "two" },
    ]);
  });

  it.each<{ name: string; delivery: Delivery; want: RegExp }>([
    { name: "of something else is accepted and dropped", delivery: { event: "ping", body: "{}" }, want: /^202 nothing to do$/ },
    { name: "by GET", delivery: { method: "GET" }, want: /^405 / },
    { name: "without a signature", delivery: { signed: "" }, want: /^401 not signed$/ },
    { name: "with a forged one", delivery: { signed: `sha256=${"0".repeat(64)}` }, want: /^401 not signed$/ },
    { name: "signed with another key", delivery: { signed: signature(Buffer.from(PUSH), secret("other")) }, want: /^401 not signed$/ },
    { name: "with the signature of another body", delivery: { signed: signature(Buffer.from("{}"), KEY) }, want: /^401 not signed$/ },
    { name: "with SHA-1", delivery: { signed: "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709" }, want: /^401 not signed$/ },
    { name: "with a signature of many bytes", delivery: { signed: "x".repeat(10_000) }, want: /^401 not signed$/ },
    { name: "that is no JSON", delivery: { body: "{" }, want: /^400 / },
    { name: "that is null", delivery: { body: "null" }, want: /^400 / },
    { name: "that is a list", delivery: { body: "[]" }, want: /^400 / },
    { name: "without a repository", delivery: { body: '{"ref":"refs/heads/main"}' }, want: /^400 / },
    { name: "whose ref is no text", delivery: { body: '{"ref":1,"repository":{"clone_url":"x"}}' }, want: /^400 / },
    { name: "whose URL is no text", delivery: { body: '{"ref":"r","repository":{"clone_url":{}}}' }, want: /^400 / },
    { name: "nested deeply", delivery: { body: `${"[".repeat(100_000)}${"]".repeat(100_000)}` }, want: /^400 / },
    { name: "without an id", delivery: { id: "" }, want: /^400 / },
  ])("$name: nothing is sent", async ({ delivery, want }) => {
    const answer = await deliver(delivery);
    expect(answer).toMatch(want);
    expect(answer).not.toContain("canary-webhook-key");
    expect(sent).toEqual([]);
    // It hurt nobody.
    expect(await deliver({})).toBe("202 accepted");
  });

  it("that is too large is refused unread", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999\r\n\r\n");
    const answer = await new Promise<string>((read) => socket.once("data", (bytes) => read(String(bytes))));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("whose sender goes away in the middle does nothing", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    await new Promise<void>((written) => socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", () => written()));
    socket.destroy();
    expect(await deliver({})).toBe("202 accepted");
    expect(sent).toHaveLength(1);
  });

  it("that nobody could take can be sent again", async () => {
    fails = true;
    expect(await deliver({ id: "again" })).toMatch(/^500/);
    fails = false;
    expect(await deliver({ id: "again" })).toBe("202 accepted");
    expect(sent).toHaveLength(1);
  });

  it("remembers a thousand ids, and forgets the oldest first", async () => {
    for (let index = 0; index <= 1000; index++) await deliver({ id: `n-${index}` });
    const before = sent.length;
    await deliver({ id: "n-1000" });
    expect(sent.length).toBe(before);
    await deliver({ id: "n-0" });
    expect(sent.length).toBe(before + 1);
  });
});
