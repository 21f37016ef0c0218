import type { IncomingMessage } from "node:http";
import { request as requestPlain } from "node:http";
import { Agent, request as requestSecure } from "node:https";
import type { Connection } from "./connection.ts";

export type Request = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From `/api` or `/apis` on, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: { readonly [name: string]: string };
};

export type Response = { readonly code: number; readonly headers: IncomingMessage["headers"]; readonly body: string };

/** Requests to one API server over kept-alive connections. */
export type Http = {
  /** The answer, whatever it is but 429, 502, 503 and 504: those are tried again, and thrown when they do not end. Throws when nobody answers. */
  send(request: Request): Promise<Response>;
  /** The answer as it comes in, for watches; the caller reads it to its end or destroys it. */
  open(request: Request, signal: AbortSignal): Promise<IncomingMessage>;
  /** Requests sent so far, by verb: `get`, `list`, `watch`, `create`, `apply`, `apply dry-run`, `patch`, `update`, `delete`. */
  readonly sent: ReadonlyMap<string, number>;
  close(): void;
};

const MAX_SOCKETS = 16;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const TRY_AGAIN = new Set([429, 502, 503, 504]);
/** Of these, nothing reached the server, or the connection died in the hands of a keep-alive race. */
const DROPPED = new Set(["ECONNRESET", "EPIPE", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"]);

/** Thrown when an API server gives no answer that means anything. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** `wait` passes the time between attempts, in milliseconds. */
export function createHttp(connection: Connection, wait: (milliseconds: number) => Promise<void> = pause): Http {
  const server = new URL(connection.server);
  const secure = server.protocol === "https:";
  const prefix = server.pathname.replace(/\/$/, "");
  const agent = secure ? agentFor(connection, MAX_SOCKETS) : undefined;
  // A watch keeps its connection for minutes: as many as there are kinds would leave none for requests.
  const streams = secure ? agentFor(connection, Number.POSITIVE_INFINITY) : undefined;
  const sent = new Map<string, number>();

  async function headersFor(request: Request, renew: boolean): Promise<Record<string, string>> {
    const token = await connection.token?.(renew);
    return {
      accept: request.accept ?? "application/json",
      "user-agent": connection.userAgent ?? "sluice",
      ...(request.body !== undefined && {
        "content-type": request.contentType ?? "application/json",
        "content-length": String(Buffer.byteLength(request.body)),
      }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...request.headers,
    };
  }

  async function open(request: Request, over: Agent | undefined, signal: AbortSignal, renew = false): Promise<IncomingMessage> {
    const headers = await headersFor(request, renew);
    const verb = verbOf(request);
    sent.set(verb, (sent.get(verb) ?? 0) + 1);
    return new Promise((resolve, reject) => {
      const call = secure ? requestSecure : requestPlain;
      const outgoing = call(
        {
          host: server.hostname.replace(/^\[|\]$/g, ""),
          port: server.port || (secure ? 443 : 80),
          path: prefix + request.path,
          method: request.method,
          headers,
          ...(over !== undefined && { agent: over }),
          signal,
        },
        resolve,
      );
      outgoing.on("error", reject).end(request.body);
    });
  }

  async function once(request: Request, renew: boolean): Promise<Response> {
    const signal = AbortSignal.timeout(connection.timeout ?? 60_000);
    const answer = await open(request, agent, signal, renew);
    return { code: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer) };
  }

  async function send(request: Request): Promise<Response> {
    let renewed = false;
    let renew = false;
    for (let attempt = 1; ; attempt++) {
      const answer: Response | undefined = await once(request, renew).catch((error: unknown) =>
        attempt < ATTEMPTS && isDropped(error) ? undefined : Promise.reject(noAnswer(request, error)),
      );
      renew = answer?.code === 401 && connection.token !== undefined && !renewed;
      if (renew) {
        renewed = true;
        continue;
      }
      if (answer !== undefined && !TRY_AGAIN.has(answer.code)) return answer;
      if (answer !== undefined && attempt >= ATTEMPTS)
        throw new NoAnswer(`${request.method} ${pathOnly(request)}: ${answer.code} after ${attempt} attempts: ${answer.body.slice(0, 500)}`);
      await wait(pauseBefore(attempt, answer));
    }
  }

  const close = (): void => {
    agent?.destroy();
    streams?.destroy();
  };
  return { send, open: (request, signal) => open(request, streams, signal), sent, close };
}

function agentFor({ certificateAuthority, clientCertificate, clientKey, serverName, insecure }: Connection, maxSockets: number): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets,
    ...(certificateAuthority !== undefined && { ca: asPem(certificateAuthority) }),
    ...(clientCertificate !== undefined && { cert: asPem(clientCertificate) }),
    ...(clientKey !== undefined && { key: asPem(clientKey) }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(insecure === true && { rejectUnauthorized: false }),
  });
}

const asPem = (pem: Uint8Array | string): string | Buffer => (typeof pem === "string" ? pem : Buffer.from(pem));

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    parts.push(part);
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new NoAnswer(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(parts).toString("utf8");
}

const isDropped = (error: unknown): boolean => error instanceof Error && "code" in error && typeof error.code === "string" && DROPPED.has(error.code);

function noAnswer(request: Request, error: unknown): NoAnswer {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return new NoAnswer(`${request.method} ${pathOnly(request)}: ${text}`, { cause: error });
}

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

const pathOnly = ({ path }: Request): string => path.split("?")[0] ?? path;

/** What the server asks for in Retry-After, else doubling from a tenth of a second. */
function pauseBefore(attempt: number, answer: Response | undefined): number {
  const asked = Number(answer?.headers["retry-after"]);
  const wanted = Number.isFinite(asked) ? asked * 1000 : FIRST_PAUSE_MS * 2 ** (attempt - 1);
  return Math.min(wanted, LONGEST_PAUSE_MS);
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
