import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type LocalServer = { readonly url: string; stop(): Promise<void> };

/** The one HTTP server of the local mode, on a free port of 127.0.0.1: whoever of `routes` knows the path answers. */
export async function startLocalServer(routes: readonly ((request: IncomingMessage, response: ServerResponse) => boolean)[]): Promise<LocalServer> {
  const server = createServer((request, response) => {
    if (routes.some((route) => route(request, response))) return;
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
