import type { IncomingMessage } from "node:http";
import { request as requestPlain } from "node:http";
import { Agent, request as requestSecure } from "node:https";
import type { Connection } from "./connection.ts";
import type { Request, Response } from "./request.ts";

/** How one request reaches an API server: over a connection of our own, or through the function `gate`. */
export type Transport = {
  /** One attempt. Throws `Unanswered` when no answer came back. */
  send(request: Request, token: string | undefined, signal: AbortSignal): Promise<Response>;
  /** The answer as it comes in. */
  open(request: Request, token: string | undefined, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
};

/** No answer came back for one attempt; `cause` says why. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  /** False when the request cannot have reached the server: what it asks for has not happened. */
  readonly sent: boolean;
  /** It may pass by itself: a connection that broke or was refused. A certificate that does not fit does not, nor does an answer that never ends. */
  readonly passing: boolean;
  constructor(cause: unknown, how: { readonly sent: boolean; readonly passing: boolean }) {
    super(cause instanceof Error ? cause.message || cause.name : String(cause), { cause });
    this.sent = how.sent;
    this.passing = how.passing;
  }
}

/** Of connections that were refused, that broke, that nobody took. */
const PASSING = new Set(["ECONNRESET", "EPIPE", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"]);
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const CONNECT_MS = 10_000;
/** What lies between forgets a connection that nobody used, sooner or later (load balancers of AWS after 350 s), and does not always say so. */
const STALE_MS = 60_000;

export type TransportOptions = {
  /** Connections at a time; 16 unless said. */
  readonly sockets?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

export function createTransport(connection: Connection, { sockets = 16, now = Date.now }: TransportOptions = {}): Transport {
  const server = new URL(connection.server);
  const secure = server.protocol === "https:";
  const prefix = server.pathname.replace(/\/$/, "");
  const agent = secure ? agentFor(connection, sockets) : undefined;
  // A watch keeps its connection for minutes: as many as there are kinds would leave none for requests.
  const streams = secure ? agentFor(connection, Number.POSITIVE_INFINITY) : undefined;

  let usedAt = now();

  /** A sandbox of Lambda is frozen between invocations: its connections may have died meanwhile, all of them, and each attempt would find another one. */
  const dropIdle = (): void => {
    for (const socket of Object.values(agent?.freeSockets ?? {}).flat()) socket?.destroy();
  };

  const headersFor = (request: Request, token: string | undefined): Record<string, string> => ({
    accept: request.accept ?? "application/json",
    "user-agent": connection.userAgent ?? "sluice",
    ...(request.body !== undefined && {
      "content-type": request.contentType ?? "application/json",
      "content-length": String(Buffer.byteLength(request.body)),
    }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...request.headers,
  });

  const begin = (request: Request, token: string | undefined, signal: AbortSignal, over: Agent | undefined): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      let sent = false;
      const call = secure ? requestSecure : requestPlain;
      const outgoing = call(
        {
          host: server.hostname.replace(/^\[|\]$/g, ""),
          port: server.port || (secure ? 443 : 80),
          path: prefix + request.path,
          method: request.method,
          headers: headersFor(request, token),
          ...(over !== undefined && { agent: over }),
          signal,
        },
        resolve,
      );
      outgoing.on("socket", (socket) => {
        if (!socket.connecting) {
          sent = true;
          return;
        }
        // The time that a connection may take is not the answer's: nobody there shows in seconds, a long LIST takes its time.
        const late = setTimeout(() => outgoing.destroy(connectTimeout(connection)), connection.connectTimeout ?? CONNECT_MS);
        const settle = (): void => clearTimeout(late);
        socket.once("close", settle);
        socket.once(secure ? "secureConnect" : "connect", () => {
          sent = true;
          settle();
        });
      });
      outgoing.on("error", (error) => {
        if (outgoing.reusedSocket) dropIdle();
        reject(unanswered(error, sent));
      });
      outgoing.end(request.body);
    });

  async function once(request: Request, token: string | undefined, signal: AbortSignal): Promise<Response> {
    if (now() - usedAt > STALE_MS) dropIdle();
    usedAt = now();
    const answer = await begin(request, token, signal, agent);
    const body = await bodyOf(answer).catch((error: unknown) => Promise.reject(unanswered(error, true)));
    return { code: answer.statusCode ?? 0, headers: answer.headers, body };
  }

  return {
    send: once,
    open: (request, token, signal) => begin(request, token, signal, streams),
    close: () => {
      agent?.destroy();
      streams?.destroy();
    },
  };
}

const unanswered = (error: unknown, sent: boolean): Unanswered => new Unanswered(error, { sent, passing: isPassing(error) });

const isPassing = (error: unknown): boolean => error instanceof Error && "code" in error && typeof error.code === "string" && PASSING.has(error.code);

function connectTimeout({ server, connectTimeout: after = CONNECT_MS }: { readonly server: string; readonly connectTimeout?: number }): Error {
  const { hostname, port } = new URL(server);
  return Object.assign(new Error(`no connection to ${hostname} within ${after} ms`), { code: "ETIMEDOUT", address: hostname, port: port || "443" });
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
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(parts).toString("utf8");
}
