import { secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { createHttp, createHttpOver, type Http, type HttpOptions, NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import type { Request } from "@sluice/platform/kubernetes/request.ts";
import type { Transport } from "@sluice/platform/kubernetes/transport.ts";
import { afterEach, describe, expect, it } from "vitest";
import { type Scripted, type ScriptedServer, type Seen, startScripted, status } from "../../../support/api-server.ts";

let server: ScriptedServer;
let http: Http;
let waits: number[] = [];
const NOW = Date.parse("2030-01-01T00:00:00Z");
async function start(answers: readonly Scripted[] | ((seen: Seen) => Scripted), connection: object = {}, options: HttpOptions = {}): Promise<Http> {
  server = await startScripted(answers);
  waits = [];
  http = createHttp(
    { server: server.url, ...connection },
    { wait: async (milliseconds) => void waits.push(milliseconds), chance: () => 0, now: () => NOW, ...options },
  );
  return http;
}
afterEach(async () => {
  http.close();
  await server.stop();
});

const FINE: Scripted = { code: 200, body: { ok: true } };
const DROP: Scripted = (response) => void response.socket?.destroy();
const HALF: Scripted = (response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"half":');
  setImmediate(() => response.socket?.destroy());
};
const GET = { method: "GET", path: "/api/v1/namespaces?limit=1" } as const;

describe("what is tried again", () => {
  it.each<{ name: string; answers: readonly Scripted[]; waits: readonly number[]; code: number }>([
    { name: "nothing, when there is an answer", answers: [FINE], waits: [], code: 200 },
    { name: "429 after the time that the server asks for", answers: [{ code: 429, headers: { "retry-after": "3" } }, FINE], waits: [3000], code: 200 },
    { name: "429, but not for longer than ten seconds", answers: [{ code: 429, headers: { "retry-after": "3600" } }, FINE], waits: [10_000], code: 200 },
    {
      name: "429 with a date, then",
      answers: [{ code: 429, headers: { "retry-after": "Tue, 01 Jan 2030 00:00:07 GMT" } }, FINE],
      waits: [7000],
      code: 200,
    },
    {
      name: "429 with a date that is over, after a time of our own",
      answers: [{ code: 429, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } }, FINE],
      waits: [100],
      code: 200,
    },
    { name: "429 with nonsense, after a time of our own", answers: [{ code: 429, headers: { "retry-after": "soon" } }, FINE], waits: [100], code: 200 },
    { name: "502, 503 and 504, with doubling pauses", answers: [{ code: 502 }, { code: 503 }, { code: 504 }, FINE], waits: [100, 200, 400], code: 200 },
    { name: "a dropped connection", answers: [DROP, FINE], waits: [100], code: 200 },
    { name: "an answer that breaks off in the middle", answers: [HALF, FINE], waits: [100], code: 200 },
    { name: "500, since it is a read", answers: [{ code: 500, body: "x" }, FINE], waits: [100], code: 200 },
    { name: "not 404, 409, 403", answers: [{ code: 409 }, FINE], waits: [], code: 409 },
  ])("$name", async ({ answers, waits: wanted, code }) => {
    const answer = await (await start(answers)).send(GET);
    expect(answer.code).toBe(code);
    expect(waits).toEqual(wanted);
  });

  it.each<{ name: string; answer: Scripted; text: RegExp }>([
    { name: "429 for ever", answer: { code: 429, body: "slow down" }, text: /^GET \/api\/v1\/namespaces: 429 after 5 attempts: slow down$/ },
    { name: "503 for ever", answer: { code: 503 }, text: /: 503 after 5 attempts/ },
    { name: "nobody ever answers", answer: DROP, text: /^GET \/api\/v1\/namespaces: / },
  ])("$name ends after five attempts", async ({ answer, text }) => {
    const failed = await (await start([answer])).send(GET).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoAnswer);
    expect(String((failed as Error).message)).toMatch(text);
    expect(server.seen).toHaveLength(5);
    expect(waits).toHaveLength(4);
  });

  describe("is decided by what a repeat would do", () => {
    const APPLY = { method: "PATCH", path: "/api/v1/namespaces/a", body: "{}", contentType: "application/apply-patch+yaml" } as const;
    const POST = { method: "POST", path: "/api/v1/namespaces/a/events", body: "{}" } as const;
    const NO_LEADER: Scripted = status(500, "InternalError", "etcdserver: leader changed");
    it.each<{ name: string; request: Request; answer: Scripted; attempts: number; code: number | "silence" }>([
      {
        name: "an apply that the server answers with 500 is answered",
        request: APPLY,
        answer: status(500, "", "x: field not declared"),
        attempts: 1,
        code: 500,
      },
      { name: "an apply while etcd chooses a leader", request: APPLY, answer: NO_LEADER, attempts: 5, code: 500 },
      {
        name: "an apply at 500 with a time to wait",
        request: APPLY,
        answer: { code: 500, headers: { "retry-after": "1" }, body: "x" },
        attempts: 5,
        code: 500,
      },
      { name: "an apply that a proxy lost", request: APPLY, answer: { code: 502 }, attempts: 5, code: "silence" },
      { name: "a read at 500", request: GET, answer: { code: 500, body: "x" }, attempts: 5, code: 500 },
      { name: "a read at another 5xx", request: GET, answer: { code: 520, body: "x" }, attempts: 5, code: 520 },
      { name: "a POST at 429: nothing was begun", request: POST, answer: { code: 429 }, attempts: 5, code: "silence" },
      { name: "a POST at 503: nothing was begun", request: POST, answer: { code: 503 }, attempts: 5, code: "silence" },
      { name: "no POST that a proxy lost", request: POST, answer: { code: 504 }, attempts: 1, code: "silence" },
      { name: "no POST at 500, whatever it says", request: POST, answer: NO_LEADER, attempts: 1, code: 500 },
      { name: "no POST whose connection broke after it was sent", request: POST, answer: DROP, attempts: 1, code: "silence" },
      { name: "a POST that names what it creates", request: { ...POST, repeatable: true }, answer: DROP, attempts: 5, code: "silence" },
      { name: "a delete", request: { method: "DELETE", path: "/x" }, answer: DROP, attempts: 5, code: "silence" },
    ])("$name: $attempts", async ({ request, answer, attempts, code }) => {
      const end = await (await start([answer])).send(request).catch((error: unknown) => error);
      if (code === "silence") expect(end).toBeInstanceOf(NoAnswer);
      else expect(end).toMatchObject({ code });
      expect(server.seen).toHaveLength(attempts);
    });

    it("a POST that never reached anybody is sent again", async () => {
      const gone = await startScripted([FINE]);
      await gone.stop();
      await start([FINE], { server: gone.url });
      const failed = await http.send(POST).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(NoAnswer);
      expect([waits.length, Object.fromEntries(http.sent)]).toEqual([4, { create: 5 }]);
    });
  });

  it.each<{ chance: number; answers: readonly Scripted[]; wanted: readonly number[] }>([
    { chance: 0, answers: [{ code: 503 }, { code: 503 }, FINE], wanted: [100, 200] },
    { chance: 1, answers: [{ code: 503 }, { code: 503 }, FINE], wanted: [150, 300] },
    { chance: 0.5, answers: [{ code: 429, headers: { "retry-after": "4" } }, FINE], wanted: [5000] },
  ])("chance $chance makes pauses longer, never shorter than asked: $wanted", async ({ chance, answers, wanted }) => {
    await (await start(answers, {}, { chance: () => chance })).send(GET);
    expect(waits).toEqual(wanted);
  });

  it("all attempts together have an end: a pause that goes beyond it is not begun", async () => {
    let time = 0;
    const wait = async (milliseconds: number): Promise<void> => {
      time += milliseconds;
      waits.push(milliseconds);
    };
    await start([{ code: 429, headers: { "retry-after": "9" } }], {}, { total: 20_000, now: () => time, wait });
    await expect(http.send(GET)).rejects.toThrow(/429 after 3 attempts/);
    expect(waits).toEqual([9000, 9000]);
  });

  it("what does not answer in its time is given up", async () => {
    const failed = await (await start([() => undefined], { timeout: ms(20) })).send(GET).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoAnswer);
  });
});

describe("a signal ends", () => {
  it.each<{ name: string; answers: readonly Scripted[]; options?: HttpOptions; before?: boolean }>([
    { name: "a request that is under way", answers: [() => ending.abort()] },
    {
      name: "a pause between attempts",
      answers: [{ code: 503 }],
      options: {
        wait: async (_, signal) => {
          ending.abort();
          signal?.throwIfAborted();
        },
      },
    },
    { name: "a request before it is sent", answers: [FINE], before: true },
  ])("$name", async ({ answers, options = {}, before = false }) => {
    ending = new AbortController();
    await start(answers, {}, options);
    if (before) ending.abort();
    await expect(http.send(GET, ending.signal)).rejects.toBeInstanceOf(NoAnswer);
    expect(server.seen).toHaveLength(before ? 0 : 1);
  });

  it("those that wait for their turn, and leaves the turn to others", async () => {
    ending = new AbortController();
    let release = (): void => undefined;
    await start(
      [
        (response) => {
          release = () => response.end("late");
          ending.abort();
        },
        FINE,
      ],
      {},
      { parallel: 1 },
    );
    const first = http.send(GET);
    const second = http.send(GET, ending.signal);
    const third = http.send(GET);
    await expect(second).rejects.toBeInstanceOf(NoAnswer);
    release();
    expect([(await first).body, (await third).code]).toEqual(["late", 200]);
    expect(server.seen).toHaveLength(2);
  });
  let ending = new AbortController();
});

it.each([1, 3, 16])("sends as many at a time as it may, and no more: %i", async (parallel) => {
  await start([FINE]);
  let open = 0;
  let most = 0;
  const transport: Transport = {
    send: async () => {
      most = Math.max(most, ++open);
      await new Promise((done) => setImmediate(done));
      open--;
      return { code: 200, headers: {}, body: "" };
    },
    open: () => Promise.reject(new Error("not asked")),
    close: () => undefined,
  };
  const limited = createHttpOver(transport, {}, { parallel });
  await Promise.all(Array.from({ length: 40 }, () => limited.send(GET)));
  expect([most, limited.sent.get("list")]).toEqual([parallel, 40]);
});

describe("a token", () => {
  const tokens = () => {
    const asked: boolean[] = [];
    const token = async (renew: boolean): Promise<string> => {
      asked.push(renew);
      return `token-${asked.filter(Boolean).length}`;
    };
    return { asked, token };
  };

  it("that has expired is renewed once, and the request sent again", async () => {
    const { asked, token } = tokens();
    expect((await (await start([{ code: 401 }, FINE], { token })).send(GET)).code).toBe(200);
    expect(asked).toEqual([false, true]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-0", "Bearer token-1"]);
  });

  it("is renewed once for all who learn at the same time that it has expired", async () => {
    await start([FINE]);
    let renewals = 0;
    const token = async (renew: boolean): Promise<string> => {
      if (!renew) return "old";
      renewals++;
      return new Promise((done) => setImmediate(done, "new"));
    };
    const transport: Transport = {
      send: async (_, used) => ({ code: used === "new" ? 200 : 401, headers: {}, body: "" }),
      open: () => Promise.reject(new Error("not asked")),
      close: () => undefined,
    };
    const shared = createHttpOver(transport, { token });
    const answers = await Promise.all(Array.from({ length: 8 }, () => shared.send(GET)));
    expect([answers.every(({ code }) => code === 200), renewals]).toEqual([true, 1]);
  });

  it("that is refused for good ends in 401", async () => {
    const { asked, token } = tokens();
    expect((await (await start([{ code: 401 }], { token })).send(GET)).code).toBe(401);
    expect(asked).toEqual([false, true]);
  });

  it("is renewed once only, however often the server is busy after it", async () => {
    const { asked, token } = tokens();
    const failed = await (await start([{ code: 429 }, { code: 429 }, { code: 429 }, { code: 429 }, { code: 401 }, { code: 429 }], { token }))
      .send(GET)
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoAnswer);
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(server.seen).toHaveLength(6);
  });

  it("turns up in no error", async () => {
    const hidden = secret("canary-token");
    const failed = await (await start([DROP], { token: async () => hidden.reveal() })).send(GET).catch((error: unknown) => error);
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed)) + String((failed as Error).stack)).not.toContain("canary-token");
  });
});

it("says how many requests it sent, by verb, repeats too", async () => {
  await start([DROP, FINE]);
  await http.send(GET);
  await http.send({ method: "PATCH", path: "/x", body: "{}" });
  expect(Object.fromEntries(http.sent)).toEqual({ list: 2, patch: 1 });
});

it("keeps the path before /api that a proxy wants", async () => {
  server = await startScripted([FINE]);
  http = createHttp({ server: `${server.url}/k8s/clusters/c-1/` });
  await http.send({ method: "GET", path: "/version" });
  expect(server.seen[0]?.path).toBe("/k8s/clusters/c-1/version");
});
