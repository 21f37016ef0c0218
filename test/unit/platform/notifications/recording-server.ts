import { createServer, type IncomingHttpHeaders } from "node:http";
import type { Http } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";

export type SeenRequest = {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};
export type ScriptedAnswer = { readonly status: number; readonly body?: string; readonly headers?: { readonly [name: string]: string } };

export type RecordingServer = {
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  /** Reaches the server under every name and scheme: `host` says which one was meant. */
  readonly http: Pick<Http, "send">;
  stop(): Promise<void>;
};

/** A real HTTP server that keeps what it is asked, and answers what it is told. */
export async function startRecordingServer(answer: (request: SeenRequest) => ScriptedAnswer = () => ({ status: 200 })): Promise<RecordingServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const host = String(incoming.headers["x-test-host"] ?? incoming.headers.host);
    const request = { host, method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(parts) };
    seen.push(request);
    const { status, body = "", headers } = answer(request);
    outgoing.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const found = server.address();
  const address = `http://127.0.0.1:${typeof found === "object" ? found?.port : ""}`;
  const real = createHttp();
  return {
    address,
    seen,
    http: {
      send: (request) => {
        const url = new URL(request.url);
        const headers = { ...request.headers, "x-test-host": `${url.protocol}//${url.host}` };
        return real.send({ ...request, url: `${address}${url.pathname}${url.search}`, headers });
      },
    },
    stop: async () => {
      real.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
