import { ms } from "@sluice/engine/domain/time.ts";
import { batchSize, MAX_BODY_BYTES } from "@sluice/platform/gate/batch.ts";
import { MAX_REQUESTS } from "@sluice/platform/gate/call.ts";
import { MAX_REPLY_BYTES } from "@sluice/platform/gate/gate.ts";
import { type GateConnection, type InvokeGate, NoWatchThroughGate } from "@sluice/platform/gate/gate-http.ts";
import { NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import type { Request } from "@sluice/platform/kubernetes/request.ts";
import { Unanswered } from "@sluice/platform/kubernetes/transport.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";
import { type Scripted, type ScriptedServer, type Seen, startScripted } from "../../../support/api-server.ts";
import { createGateWorld, type GateWorld } from "../../../support/gate-world.ts";

const authority = createCertificateAuthority({ commonName: "test", now: new Date() });
const tls = authority.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] });
const CANARY = "k8s-aws-v1.canary-token";

let server: ScriptedServer;
let world: GateWorld;
let waits: number[] = [];
async function start(
  answers: readonly Scripted[] | ((seen: Seen) => Scripted),
  { connection = {}, around }: { connection?: Partial<GateConnection>; around?: (invoke: InvokeGate) => InvokeGate } = {},
): Promise<GateWorld> {
  server = await startScripted(answers, tls);
  waits = [];
  const options = { wait: async (pause: number) => void waits.push(pause), chance: () => 0 };
  world = createGateWorld({ server: server.url, certificateAuthority: authority.certificate, token: async () => CANARY, ...connection }, options, around);
  return world;
}
afterEach(async () => {
  world.close();
  await server.stop();
});

const OK: Scripted = { code: 200, body: { ok: true } };
const echo = ({ path }: Seen): Scripted => ({ code: 200, body: { path } });
const get = (path: string): Request => ({ method: "GET", path });
const failureOf = (sending: Promise<unknown>): Promise<unknown> => sending.catch((error: unknown) => error);
const textOf = (failed: unknown): string => (failed instanceof Error ? failed.message : "");

describe("a batch", () => {
  it("holds what is asked at the same time, and each gets its own answer", async () => {
    const { http, payloads } = await start(echo);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => http.send(get(`/api/v1/pods/${index}`))));
    expect(answers.map(({ body }) => JSON.parse(body).path)).toEqual(answers.map((_, index) => `/api/v1/pods/${index}`));
    expect(payloads).toHaveLength(1);
  });

  it("is one after the other for those who ask one after the other", async () => {
    const { http, payloads } = await start(echo);
    await http.send(get("/api/v1/a"));
    await http.send(get("/api/v1/b"));
    expect(payloads).toHaveLength(2);
  });

  it("collects, while enough are under way, what is asked meanwhile", async () => {
    const held: (() => void)[] = [];
    const around =
      (invoke: InvokeGate): InvokeGate =>
      async (payload, signal) => {
        if (held.length < 4) await new Promise<void>((release) => held.push(release));
        return invoke(payload, signal);
      };
    const { http, payloads } = await start(echo, { around });
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 10; round++) {
      asked.push(http.send(get(`/api/v1/${round}`)));
      await new Promise((done) => setImmediate(done));
      await new Promise((done) => setImmediate(done));
    }
    for (const release of held) release();
    await Promise.all(asked);
    expect(payloads.map((payload) => JSON.parse(payload).requests.length).toSorted()).toEqual([1, 1, 1, 1, 6]);
  });

  it("keeps methods, bodies, their type and whom they are for", async () => {
    const { http } = await start([OK]);
    const body = JSON.stringify({ größe: "\u{1F512}" });
    await http.send({ method: "PATCH", path: "/x?force=true", body, contentType: "application/apply-patch+yaml", headers: { "impersonate-user": "a" } });
    expect(server.seen[0]).toMatchObject({
      method: "PATCH",
      path: "/x?force=true",
      body,
      headers: { "content-type": "application/apply-patch+yaml", "impersonate-user": "a", authorization: `Bearer ${CANARY}` },
    });
  });

  it.each<{ name: string; waiting: readonly { token: string; text: string }[]; size: number }>([
    { name: "one", waiting: [{ token: "a", text: "x" }], size: 1 },
    { name: "no more than a call may have", waiting: Array.from({ length: 400 }, () => ({ token: "a", text: "x" })), size: MAX_REQUESTS },
    { name: "of one token", waiting: ["a", "a", "b", "a"].map((token) => ({ token, text: "x" })), size: 2 },
    { name: "up to 5.8 MB", waiting: Array.from({ length: 9 }, () => ({ token: "a", text: "x".repeat(1_000_000) })), size: 5 },
    { name: "counted in bytes", waiting: Array.from({ length: 9 }, () => ({ token: "a", text: "ü".repeat(1_000_000) })), size: 2 },
    { name: "at least one, whatever its size", waiting: [{ token: "a", text: "x".repeat(7_000_000) }], size: 1 },
  ])("takes $name: $size", ({ waiting, size }) => expect(batchSize(waiting)).toBe(size));

  it("the largest body that an API server takes goes through, whatever JSON makes of it; a larger one is answered as it would be", async () => {
    const { http, payloads } = await start([OK]);
    const body = '"'.repeat(MAX_BODY_BYTES);
    expect(await http.send({ method: "PATCH", path: "/x", body })).toMatchObject({ code: 200 });
    expect(server.seen[0]?.body === body).toBe(true);
    expect(Buffer.byteLength(payloads[0] ?? "")).toBeLessThan(6_000_000);
    const refused = await http.send({ method: "PATCH", path: "/x", body: `${body}"` });
    expect([refused.code, JSON.parse(refused.body).reason, server.seen.length]).toEqual([413, "RequestEntityTooLarge", 1]);
  });
});

describe("an answer of more than 6 MB", () => {
  const SECRET = "canary-secret-value ";
  const LARGE: Scripted = { code: 200, body: { items: SECRET.repeat(400_000) } };

  it("goes by the bucket, sealed, and is gone from there when it is had", async () => {
    const { http, replies, written, stored } = await start([LARGE]);
    const kept: Uint8Array[] = [];
    const set = stored.set.bind(stored);
    stored.set = (key, bytes) => {
      kept.push(bytes);
      return set(key, bytes);
    };
    const answer = await http.send(get("/api/v1/secrets?limit=1000"));
    expect(answer.body.length).toBeGreaterThan(MAX_REPLY_BYTES);
    expect(JSON.parse(answer.body).items === SECRET.repeat(400_000)).toBe(true);
    expect(replies).toEqual([JSON.stringify({ stored: written[0] })]);
    expect(written).toEqual([expect.stringMatching(/^gate\/[0-9a-f-]{36}$/)]);
    expect(stored.size).toBe(0);
    expect(Buffer.from(kept[0] ?? []).includes("canary")).toBe(false);
  });

  it("of two that are that long together, too", async () => {
    const { http, replies } = await start([{ code: 200, body: "x".repeat(MAX_REPLY_BYTES / 2) }]);
    const answers = await Promise.all([http.send(get("/a")), http.send(get("/b"))]);
    expect(answers.map(({ body }) => body.length)).toEqual([MAX_REPLY_BYTES / 2, MAX_REPLY_BYTES / 2]);
    expect(replies[0]).toContain("stored");
  });

  it("that just fits does not", async () => {
    const { http, replies } = await start([{ code: 200, body: "x".repeat(MAX_REPLY_BYTES - 200) }]);
    await http.send(get("/a"));
    expect(replies[0]).not.toContain("stored");
  });

  it.each<{ name: string; meddle: (stored: Map<string, Uint8Array>, key: string) => void }>([
    { name: "is not there", meddle: (stored) => stored.clear() },
    {
      name: "was changed by somebody",
      meddle: (stored, key) =>
        void stored.set(
          key,
          (stored.get(key) ?? new Uint8Array()).map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
        ),
    },
    { name: "was put there by somebody", meddle: (stored, key) => void stored.set(key, Buffer.from(JSON.stringify({ responses: [OK] }))) },
  ])("that $name is no answer", async ({ meddle }) => {
    const around =
      (invoke: InvokeGate): InvokeGate =>
      async (payload, signal) => {
        const reply = await invoke(payload, signal);
        meddle(world.stored, world.written[0] ?? "");
        return reply;
      };
    const { http } = await start([LARGE], { around });
    expect(await failureOf(http.send(get("/a")))).toBeInstanceOf(NoAnswer);
  });
});

describe("nobody answers", () => {
  const throttled = (): never => {
    throw new Unanswered(new Error("gate: TooManyRequestsException"), { sent: false, passing: true });
  };

  it.each<{ name: string; reply: string; problem: RegExp }>([
    { name: "with too few answers", reply: JSON.stringify({ responses: [] }), problem: /^GET \/a: the gate gave 0 responses to 2 requests$/ },
    {
      name: "with too many answers",
      reply: JSON.stringify({ responses: [1, 2, 3].map(() => ({ code: 200, headers: {}, body: "" })) }),
      problem: /: the gate gave 3 responses to 2 requests$/,
    },
    { name: "with something else", reply: '"hello"', problem: /: the gate gave a reply that is no object$/ },
    {
      name: "with a place elsewhere",
      reply: JSON.stringify({ stored: "renders/0123" }),
      problem: /: the gate gave a reply that lies at a key of another sort$/,
    },
  ])("when the gate lies: $name", async ({ reply, problem }) => {
    const { http } = await start([OK], { around: () => async () => reply });
    const failed = await Promise.all([failureOf(http.send(get("/a"))), failureOf(http.send(get("/b")))]);
    expect(failed.map((one) => one instanceof NoAnswer)).toEqual([true, true]);
    expect(textOf(failed[0])).toMatch(problem);
  });

  it("when the function throws: not called again, since nobody knows what it did", async () => {
    let calls = 0;
    const around = (): InvokeGate => async () => {
      calls++;
      throw new Error("gate: Sandbox.Timedout");
    };
    const { http } = await start([OK], { around });
    expect(textOf(await failureOf(http.send(get("/a"))))).toBe("GET /a: gate: Sandbox.Timedout");
    expect(calls).toBe(1);
  });

  it("when too many gates run already: tried again with pauses, POSTs too, and given up in the end", async () => {
    let calls = 0;
    const around = (): InvokeGate => async () => {
      calls++;
      return throttled();
    };
    const { http } = await start([OK], { around });
    expect(await failureOf(http.send({ method: "POST", path: "/x", body: "{}" }))).toBeInstanceOf(NoAnswer);
    expect([calls, waits]).toEqual([5, [100, 200, 400, 800]]);
  });

  it("throttled once, then answered", async () => {
    let calls = 0;
    const around =
      (invoke: InvokeGate): InvokeGate =>
      async (payload, signal) =>
        calls++ === 0 ? throttled() : invoke(payload, signal);
    const { http } = await start([OK], { around });
    expect((await http.send(get("/a"))).code).toBe(200);
  });

  it("when the API server is away: seen from within as from without, and those beside it are answered", async () => {
    const { http } = await start(({ path }) => (path === "/gone" ? (response) => void response.socket?.destroy() : OK));
    const [fine, gone, posted] = await Promise.all([
      http.send(get("/a")),
      failureOf(http.send(get("/gone"))),
      failureOf(http.send({ method: "POST", path: "/gone", body: "{}" })),
    ]);
    expect(fine.code).toBe(200);
    expect([gone instanceof NoAnswer, posted instanceof NoAnswer]).toEqual([true, true]);
    expect(
      server.seen
        .filter(({ path }) => path === "/gone")
        .map(({ method }) => method)
        .toSorted(),
    ).toEqual(["GET", "GET", "GET", "GET", "GET", "POST"]);
  });

  it("when an answer does not come in its time", async () => {
    const { http } = await start(({ path }) => (path === "/slow" ? () => undefined : OK), { connection: { timeout: ms(30) } });
    const [fine, slow] = await Promise.all([http.send(get("/a")), failureOf(http.send(get("/slow")))]);
    expect([fine.code, slow instanceof NoAnswer]).toEqual([200, true]);
  });

  it("when its caller is gone: what waited for its turn until then is not sent any more", async () => {
    const { gate } = await start(() => () => undefined);
    const requests = Array.from({ length: 20 }, (_, index) => get(`/api/v1/${index}`));
    const call = { server: server.url, certificateAuthority: authority.certificate, sealKey: "a2V5", timeout: 60_000, total: 100, requests };
    const reply = await gate.handle(call, new AbortController().signal);
    expect(reply).toMatchObject({ responses: requests.map((_, index) => ({ sent: index < 16 })) });
    expect(server.seen).toHaveLength(16);
  });

  it("busy is busy from within, too: 429 with Retry-After is waited for out here", async () => {
    const { http, payloads } = await start([{ code: 429, headers: { "retry-after": "3" } }, OK]);
    expect((await http.send(get("/a"))).code).toBe(200);
    expect([waits, payloads.length]).toEqual([[3000], 2]);
  });

  it("a deadline ends it, and what has not left yet does not leave", async () => {
    const held: (() => void)[] = [];
    const around =
      (invoke: InvokeGate): InvokeGate =>
      async (payload, signal) => {
        await new Promise<void>((release) => held.push(release));
        return invoke(payload, signal);
      };
    const { http, payloads } = await start([OK], { around });
    const turn = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));
    const asked: Promise<unknown>[] = [];
    for (const path of ["/1", "/2", "/3", "/4"]) {
      asked.push(http.send(get(path)));
      await turn();
    }
    const ending = new AbortController();
    const late = failureOf(http.send(get("/late"), ending.signal));
    await turn();
    ending.abort();
    expect(await late).toBeInstanceOf(NoAnswer);
    for (const release of held) release();
    await Promise.all(asked);
    await turn();
    expect(payloads.flatMap((payload) => JSON.parse(payload).requests.map(({ path }: Request) => path))).toEqual(["/1", "/2", "/3", "/4"]);
    expect(held).toHaveLength(4);
  });
});

it("a token that has expired is renewed outside, and the request goes in again", async () => {
  const tokens = [CANARY, `${CANARY}-2`];
  const { http, payloads } = await start(({ headers }) => (headers.authorization === `Bearer ${CANARY}` ? { code: 401 } : OK), {
    connection: { token: async (renew) => tokens[renew ? 1 : 0] ?? "" },
  });
  expect((await http.send(get("/a"))).code).toBe(200);
  expect(payloads.map((payload) => JSON.parse(payload).token)).toEqual(tokens);
});

it("a watch is refused, in a type of its own", async () => {
  const { http, payloads } = await start([OK]);
  await expect(http.open(get("/api/v1/pods?watch=true"), new AbortController().signal)).rejects.toBeInstanceOf(NoWatchThroughGate);
  expect(payloads).toEqual([]);
});

it("counts requests, not invocations", async () => {
  const { http } = await start([OK]);
  await Promise.all([http.send(get("/a?limit=1")), http.send(get("/b")), http.send({ method: "DELETE", path: "/c" })]);
  expect(Object.fromEntries(http.sent)).toEqual({ list: 1, get: 1, delete: 1 });
});

it("the token stands in no log, no reply, no error; the log says verb, path without its query, code and time", async () => {
  const { http, lines, replies } = await start([OK, { code: 404, body: {} }, (response) => void response.socket?.destroy()]);
  await http.send(get("/api/v1/secrets?limit=1000"));
  await http.send(get("/api/v1/pods/a"));
  const failed = await failureOf(http.send({ method: "POST", path: "/api/v1/namespaces/a/events?x=1", body: "canary-body" }));
  expect(lines.map((text) => JSON.parse(text))).toEqual([
    { message: "request", verb: "GET", path: "/api/v1/secrets", ms: 0, code: 200 },
    { message: "request", verb: "GET", path: "/api/v1/pods/a", ms: 0, code: 404 },
    { message: "request", verb: "POST", path: "/api/v1/namespaces/a/events", ms: 0, error: "socket hang up" },
  ]);
  const all = [...lines, ...replies, JSON.stringify(failed, Object.getOwnPropertyNames(failed)), failed instanceof Error ? String(failed.stack) : ""].join();
  expect(all).not.toContain("canary");
});
