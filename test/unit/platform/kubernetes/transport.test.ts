import { createServer as createSecure, type Server } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { ms } from "@sluice/engine/domain/time.ts";
import { createHttp, type Http, NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import { createTransport, Unanswered } from "@sluice/platform/kubernetes/transport.ts";
import { afterEach, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

const GET = { method: "GET", path: "/api/v1/pods" } as const;
const authority = createCertificateAuthority({ commonName: "test", now: new Date() });
const served = authority.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] });
const forOthers = authority.issue({ commonName: "server", use: "server", hosts: ["other.example.com"] });

type Secure = { readonly url: string; readonly sockets: TLSSocket[] };
async function startSecure(answer: Parameters<typeof createSecure>[1], { certificate, key } = served): Promise<Secure> {
  const sockets: TLSSocket[] = [];
  const server: Server = createSecure({ cert: certificate, key }, answer);
  server.on("secureConnection", (socket) => sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}
const clientOf = (server: string): { readonly http: Http; readonly waits: number[] } => {
  const waits: number[] = [];
  const http = createHttp({ server, certificateAuthority: authority.certificate }, { wait: async (pause) => void waits.push(pause), chance: () => 0 });
  closing.push(http.close);
  return { http, waits };
};

it("keeps its connections, sixteen at most, and takes up TLS sessions that it has", async () => {
  const { url, sockets } = await startSecure((_, response) => void setImmediate(() => response.end("{}")));
  const { http } = clientOf(url);
  await http.send(GET);
  await Promise.all(Array.from({ length: 200 }, () => http.send(GET)));
  expect(sockets.length).toBeLessThanOrEqual(16);
  expect(sockets.slice(1).filter((socket) => socket.isSessionReused()).length).toBe(sockets.length - 1);
});

it("a sandbox that was frozen: connections that all died meanwhile cost one attempt, not each its own", async () => {
  const used = new Map<unknown, number>();
  let dying = false;
  let attempts = 0;
  const { url } = await startSecure((request, response) => {
    const before = used.get(request.socket) ?? 0;
    used.set(request.socket, before + 1);
    attempts++;
    if (dying && before > 0) request.socket.destroy();
    else setImmediate(() => response.end("{}"));
  });
  const { http, waits } = clientOf(url);
  await Promise.all(Array.from({ length: 12 }, () => http.send(GET)));
  dying = true;
  attempts = 0;
  expect((await http.send(GET)).code).toBe(200);
  expect([attempts, waits]).toEqual([2, [100]]);
});

it("connections that nobody used for a minute are not trusted any more", async () => {
  let time = 0;
  const { url, sockets } = await startSecure((_, response) => void response.end("{}"));
  const transport = createTransport({ server: url, certificateAuthority: authority.certificate }, { now: () => time });
  closing.push(transport.close);
  const never = new AbortController().signal;
  for (const later of [1_000, 50_000, 61_000]) {
    time += later;
    await transport.send(GET, undefined, never);
  }
  expect(sockets).toHaveLength(2);
});

it("a certificate of somebody else, as after a cluster was made anew: no answer, at once, and the token is not sent", async () => {
  const seen: unknown[] = [];
  const { url } = await startSecure((request, response) => {
    seen.push(request.headers.authorization);
    response.end("{}");
  }, forOthers);
  const { http, waits } = clientOf(url);
  const failed = await http.send(GET).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(NoAnswer);
  expect([waits, seen]).toEqual([[], []]);
});

it("a server that takes the connection and never shakes hands: given up in the time of a connection, and nothing was sent", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  closing.push(() => silent.close());
  const server = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const transport = createTransport({ server, connectTimeout: ms(20), timeout: ms(60_000) });
  closing.push(transport.close);
  const failed = await transport.send(GET, undefined, new AbortController().signal).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Unanswered);
  expect(failed).toMatchObject({ sent: false, passing: true, message: "no connection to 127.0.0.1 within 20 ms" });
});
