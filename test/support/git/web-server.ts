import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type Seen = { readonly method: string; readonly url: string; readonly headers: IncomingMessage["headers"]; readonly body: string };
export type WebServer = { readonly url: string; readonly seen: Seen[]; close(): Promise<void> };

/** A server on loopback that answers by one function. */
export async function startWebServer(answer: (request: Seen, response: ServerResponse) => void): Promise<WebServer> {
  const seen: Seen[] = [];
  const listener = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const one: Seen = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body: Buffer.concat(parts).toString() };
    seen.push(one);
    answer(one, response);
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    seen,
    close: async () => {
      listener.closeAllConnections();
      await new Promise((done) => listener.close(done));
    },
  };
}
