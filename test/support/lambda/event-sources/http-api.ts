import { createServer, type IncomingMessage } from "node:http";
import type { InvokeEnd, LambdaFunction } from "../function.ts";
import { type HttpAnswer, httpAnswer, message } from "./http-answer.ts";
import { httpEvent } from "./http-event.ts";

export type HttpApiOptions = {
  /** `POST /github`, `ANY /hook/{proxy+}` -> the function behind it. Paths are compared as they are; a greedy variable takes what is left, if there is something. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly region: string;
  /** The gateway's own patience with a function; 30 s, which nothing extends. */
  readonly integrationTimeoutMs?: number;
};

export type HttpApi = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests that have no answer yet. */
  pending(): number;
  stop(): Promise<void>;
};

/** Of a request's body, in bytes. Source: API Gateway, "Quotas for configuring and running an HTTP API". */
const MAX_BODY = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

/** An HTTP API in front of functions. No TLS, no throttle, no access log; see README.md. */
export async function startHttpApi({ routes, region, integrationTimeoutMs = INTEGRATION_TIMEOUT_MS }: HttpApiOptions): Promise<HttpApi> {
  let pending = 0;
  const answer = async (request: IncomingMessage): Promise<HttpAnswer | undefined> => {
    const { method = "GET", url = "/" } = request;
    const { routeKey, target } = findRoute(routes, method, url.split("?")[0] ?? "");
    const body = await readBody(request);
    if (body === "gone") return undefined;
    if (body === "too-large") return message(413);
    if (target === undefined) return message(404);
    const event = httpEvent(
      { method, url, rawHeaders: request.rawHeaders, body, sourceIp: request.socket.remoteAddress ?? "", at: Date.now() },
      routeKey,
      region,
    );
    const end = await within(integrationTimeoutMs, target.invoke(event));
    return end === "late" ? message(503) : httpAnswer(end);
  };
  const server = createServer(async (request, response) => {
    pending++;
    try {
      const answered = await answer(request);
      if (answered === undefined) return;
      const { status, headers, body } = answered;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.writeHead(status, { "content-length": body.length, "apigw-requestid": "test" }).end(body);
    } finally {
      pending--;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the HTTP API has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    pending: () => pending,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole path before one with a variable, a method before any. Source: API Gateway, "Create routes for HTTP APIs". */
function findRoute(routes: HttpApiOptions["routes"], method: string, path: string): { readonly routeKey: string; readonly target: LambdaFunction | undefined } {
  const greedy = Object.keys(routes)
    .filter((key) => key.endsWith("/{proxy+}"))
    .filter(
      (key) => path.startsWith(key.slice(key.indexOf(" ") + 1, -"{proxy+}".length)) && path.length > key.slice(key.indexOf(" ") + 1, -"{proxy+}".length).length,
    )
    .toSorted((a, b) => b.length - a.length)
    .map((key) => key.slice(key.indexOf(" ") + 1));
  const keys = [path, ...greedy].flatMap((each) => [`${method} ${each}`, `ANY ${each}`]);
  const routeKey = keys.find((key) => routes[key] !== undefined) ?? "$default";
  return { routeKey, target: routes[routeKey] };
}

/** What is too large is read to its end and dropped, so that the answer gets through. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | "too-large" | "gone"> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      size += part.length;
      if (size <= MAX_BODY) parts.push(part);
    }
  } catch {
    return "gone";
  }
  return size > MAX_BODY ? "too-large" : Buffer.concat(parts);
}

/** The gateway gives up; the function goes on. */
async function within(limitMs: number, invocation: Promise<InvokeEnd>): Promise<InvokeEnd | "late"> {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), limitMs);
  try {
    return await Promise.race([invocation, promise]);
  } finally {
    clearTimeout(timer);
  }
}
