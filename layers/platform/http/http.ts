import { Agent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { type Milliseconds, minutes } from "@sluice/engine/domain/time.ts";
import { type Agents, type Connection, connectionFor, NOTHING_KEPT } from "./connection.ts";
import type { Http, HttpAnswer, HttpOptions, HttpRequest, HttpSilence } from "./exchange.ts";
import { goWords } from "./go-words.ts";
import { headerProblem } from "./header-problem.ts";
import { readBody } from "./read-body.ts";
import { afterRedirect, locationOf } from "./redirects.ts";

const MAX_REDIRECTS = 5;
/** As Go's client. */
const MAX_INFORMATIONAL = 5;
/** Tenants may name any number of servers, and a process may have so many connections. */
const IDLE: Milliseconds = minutes(1);

/** An HTTP client for what a person of the cluster may name: own CAs and client certificates, proxies, redirects that carry no credentials elsewhere. */
export function createHttp(options: HttpOptions = {}): Http {
  const kept = { keepAlive: true, timeout: options.idle ?? IDLE };
  const agents = { http: new Agent(kept), https: new TlsAgent(kept) };
  return {
    send: (request) => follow(request, options, agents),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

async function follow(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence> {
  let current = request;
  for (let hop = 0; ; hop++) {
    const answer = await sendOnce(current, options, agents);
    const location = answer.kind === "answered" ? locationOf(answer, current) : undefined;
    if (location === undefined) return answer;
    if (hop === MAX_REDIRECTS) return unsendable(request, `stopped after ${MAX_REDIRECTS} redirects`);
    const next = afterRedirect(current, answer.kind === "answered" ? answer.status : 0, location);
    if (typeof next === "string") return unsendable(request, next);
    current = next;
  }
}

/** Another attempt would end the same. */
const unsendable = (request: HttpRequest, words: string): HttpSilence => ({
  kind: "silent",
  why: "unreachable",
  lasting: true,
  message: `${verb(request)} "${shownUrl(request)}": ${words}`,
});

const verb = ({ method }: HttpRequest): string => `${method.charAt(0)}${method.slice(1).toLowerCase()}`;

async function sendOnce(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence> {
  const first = await attempt(request, options, agents);
  // The server had closed a connection that we kept: nothing of the request was looked at. Others that we keep may have ended, too.
  const again = first.kind === "stale" ? await attempt(request, options, NOTHING_KEPT) : first;
  if (again.kind !== "stale") return again;
  return { kind: "silent", why: "unreachable", message: `${verb(request)} "${shownUrl(request)}": EOF` };
}

async function attempt(request: HttpRequest, options: HttpOptions, agents: Agents): Promise<HttpAnswer | HttpSilence | { readonly kind: "stale" }> {
  // Of `http:///info` the URL class would make the host `info`.
  const url = /^https?:\/\/[^/?#]/i.test(request.url) && URL.canParse(request.url) ? new URL(request.url) : undefined;
  if (url === undefined) return unsendable(request, "http: no Host in request URL");
  const wrong = headerProblem({ ...request.headers, ...(request.authorization !== undefined && { authorization: request.authorization }) });
  if (wrong !== undefined) return unsendable(request, wrong);
  let reused = false;
  let connection: Connection | undefined;
  try {
    request.signal.throwIfAborted();
    connection = await connectionFor(request, url, options, agents);
    const { options: connected } = connection;
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const send = url.protocol === "https:" ? tlsRequest : plainRequest;
      let isAnswered = false;
      const outgoing = send(connected, (incoming) => {
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
  } catch (error) {
    connection?.discard();
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
