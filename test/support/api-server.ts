import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

export type Seen = { readonly method: string; readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: string };

/** What is answered to a request: a whole answer, or whatever the function does with the response. */
export type Scripted =
  | { readonly code: number; readonly body?: unknown; readonly headers?: { readonly [name: string]: string } }
  | ((response: ServerResponse, request: IncomingMessage) => void);

export type ScriptedServer = { readonly url: string; readonly seen: Seen[]; stop(): Promise<void> };

/** A server that answers as told, and remembers what it was asked. The last answer is given to all that comes after. With `tls` it speaks that alone. */
export async function startScripted(
  answers: readonly Scripted[] | ((seen: Seen) => Scripted),
  tls?: { readonly certificate: string; readonly key: string },
): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts).toString("utf8") };
      seen.push(one);
      const answer = typeof answers === "function" ? answers(one) : (answers[Math.min(seen.length, answers.length) - 1] ?? { code: 500 });
      if (typeof answer === "function") return answer(response, request);
      response.writeHead(answer.code, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body === undefined ? "" : typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer({ cert: tls.certificate, key: tls.key }, listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A refusal as an API server words it. */
export const status = (code: number, reason: string, message: string, details?: unknown): Scripted => ({
  code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code, ...(details !== undefined && { details }) },
});
