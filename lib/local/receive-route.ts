import type { IncomingMessage, ServerResponse } from "node:http";
import type { Receive } from "@sluice/engine/reconcile/receive/receive.ts";
import { readBody } from "./read-body.ts";

/** Beyond this a Receiver is not asked: one byte more than the largest body, so that the answer for too large ones is its own. Source: reference 4.4. */
const MOST_BYTES = 3 * 1024 * 1024 + 1;

/** The webhooks of Receivers: `/hook` and all below it. The annotation that a request leaves is seen by the watch of its object. */
export const receiveRoute =
  (receive: Receive) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = request.url ?? "/";
    if (!/^\/+hook(?:[/?]|$)/.test(path)) return false;
    void answer(receive, request, path).then(
      ({ code, body, headers }) => response.writeHead(code, headers).end(body),
      () => response.destroy(), // nobody is there to answer
    );
    return true;
  };

async function answer(receive: Receive, request: IncomingMessage, path: string): ReturnType<Receive> {
  const body = await readBody(request, MOST_BYTES);
  // The rest of one that is too large is not read: its size is all that counts.
  return receive({ method: request.method ?? "GET", path, headers: headersOf(request), body: body === "too large" ? new Uint8Array(MOST_BYTES) : body });
}

const headersOf = ({ headers }: IncomingMessage): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]));
