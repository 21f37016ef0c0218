import { createServer as createPlain } from "node:http";
import { createServer, type Server } from "node:https";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";

const now = new Date();
const authority = createCertificateAuthority({ commonName: "own", now });
const other = createCertificateAuthority({ commonName: "other", now });
const client = authority.issue({ commonName: "ada", use: "client" });
const http = createHttp();
let server: Server;
let url = "";
const proxied: string[] = [];
/** Resolve when a tunnel has been closed: nothing of ours may stay open. */
const tunnels: Promise<unknown>[] = [];
const proxy = createPlain();

beforeAll(async () => {
  const { certificate, key } = authority.issue({ commonName: "localhost", use: "server", hosts: ["127.0.0.1"] });
  server = createServer({ cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const socket = request.socket as TLSSocket;
    response.end(socket.authorized ? `hello ${socket.getPeerCertificate().subject.CN}` : "hello nobody");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  proxy.on("connect", (request, socket) => {
    tunnels.push(new Promise((done) => socket.once("close", done)));
    proxied.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const out = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(out).pipe(socket);
    });
    // Either side's end is the end of both.
    out.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("error", () => out.destroy()).on("end", () => out.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  http.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await new Promise((done) => proxy.close(done));
});

const get = async (more: Partial<HttpRequest>): Promise<string> => {
  const answer = await http.send({ method: "GET", url, signal: AbortSignal.timeout(20_000), maxBytes: 1000, ...more });
  return answer.kind === "answered" ? Buffer.from(answer.body).toString() : answer.message;
};
const refused = (): string => `Get "${url}": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
const through = () => {
  const address = proxy.address();
  return { address: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
};

describe("TLS", () => {
  it("trusts the CA of the Secret, and no other", async () => {
    expect(await get({ tls: { ca: authority.certificate } })).toBe("hello nobody");
    expect(await get({})).toBe(refused());
    expect(await get({ tls: { ca: other.certificate } })).toBe(refused());
  });
  it("shows the client's certificate", async () => {
    expect(await get({ tls: { ca: authority.certificate, certificate: client.certificate, key: secret(client.key) } })).toBe("hello ada");
  });
  it("goes through a proxy to the end", async () => {
    const tls = { ca: authority.certificate, certificate: client.certificate, key: secret(client.key) };
    expect(await get({ tls, proxy: through() })).toBe("hello ada");
    expect(await get({ proxy: through() })).toBe(refused());
    await Promise.all(tunnels);
    expect(proxied).toEqual([new URL(url).host, new URL(url).host]);
  });
});
