import { secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { createHttp, type Http, NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { type Scripted, type ScriptedServer, startScripted } from "../../../support/api-server.ts";

let server: ScriptedServer;
let http: Http;
let waits: number[] = [];
async function start(answers: readonly Scripted[], connection: object = {}): Promise<Http> {
  server = await startScripted(answers);
  waits = [];
  http = createHttp({ server: server.url, ...connection }, async (milliseconds) => void waits.push(milliseconds));
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
      name: "429 with a date, after a time of our own",
      answers: [{ code: 429, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } }, FINE],
      waits: [100],
      code: 200,
    },
    { name: "502, 503 and 504, with doubling pauses", answers: [{ code: 502 }, { code: 503 }, { code: 504 }, FINE], waits: [100, 200, 400], code: 200 },
    { name: "a dropped connection", answers: [DROP, FINE], waits: [100], code: 200 },
    { name: "an answer that breaks off in the middle", answers: [HALF, FINE], waits: [100], code: 200 },
    { name: "not 500: that is an answer", answers: [{ code: 500, body: "x" }, FINE], waits: [], code: 500 },
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

  it("what does not answer in its time is given up", async () => {
    const failed = await (await start([() => undefined], { timeout: ms(20) })).send(GET).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NoAnswer);
  });
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
