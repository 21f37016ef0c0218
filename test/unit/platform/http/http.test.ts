import { connect as connectTcp, createServer as createTcp } from "node:net";
import { secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { createSmartRemotes } from "@sluice/platform/git/smart-remotes.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { startWebServer, type WebServer } from "../../../support/git/web-server.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const http = createHttp();
const server = async (...answer: Parameters<typeof startWebServer>): Promise<WebServer> => {
  const started = await startWebServer(...answer);
  open.push(started);
  return started;
};
const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url,
  signal: AbortSignal.timeout(20_000),
  maxBytes: 1000,
  ...more,
});

describe("redirects", () => {
  it("carry credentials within an origin, and never to another", async () => {
    const other = await server((_, response) => void response.end("other"));
    const home = await server(({ url }, response) => void response.writeHead(302, { location: url === "/a" ? "/b" : `${other.url}/c` }).end());
    const answer = await http.send(request(`${home.url}/a`, { authorization: "Basic c2VjcmV0" }));
    expect(answer).toMatchObject({ kind: "answered", status: 200, url: `${other.url}/c` });
    expect(home.seen.map(({ headers }) => headers.authorization)).toEqual(["Basic c2VjcmV0", "Basic c2VjcmV0"]);
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("do not come back with them either", async () => {
    let away = "";
    const home = await server(({ url }, response) => void (url === "/a" ? response.writeHead(302, { location: `${away}/x` }).end() : response.end("home")));
    const other = await server((_, response) => void response.writeHead(302, { location: `${home.url}/b` }).end());
    away = other.url;
    await http.send(request(`${home.url}/a`, { authorization: "Basic c2VjcmV0" }));
    expect(home.seen.map(({ headers }) => headers.authorization)).toEqual(["Basic c2VjcmV0", undefined]);
  });

  it("end after a few, and never lead to another kind of URL", async () => {
    const loop = await server((_, response) => void response.writeHead(302, { location: "/again" }).end());
    expect(await http.send(request(loop.url))).toMatchObject({ kind: "silent", message: expect.stringContaining("stopped after 5 redirects") });
    const file = await server((_, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end());
    expect(await http.send(request(file.url))).toMatchObject({ kind: "silent", message: expect.stringContaining('unsupported protocol scheme "file"') });
  });
});

describe("silence, in Go's words", () => {
  it.each([
    { url: "http://127.0.0.1:1/a", want: 'Get "http://127.0.0.1:1/a": dial tcp 127.0.0.1:1: connect: connection refused', why: "unreachable" },
    { url: "http:///a", want: 'Get "http:///a": http: no Host in request URL', why: "unreachable" },
  ])("$url", async ({ url, want, why }) => expect(await http.send(request(url))).toMatchObject({ kind: "silent", why, message: want }));

  it("a deadline", async () => {
    const slow = await server(() => undefined);
    expect(await http.send(request(slow.url, { signal: AbortSignal.timeout(20) }))).toEqual({
      kind: "silent",
      why: "timeout",
      message: `Get "${slow.url}": context deadline exceeded`,
    });
  });

  it("more than was wanted", async () => {
    const loud = await server((_, response) => void response.end("x".repeat(2000)));
    expect(await http.send(request(loud.url))).toMatchObject({ kind: "silent", why: "too-large" });
  });

  it("a connection that ends before an answer", async () => {
    const rude = createTcp((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((done) => rude.listen(0, "127.0.0.1", done));
    open.push({ close: () => new Promise((done) => rude.close(done)) });
    const address = rude.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
    expect(await http.send(request(url))).toEqual({ kind: "silent", why: "unreachable", message: `Get "${url}": EOF` });
  });
});

describe("addresses that are not allowed", () => {
  const guarded = createHttp({ isAllowed: (address) => !address.startsWith("127.") && address !== "::1" });
  it.each(["http://127.0.0.1:1/", "http://localhost:1/"])("%s", async (url) => {
    expect(await guarded.send(request(url))).toMatchObject({
      kind: "silent",
      message: expect.stringMatching(/connections to (127\.0\.0\.1|::1) are not allowed/),
    });
  });
});

describe("proxies", () => {
  it("take plain requests whole, with their own credentials", async () => {
    const proxy = await server((_, response) => void response.end("by proxy"));
    const answer = await http.send(
      request("http://git.example.com/x", { proxy: { address: proxy.url, username: "p", password: secret("q") }, authorization: "Basic c2VjcmV0" }),
    );
    expect(answer).toMatchObject({ kind: "answered", status: 200 });
    expect(proxy.seen[0]).toMatchObject({
      url: "http://git.example.com/x",
      headers: { host: "git.example.com", "proxy-authorization": "Basic cDpx", authorization: "Basic c2VjcmV0" },
    });
  });

  it("that do not listen are named as such", async () => {
    expect(await http.send(request("http://git.example.com/x", { proxy: { address: "http://127.0.0.1:1" } }))).toMatchObject({
      message: 'Get "http://git.example.com/x": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused',
    });
    expect(await http.send(request("https://git.example.com/x", { proxy: { address: "http://127.0.0.1:1" } }))).toMatchObject({
      message: 'Get "https://git.example.com/x": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused',
    });
  });

  it("of the socks5 kind carry a connection, with user and password", async () => {
    const target = await server((_, response) => void response.end("through socks"));
    const said: string[] = [];
    const socks = createTcp((socket) => {
      const steps = [
        () => socket.write(Buffer.from([5, 2])),
        () => socket.write(Buffer.from([1, 0])),
        () => {
          const out = connectTcp(Number(new URL(target.url).port), "127.0.0.1", () => {
            socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
            socket.pipe(out).pipe(socket);
          });
        },
      ];
      const take = (data: Buffer): void => {
        said.push(data.toString("latin1"));
        const step = steps.shift();
        if (steps.length === 0) socket.off("data", take);
        step?.();
      };
      socket.on("data", take).on("error", () => undefined);
    });
    await new Promise<void>((done) => socks.listen(0, "127.0.0.1", done));
    open.push({ close: () => socks.close() });
    const address = socks.address();
    const proxy = { address: `socks5://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, username: "u", password: secret("pw") };
    const answer = await http.send(request("http://git.example.com/x", { proxy }));
    expect(answer.kind === "answered" ? Buffer.from(answer.body).toString() : answer.message).toBe("through socks");
    expect(said[1]).toBe("\x01\x01u\x02pw");
    expect(said[2]).toContain("git.example.com");
  });
});

/** A server may answer anything; what it says is shown, and never a secret with it. */
describe("answers of servers that are none", () => {
  const target = (url: string) => ({
    url: `${url}/app.git`,
    timeout: ms(20_000),
    credentials: { kind: "basic", username: "ada", password: secret("canary-secret") } as const,
  });
  it.each([
    {
      status: 401,
      body: "who is canary-secret, YWRhOmNhbmFyeS1zZWNyZXQ=?",
      want: { why: "authentication", message: "authentication required: who is ***, ***?" },
    },
    { status: 403, body: "no", want: { why: "forbidden", message: "authorization failed: no" } },
    { status: 429, body: "slow down", want: { why: "rate-limited", message: expect.stringMatching(/status code: 429: slow down$/) } },
    {
      status: 500,
      body: "oops canary-secret",
      want: { why: "protocol", message: expect.stringMatching(/^unexpected client error: unexpected requesting ".*" status code: 500: oops \*\*\*$/) },
    },
    { status: 200, body: "<html>", want: { why: "protocol", message: "the answer is not that of a git server" } },
  ])("$status $body", async ({ status, body, want }) => {
    const strange = await server((_, response) => void response.writeHead(status).end(body));
    expect(await createSmartRemotes({ http }).open(target(strange.url)).resolve("refs/heads/main")).toEqual({ kind: "failed", ...want });
  });

  it.each([
    "",
    "zzzz",
    "0003",
    "00ff",
    "001e# service=git-upload-pack\n0000",
    "000eversion 2\n0000",
    "0018ERR no, not for you\n\n",
  ])("advertises %j", async (body) => {
    const strange = await server((_, response) => void response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" }).end(body));
    const answer = await createSmartRemotes({ http }).open(target(strange.url)).resolve("refs/heads/main");
    expect(["failed", "empty"]).toContain(answer.kind);
  });
});
