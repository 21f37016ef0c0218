import { createServer } from "node:net";
import type { HttpAnswer, HttpRequest, HttpSilence } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { startWebServer, type WebServer } from "../../../support/git/web-server.ts";

const http = createHttp();
const open: WebServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
const serve = async (...answer: Parameters<typeof startWebServer>): Promise<WebServer> => {
  const server = await startWebServer(...answer);
  open.push(server);
  return server;
};
const send = (url: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer | HttpSilence> =>
  http.send({ method: "GET", url, signal: AbortSignal.timeout(20_000), maxBytes: 4, ...more });
const bodyOf = (answer: HttpAnswer | HttpSilence): string => (answer.kind === "answered" ? Buffer.from(answer.body).toString() : answer.message);

describe("how much of an answer is read", () => {
  it.each([
    { body: "1234", cut: false, want: "1234" },
    { body: "1234", cut: true, want: "1234" },
    { body: "12345", cut: true, want: "1234" },
    { body: "12345", cut: false, want: expect.stringMatching(/: the answer is larger than 4 bytes$/) },
  ])("$body, cut: $cut", async ({ body, cut, want }) => {
    const { url } = await serve((_, response) => void response.end(body));
    expect(bodyOf(await send(url, { cut }))).toEqual(want);
  });

  it("goes by its code", async () => {
    const server = await serve(({ url }, response) => void response.writeHead(Number(url.slice(1))).end("12345678"));
    const maxBytes = (status: number): number => (status >= 400 ? 6 : 0);
    expect(bodyOf(await send(`${server.url}/400`, { cut: true, maxBytes }))).toBe("123456");
    expect(bodyOf(await send(`${server.url}/200`, { cut: true, maxBytes }))).toBe("");
  });

  it("is nothing where nobody wants it: an answer that never ends is one", async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).write("slow"));
    expect(await send(url, { cut: true, maxBytes: 0 })).toMatchObject({ kind: "answered", status: 200 });
  });
});

it("an endless answer that nobody wants costs its connection", async () => {
  let closed: Promise<void> | undefined;
  const { url } = await serve((_, response) => {
    closed = new Promise((done) => response.once("close", done));
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  expect(await send(url, { cut: true, maxBytes: 0 })).toMatchObject({ kind: "answered", status: 200 });
  await closed;
});

it("nothing is sent when the time is over before", async () => {
  const server = await serve((_, response) => void response.end());
  const { url } = server;
  expect(await send(url, { signal: AbortSignal.abort() })).toEqual({ kind: "silent", why: "timeout", message: `Get "${url}": context deadline exceeded` });
  expect(bodyOf(await send(url, { cut: true }))).toBe("");
  expect(server.seen).toHaveLength(1);
});

describe("what cannot be sent", () => {
  it.each([
    { why: "a header with a line break", more: { headers: { "x-team": "a\r\nx-canary: b" } } },
    { why: "a header's name with a line break", more: { headers: { "x-team: a\r\nx-canary": "b" } } },
    { why: "credentials with a line break", more: { authorization: "Bearer a\r\nx-canary: b" } },
  ])("$why: nothing is, and it lasts", async ({ more }) => {
    const server = await serve((_, response) => void response.end());
    const answer = await send(server.url, more);
    expect(answer).toMatchObject({ kind: "silent", lasting: true });
    expect(bodyOf(answer)).not.toContain("x-canary: b");
    expect(server.seen).toEqual([]);
  });

  it("a path's line break is none of the request's", async () => {
    const server = await serve((_, response) => void response.end());
    await send(`${server.url}/a\r\nx-canary: b`);
    expect(server.seen.map(({ url, headers }) => ({ url, canary: headers["x-canary"] }))).toEqual([{ url: "/ax-canary:%20b", canary: undefined }]);
  });
});

describe("what is sent", () => {
  it.each(["PUT", "OPTIONS", "PATCH"] as const)("%s", async (method) => {
    const server = await serve((_, response) => void response.end());
    await send(server.url, { method, body: Buffer.from("x") });
    expect(server.seen).toMatchObject([{ method, body: "x" }]);
  });

  it("headers in UTF-8, as Go writes them", async () => {
    const server = await serve((_, response) => void response.end());
    await send(server.url, { headers: { "x-team": "blå 😀" } });
    expect(Buffer.from(String(server.seen[0]?.headers["x-team"]), "latin1").toString()).toBe("blå 😀");
  });
});

describe("a proxy that is none", () => {
  it.each([
    { says: "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", want: "Proxy Authentication Required" },
    { says: "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", want: expect.any(String) },
    { says: "SSH-2.0-OpenSSH_9.9\r\n", want: expect.stringContaining("Parse Error") },
    { says: "", want: "EOF" },
  ])("says $says", async ({ says, want }) => {
    const listener = createServer((socket) => void socket.on("error", () => undefined).once("data", () => socket.end(says)));
    await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
    const address = listener.address();
    const proxy = { address: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
    const answer = await send("https://git.example.com/x", { proxy, signal: new AbortController().signal });
    listener.close();
    expect(answer).toMatchObject({ kind: "silent", message: expect.stringMatching(/^Get "https:\/\/git.example.com\/x": /) });
    expect(bodyOf(answer).replace(/^Get "[^"]*": /, "")).toEqual(want);
  });
});

it("no message shows the password of a URL", async () => {
  expect(bodyOf(await send("http://ada:canary@127.0.0.1:1/x"))).toBe('Get "http://ada:***@127.0.0.1:1/x": dial tcp 127.0.0.1:1: connect: connection refused');
  expect(bodyOf(await send("http://ada:canary@127.0.0.1:99999/x"))).toBe('Get "http://ada:***@127.0.0.1:99999/x": http: no Host in request URL');
});
