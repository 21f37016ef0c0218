import { createServer, type Socket } from "node:net";
import { secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import type { HttpAnswer, HttpRequest, HttpSilence } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { startWebServer } from "../../../support/git/web-server.ts";

const started: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});
const http = createHttp();
const send = (url: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer | HttpSilence> =>
  http.send({ method: "GET", url, signal: AbortSignal.timeout(20_000), maxBytes: 100, ...more });

type Listener = { readonly origin: string; readonly sockets: readonly Socket[]; readonly closed: () => Promise<unknown> };

/** A server of bytes; `closed` resolves when all that were opened by then have ended. */
async function listen(talk: (socket: Socket) => void): Promise<Listener> {
  const sockets: Socket[] = [];
  const ends: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    ends.push(new Promise((done) => socket.once("close", done)));
    talk(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  started.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return { origin, sockets, closed: () => Promise.all(ends) };
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

describe("a tunnel", () => {
  it("that ends in no TLS is a failure, and no end of the process", async () => {
    const proxy = await listen((socket) =>
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n", () => socket.once("data", () => socket.end("no TLS")))),
    );
    const silence = await send("https://hooks.example/", { proxy: { address: proxy.origin } });
    expect(silence).toEqual({
      kind: "silent",
      why: "unreachable",
      message: 'Get "https://hooks.example/": tls: first record does not look like a TLS handshake',
    });
    await proxy.closed();
  });

  it.each<{ what: string; more: Partial<HttpRequest>; want: RegExp }>([
    { what: "a header that cannot be sent", more: { headers: { "x-team": "a\r\nb" } }, want: /: net\/http: invalid header field value for "X-Team"$/ },
    { what: "a certificate that is none", more: { tls: { certificate: "-----BEGIN CERTIFICATE-----\nx" } }, want: /: error:/ },
    { what: "a key that is none", more: { tls: { certificate: "x", key: secret("canary") } }, want: /: tls: failed to parse private key$/ },
  ])("is not opened for $what", async ({ more, want }) => {
    const proxy = await listen((socket) => socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n")));
    const silence = await send("https://hooks.example/", { ...more, proxy: { address: proxy.origin } });
    expect(silence).toMatchObject({ kind: "silent", lasting: true, message: expect.stringMatching(want) });
    expect(JSON.stringify(silence)).not.toContain("canary");
    expect(proxy.sockets).toHaveLength(0);
  });
});

describe("a connection that was kept", () => {
  it("is not trusted after one that had ended: the second attempt has its own", async () => {
    let isOver = false;
    const server = await listen((socket) => {
      const isOld = !isOver;
      socket.on("data", () => (isOver && isOld ? socket.resetAndDestroy() : socket.write(OK)));
    });
    await Promise.all([send(server.origin), send(server.origin), send(server.origin)]);
    isOver = true;
    expect(await send(server.origin)).toMatchObject({ kind: "answered", status: 200 });
    expect(server.sockets).toHaveLength(4);
  });

  it("ends when nobody has used it for a while", async () => {
    const server = await listen((socket) => socket.on("data", () => socket.write(OK)));
    const impatient = createHttp({ idle: ms(20) });
    started.push(impatient);
    await impatient.send({ method: "GET", url: server.origin, signal: AbortSignal.timeout(20_000), maxBytes: 100 });
    await server.closed();
  });

  it.each([
    { name: "at once", late: false },
    { name: "later", late: true },
  ])("gives nobody an answer that nobody asked for, which came $name", async ({ late }) => {
    const uncalled = "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n";
    let seen: Promise<unknown> | undefined;
    const server = await listen((socket) =>
      socket.on("data", () => {
        if (!late) return socket.write(OK + uncalled);
        seen = new Promise((done) => socket.write(OK, () => socket.write(uncalled, done)));
        return seen;
      }),
    );
    for (let request = 0; request < 3; request++) {
      expect(await send(server.origin, { method: "POST", body: Buffer.from("x") })).toMatchObject({ kind: "answered", status: 200 });
      await seen;
    }
  });
});

describe("what is sent", () => {
  it.each(["HTTP", "Http"])("goes where %s leads", async (scheme) => {
    const server = await startWebServer((_, response) => void response.end("there"));
    started.push(server);
    expect(await send(server.url.replace("http", scheme))).toMatchObject({ kind: "answered", status: 200 });
  });

  it("has its credentials in UTF-8", async () => {
    const server = await startWebServer((_, response) => void response.end());
    started.push(server);
    expect(await send(server.url, { authorization: "Bearer tökén日" })).toMatchObject({ kind: "answered" });
    expect(Buffer.from(server.seen[0]?.headers.authorization ?? "", "latin1").toString()).toBe("Bearer tökén日");
  });

  it("has no line of its own in a header", async () => {
    const server = await startWebServer((_, response) => void response.end());
    started.push(server);
    expect(await send(server.url, { authorization: "Bearer canary\r\nx-evil: canary" })).toEqual({
      kind: "silent",
      why: "unreachable",
      lasting: true,
      message: `Get "${server.url}": net/http: invalid header field value for "Authorization"`,
    });
    expect(server.seen).toEqual([]);
  });
});
