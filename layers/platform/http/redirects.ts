import type { HttpAnswer, HttpRequest } from "./exchange.ts";

/** Where an answer leads to; undefined when it is the end. What writes is only sent again where the answer says to keep the method. */
export function locationOf({ status, headers }: HttpAnswer, { method, redirectsAsGet }: HttpRequest): string | undefined {
  const asGet = method === "GET" || redirectsAsGet === true;
  const follows = status === 307 || status === 308 || (asGet && [301, 302, 303].includes(status));
  return follows ? headers.location : undefined;
}

/** Headers that tell nothing but how to talk: all others may hold a credential (`private-token`, `dd-api-key`, whatever a Secret lists) and stay at home. */
const GO_ANYWHERE = new Set(["accept", "content-type", "content-encoding", "user-agent", "git-protocol", "gotk-component"]);

/**
 * The request that follows a redirect: no credentials to another origin, nor back from there. A text when it cannot be followed.
 * `referer` is sent within an origin only: the path of a webhook's address is a credential, too. Source: Go's net/http, recorded in providers/generic-answer-302.
 */
export function afterRedirect(request: HttpRequest, status: number, location: string): HttpRequest | string {
  if (!URL.canParse(location, request.url)) return "failed to parse Location header";
  const from = new URL(request.url);
  const to = new URL(location, request.url);
  if (to.protocol !== "http:" && to.protocol !== "https:") return `unsupported protocol scheme "${to.protocol.slice(0, -1)}"`;
  const { authorization, tls, body, headers = {}, ...rest } = request;
  const sameOrigin = to.origin === from.origin;
  const becomesGet = status < 307 && request.method !== "GET";
  const kept = Object.entries(headers).filter(([name]) => (sameOrigin || GO_ANYWHERE.has(name.toLowerCase())) && !(becomesGet && /^content-/i.test(name)));
  const referer = sameOrigin && request.redirectsAsGet === true ? { referer: `${from.origin}${from.pathname}${from.search}` } : {};
  const trust = tls?.ca === undefined ? {} : { tls: { ca: tls.ca } };
  return {
    ...rest,
    method: becomesGet ? "GET" : request.method,
    url: to.href,
    headers: { ...Object.fromEntries(kept.filter(([name]) => name.toLowerCase() !== "referer")), ...referer },
    ...(body !== undefined && !becomesGet && { body }),
    redirected: true,
    ...(sameOrigin ? { ...(authorization !== undefined && { authorization }), ...(tls !== undefined && { tls }) } : trust),
  };
}
