import type { Agent } from "node:http";
import type { RequestOptions, Agent as TlsAgent } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectSecurely, createSecureContext, getCACertificates, type SecureContextOptions } from "node:tls";
import type { HttpTls } from "@sluice/engine/ports/http-options.ts";
import { parsePrivateKey } from "../keys/private-key.ts";
import { guardedLookup, refuseLiteral } from "./address-guard.ts";
import type { HttpOptions, HttpRequest } from "./exchange.ts";
import { connectThroughProxy, hostOf, proxyHeaders } from "./proxy.ts";

/** Connections that are kept for the next request. */
export type Agents = { readonly http: Agent | false; readonly https: TlsAgent | false };
/** Each request has a connection of its own. */
export const NOTHING_KEPT: Agents = { http: false, https: false };

export type Connection = {
  readonly options: RequestOptions;
  /** Ends what was opened for this request alone. */
  readonly discard: () => void;
};

/** How `request` gets to the server of `url`: by a connection that is kept or made on the way, or through a tunnel that is open by now. Throws what the guard, the system or the proxy says. */
export async function connectionFor(request: HttpRequest, url: URL, { isAllowed }: HttpOptions, agents: Agents): Promise<Connection> {
  const { proxy, signal } = request;
  const secure = url.protocol === "https:";
  const certificates = secure ? certificatesOf(request.tls ?? {}) : {};
  if (isAllowed !== undefined) refuseLiteral(url.hostname, isAllowed);
  const guard = isAllowed === undefined ? {} : { lookup: guardedLookup(isAllowed) };
  const common = { method: request.method, headers: headersOf(request), signal, ...certificates, ...guard };
  const direct = { ...common, protocol: url.protocol, hostname: hostOf(url), port: url.port, path: url.pathname + url.search };
  if (proxy === undefined) return { options: { ...direct, agent: secure ? agents.https : agents.http }, discard: () => undefined };

  const server = URL.canParse(proxy.address) ? new URL(proxy.address) : undefined;
  if (isAllowed !== undefined && server !== undefined) refuseLiteral(server.hostname, isAllowed);
  if (!secure && server?.protocol === "http:") {
    const headers = { ...common.headers, ...proxyHeaders(proxy), host: url.host };
    const options = { ...common, headers, agent: agents.http, hostname: hostOf(server), port: server.port || "80", path: url.href };
    return { options, discard: () => undefined };
  }
  // What is wrong with the certificates is found before anything is open.
  const secureContext = secure ? createSecureContext(certificates) : undefined;
  // Without it Node, which has no agent here, writes `Host: x:80`.
  const defaultPort = secure ? 443 : 80;
  const socket = await connectThroughProxy(proxy, { host: hostOf(url), port: Number(url.port || defaultPort) }, signal, guard.lookup);
  const own = secureContext === undefined ? socket : connectSecurely({ secureContext, socket, servername: isIP(hostOf(url)) === 0 ? hostOf(url) : "" });
  const discard = (): void => end([own, socket]);
  // A refused certificate ends the layer above only.
  own.once("close", discard);
  return { options: { ...direct, createConnection: () => own, defaultPort }, discard };
}

/** Whoever fails before the request has the connection hears nothing of its errors: unheard, they would end the process. */
function end(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.on("error", () => undefined).destroy();
}

function certificatesOf({ ca, certificate, key }: HttpTls): SecureContextOptions {
  if (key !== undefined && parsePrivateKey(key.reveal()) === undefined) throw Object.assign(new Error("tls: failed to parse private key"), { code: "BAD_KEY" });
  return {
    ...(ca !== undefined && { ca: [...getCACertificates("default"), ca] }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key: key.reveal() }),
  };
}

/** Bytes of UTF-8, as Go writes them; Node would write those of Latin-1. */
function headersOf({ headers = {}, authorization, body }: HttpRequest): { readonly [name: string]: string } {
  const all = { ...headers, ...(authorization !== undefined && { authorization }) };
  const written = Object.entries(all).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);
  return { ...Object.fromEntries(written), ...(body !== undefined && { "content-length": String(body.length) }) };
}
