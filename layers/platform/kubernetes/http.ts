import type { IncomingMessage } from "node:http";
import type { Connection } from "./connection.ts";
import type { Request, Response } from "./request.ts";
import { isSilent, isWorthAnother, mayRepeat, pauseBefore } from "./retry.ts";
import { createTransport, type Transport, Unanswered } from "./transport.ts";
import { createTurns } from "./turns.ts";

/** Requests to one API server. */
export type Http = {
  /**
   * The answer, whatever it is but 429, 502, 503 and 504: those are tried again where that does no harm, and thrown when they do not end. Throws
   * `NoAnswer` when nobody answers, and when `signal` ends it.
   */
  send(request: Request, signal?: AbortSignal): Promise<Response>;
  /** The answer as it comes in, for watches; the caller reads it to its end or destroys it. */
  open(request: Request, signal: AbortSignal): Promise<IncomingMessage>;
  /** Requests sent so far, by verb: `get`, `list`, `watch`, `create`, `apply`, `apply dry-run`, `patch`, `update`, `delete`. */
  readonly sent: ReadonlyMap<string, number>;
  close(): void;
};

export type HttpOptions = {
  /** Passes the time between attempts, in milliseconds; rejects when the signal ends it. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Between 0 and 1, for pauses. */
  readonly chance?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How long all attempts of one request may take together, in milliseconds; two minutes unless said. */
  readonly total?: number;
  /** Requests under way at a time; those beyond it wait, and their time begins when they are sent. 16 unless said. */
  readonly parallel?: number;
};

const ATTEMPTS = 5;
const ANSWER_MS = 60_000;
const TOTAL_MS = 120_000;
const PARALLEL = 16;

/** Thrown when an API server gives no answer that means anything. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Over kept-alive connections of our own. */
export const createHttp = (connection: Connection, options: HttpOptions = {}): Http =>
  createHttpOver(createTransport(connection, { sockets: options.parallel ?? PARALLEL }), connection, options);

/** What is tried again, when and how often: the same over whatever way a single request takes. */
export function createHttpOver(transport: Transport, connection: Pick<Connection, "token" | "timeout">, options: HttpOptions = {}): Http {
  const { wait = pause, chance = Math.random, now = Date.now, total = TOTAL_MS } = options;
  const turns = createTurns(options.parallel ?? PARALLEL);
  const sent = new Map<string, number>();
  let renewing: Promise<string> | undefined;

  /** Many requests learn at the same time that their token has expired; it is renewed once for them. */
  function tokenFor(renew: boolean): Promise<string> | undefined {
    if (!renew || connection.token === undefined) return connection.token?.(false);
    renewing ??= connection.token(true).finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  const count = (request: Request): void => {
    const verb = verbOf(request);
    sent.set(verb, (sent.get(verb) ?? 0) + 1);
  };

  async function once(request: Request, renew: boolean, ends: number, signal: AbortSignal | undefined): Promise<Response> {
    const token = await tokenFor(renew);
    const timeout = AbortSignal.timeout(Math.max(1, Math.min(connection.timeout ?? ANSWER_MS, ends - now())));
    count(request);
    return transport.send(request, token, signal === undefined ? timeout : AbortSignal.any([timeout, signal]));
  }

  async function attempt(request: Request, renew: boolean, ends: number, signal: AbortSignal | undefined): Promise<Tried> {
    try {
      const answer = await turns.take(() => once(request, renew, ends, signal), signal);
      return { answer, again: isWorthAnother(request, answer) };
    } catch (error) {
      return { error, again: isPassing(request, error) };
    }
  }

  async function send(request: Request, signal?: AbortSignal): Promise<Response> {
    const ends = now() + total;
    let renewed = false;
    for (let attempts = 1, renew = false; ; attempts++) {
      const { answer, error, again } = await attempt(request, renew, ends, signal);
      renew = answer?.code === 401 && connection.token !== undefined && !renewed;
      if (renew) {
        renewed = true;
        continue;
      }
      const before = pauseBefore(attempts, answer, now(), chance());
      if (again && attempts < ATTEMPTS && now() + before < ends) {
        await wait(before, signal).catch((reason: unknown) => Promise.reject(noAnswer(request, reason)));
        continue;
      }
      if (answer === undefined) throw noAnswer(request, error);
      if (isSilent(answer)) throw new NoAnswer(silence(request, answer, attempts));
      return answer;
    }
  }

  async function open(request: Request, signal: AbortSignal): Promise<IncomingMessage> {
    const token = await tokenFor(false);
    count(request);
    return transport.open(request, token, signal);
  }

  return { send, open, sent, close: transport.close };
}

type Tried = { readonly again: boolean } & ({ readonly answer: Response; readonly error?: never } | { readonly answer?: never; readonly error: unknown });

/** The same, but `signal` ends whatever is sent: the deadline of one run over a client that outlives it. */
export const withSignal = (http: Http, signal: AbortSignal): Http => ({
  ...http,
  send: (request, own) => http.send(request, own === undefined ? signal : AbortSignal.any([signal, own])),
});

/** What has not been sent can be sent again, whatever it is. */
const isPassing = (request: Request, error: unknown): boolean => error instanceof Unanswered && error.passing && (!error.sent || mayRepeat(request));

/** `cause` is what the system said, however the request travelled. */
function noAnswer(request: Request, error: unknown): NoAnswer {
  const cause = error instanceof Unanswered ? error.cause : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new NoAnswer(`${request.method} ${pathOnly(request)}: ${text}`, { cause });
}

const silence = (request: Request, { code, body }: Response, attempts: number): string =>
  `${request.method} ${pathOnly(request)}: ${code} after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${body.slice(0, 500)}`;

/** As the budgets speak of requests: an apply and its dry-run are told apart, and a LIST (which asks for pages) from the read of one object. */
function verbOf({ method, path, contentType }: Request): string {
  const query = path.slice(path.indexOf("?") + 1);
  switch (method) {
    case "GET":
      return query.startsWith("watch=") ? "watch" : query.startsWith("limit=") ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return contentType === "application/apply-patch+yaml" ? (query.includes("dryRun=All") ? "apply dry-run" : "apply") : "patch";
    case "DELETE":
      return "delete";
  }
}

export const pathOnly = ({ path }: { readonly path: string }): string => path.split("?")[0] ?? path;

const pause = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", end, { once: true });
  });
