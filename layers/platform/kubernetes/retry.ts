import type { Request, Response } from "./request.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** These are no answers of the server that was asked: they are tried again, and silence when they do not end. */
const SILENT = new Set([429, 502, 503, 504]);

export const isSilent = ({ code }: Response): boolean => SILENT.has(code);

/**
 * Whether sending it twice is as good as once. A read is; a server-side apply and a patch set what they say; a delete of what is gone is told "absent"; a
 * PUT carries the version that it replaces. A POST makes another object each time, unless its name is in it and who asks knows what to make of
 * "AlreadyExists": that is `repeatable`.
 */
export const mayRepeat = ({ method, repeatable }: Request): boolean => method !== "POST" || repeatable === true;

/**
 * Whether another attempt may answer better, and does no harm.
 *
 * 429 and 503 say that nothing was begun. After 502 and 504 nobody knows: a proxy lost the answer. 500 is often an answer (a field that no schema has, a
 * webhook that refused), so a write is sent again only when the server says that it will pass; for a read trying costs little.
 */
export function isWorthAnother(request: Request, answer: Response): boolean {
  if (answer.code === 429 || answer.code === 503) return true;
  if (answer.code < 500 || !mayRepeat(request)) return false;
  return request.method === "GET" || answer.code === 502 || answer.code === 504 || passesByItself(answer);
}

/** etcd chooses a leader, or the server names a time. Source: apiserver's responsewriters (Retry-After), etcd's api/v3rpc/rpctypes. */
const passesByItself = ({ headers, body }: Response): boolean =>
  headers["retry-after"] !== undefined || /etcdserver: (?:leader changed|no leader|request timed out|too many requests|server stopped)/.test(body);

/**
 * How long to wait before the next attempt, in milliseconds: what the server asks for in Retry-After (seconds or a date), at most ten seconds, else
 * doubling from a tenth of a second; and up to half as long again by chance, so that a thousand sandboxes that were sent away together do not come back
 * together. Never sooner than asked.
 */
export function pauseBefore(attempt: number, answer: Response | undefined, now: number, chance: number): number {
  const own = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  const wanted = Math.min(askedPause(answer?.headers["retry-after"], now) ?? own, LONGEST_PAUSE_MS);
  return wanted * (1 + chance / 2);
}

/** Undefined for a time that is over, or that cannot be read. Source: RFC 9110 10.2.3. */
function askedPause(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  return until > now ? until - now : undefined;
}
