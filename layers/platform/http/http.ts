import { Agent, type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { type RequestOptions, Agent as TlsAgent, request as tlsRequest } from "node:https";
import { isIP } from "node:net";
import { connect as connectSecurely, getCACertificates } from "node:tls";
import type { HttpProxy, HttpTls } from "@sluice/engine/ports/http-options.ts";
import { guardedLookup, refuseLiteral } from "./address-guard.ts";
import { goWords } from "./go-words.ts";
import { connectThroughProxy, proxyHeaders } from "./proxy.ts";
import { readBody } from "./read-body.ts";
import { afterRedirect, locationOf } from "./redirects.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "OPTIONS";

export type HttpRequest = {
  readonly method: Method;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Uint8Array;
  /** Value of the Authorization header; it goes to the origin of `url` only, whatever redirects say. */
  readonly authorization?: string;
  readonly tls?: HttpTls;
  readonly proxy?: HttpProxy;
  readonly signal: AbortSignal;
  /** `url` is not the caller's own, but one that a server led to. */
  readonly redirected?: boolean;
  /** The answer is cut off, with a failure, beyond that many bytes. */
  readonly maxBytes: number | ((status: number) => number);
  /** Beyond `maxBytes` the answer is left unread, and that is no failure. */
  readonly cut?: boolean;
  /** 301, 302 and 303 to what writes are followed by a GET without its body, as Go's client does; else they are the answer. */
  readonly redirectsAsGet?: boolean;
};

/** `url` is where the answer came from, after redirects, as messages may show it. Header names in lower case. */
export type HttpAnswer = {
  readonly kind: "answered";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly url: string;
};

/** Nobody answered, or more than was wanted. `message` in Go's words: `Get "http://…": dial tcp 127.0.0.1:1: connect: connection refused`. */
export type HttpSilence = {
  readonly kind: "silent";
  readonly why: "unreachable" | "timeout" | "too-large";
  readonly message: string;
  /** Another attempt would end the same: an untrusted certificate, an address that must not be reached, a URL that is none. */
  readonly lasting?: boolean;
};

export type Http = { send(request: HttpRequest): Promise<HttpAnswer | HttpSilence>; close(): void };

export type HttpOptions = {
  /** Says no to addresses that must not be reached, such as a cloud's metadata service. Asked for every address before it is connected to. */
  readonly isAllowed?: (address: string) => boolean;
};

const MAX_REDIRECTS = 5;
/** As Go's client. */
const MAX_INFORMATIONAL = 5;

/** An HTTP client for what a person of the cluster may name: own CAs and client certificates, proxies, redirects that carry no credentials elsewhere. */
export function createHttp(options: HttpOptions = {}): Http {
  const agents = { http: new Agent({ keepAlive: true }), https: new TlsAgent({ keepAlive: true }) };
  return {
    send: (request) => follow(request, options, agents),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Agents = { readonly http: Agent; readonly https: TlsAgent };

async function follow(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence> {
  let current = request;
  for (let hop = 0; ; hop++) {
    const answer = await sendOnce(current, options, agents);
    const location = answer.kind === "answered" ? locationOf(answer, current) : undefined;
    if (location === undefined) return answer;
    if (hop === MAX_REDIRECTS)
      return {
        kind: "silent",
        why: "unreachable",
        lasting: true,
        message: `${verb(request)} "${shownUrl(request)}": stopped after ${MAX_REDIRECTS} redirects`,
      };
    const next = afterRedirect(current, answer.kind === "answered" ? answer.status : 0, location);
    if (typeof next === "string") return { kind: "silent", why: "unreachable", lasting: true, message: `${verb(request)} "${shownUrl(request)}": ${next}` };
    current = next;
  }
}

const verb = ({ method }: HttpRequest): string => `${method.charAt(0)}${method.slice(1).toLowerCase()}`;

async function sendOnce(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence> {
  const first = await attempt(request, options, agents);
  // The server had closed a connection that we kept: nothing of the request was looked at.
  const again = first.kind === "stale" ? await attempt(request, options, agents) : first;
  if (again.kind !== "stale") return again;
  return { kind: "silent", why: "unreachable", message: `${verb(request)} "${shownUrl(request)}": EOF` };
}

async function attempt(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence | { readonly kind: "stale" }> {
  // Of `http:///info` the URL class would make the host `info`.
  const url = /^https?:\/\/[^/?#]/.test(request.url) && URL.canParse(request.url) ? new URL(request.url) : undefined;
  if (url === undefined)
    return { kind: "silent", why: "unreachable", lasting: true, message: `${verb(request)} "${shownUrl(request)}": http: no Host in request URL` };
  let reused = false;
  try {
    request.signal.throwIfAborted();
    const connection = await connectionOptions(request, url, options, agents);
    const answer = await new Promise<HttpAnswer>((resolve, reject) => {
      const send = url.protocol === "https:" ? tlsRequest : plainRequest;
      let isAnswered = false;
      const outgoing = send(connection, (incoming) => {
        isAnswered = true;
        readBody(incoming, request).then((body) => {
          resolve({ kind: "answered", status: incoming.statusCode ?? 0, headers: incoming.headers, body, url: shownUrl(request) });
        }, reject);
      });
      outgoing.on("error", (error) => {
        reused = outgoing.reusedSocket;
        reject(error);
      });
      // Node ends it without a word where the other side changes the protocol.
      outgoing.on("close", () => {
        if (!isAnswered) reject(new Error("EOF"));
      });
      let informational = 0;
      outgoing.on("information", () => {
        informational++;
        if (informational > MAX_INFORMATIONAL) outgoing.destroy(new Error("net/http: too many 1xx informational responses"));
      });
      outgoing.end(request.body);
    });
    return answer;
  } catch (error) {
    if (reused && error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE") && !request.signal.aborted)
      return { kind: "stale" };
    const { why, words, lasting } = goWords(error, request.signal, request.proxy !== undefined);
    return { kind: "silent", why, ...(lasting === true && { lasting }), message: `${verb(request)} "${shownUrl(request)}": ${words}` };
  }
}

/**
 * A URL as messages show it: without a password, as Go does. A redirect may carry a key of its own (a token in the query, a user's name): of what a server made up, only
 * the place is shown.
 */
function shownUrl({ url, redirected }: HttpRequest): string {
  if (redirected !== true || !URL.canParse(url)) return url.replace(/^([a-z]+:\/\/[^/?#@:]*):[^/?#@]*@/i, "$1:***@");
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

async function connectionOptions(request: HttpRequest, url: URL, options: HttpOptions, agents: Agents): Promise<RequestOptions> {
  const { proxy, tls, signal, authorization, body } = request;
  const secure = url.protocol === "https:";
  const headers = {
    ...written(request.headers ?? {}),
    ...(authorization !== undefined && { authorization }),
    ...(body !== undefined && { "content-length": String(body.length) }),
  };
  const certificates = {
    ...(tls?.ca !== undefined && { ca: [...getCACertificates("default"), tls.ca] }),
    ...(tls?.certificate !== undefined && { cert: tls.certificate }),
    ...(tls?.key !== undefined && { key: tls.key.reveal() }),
  };
  const common = {
    method: request.method,
    signal,
    ...(secure && certificates),
    ...(options.isAllowed !== undefined && { lookup: guardedLookup(options.isAllowed) }),
  };
  if (options.isAllowed !== undefined) refuseLiteral(url.hostname, options.isAllowed);
  if (proxy === undefined) {
    const agent = secure ? agents.https : agents.http;
    return { ...common, headers, agent, protocol: url.protocol, hostname: hostOf(url), port: url.port, path: url.pathname + url.search };
  }
  if (options.isAllowed !== undefined && URL.canParse(proxy.address)) refuseLiteral(new URL(proxy.address).hostname, options.isAllowed);
  if (!secure && proxy.address.startsWith("http:")) {
    const server = new URL(proxy.address);
    return {
      ...common,
      headers: { ...headers, ...proxyHeaders(proxy), host: url.host },
      agent: agents.http,
      hostname: hostOf(server),
      port: server.port || "80",
      path: url.href,
    };
  }
  const socket = await connectThroughProxy(proxy, { host: hostOf(url), port: Number(url.port || (secure ? 443 : 80)) }, signal, common.lookup);
  const own = secure ? connectSecurely({ ...certificates, socket, servername: isIP(hostOf(url)) === 0 ? hostOf(url) : "" }) : socket;
  // A refused certificate ends the layer above only.
  own.once("close", () => socket.destroy());
  // Without it Node, which has no agent here, writes `Host: x:80`.
  const defaultPort = secure ? 443 : 80;
  return {
    ...common,
    createConnection: () => own,
    defaultPort,
    headers,
    protocol: url.protocol,
    hostname: hostOf(url),
    port: url.port,
    path: url.pathname + url.search,
  };
}

/** Bytes of UTF-8, as Go writes them; Node would write those of Latin-1. Line breaks and the like Node refuses. */
const written = (headers: { readonly [name: string]: string }): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]));

/** `[::1]` without its brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");
