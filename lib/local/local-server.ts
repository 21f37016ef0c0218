import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A web page whose host name was made to point here would otherwise push to the repository in its visitor's browser (DNS rebinding). */
const isOurs = (host = ""): boolean => /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host);

export type LocalServer = { readonly url: string; stop(): Promise<void> };

/** The one HTTP server of the local mode, on a free port of 127.0.0.1: whoever of `routes` knows the path answers. */
export async function startLocalServer(routes: readonly ((request: IncomingMessage, response: ServerResponse) => boolean)[]): Promise<LocalServer> {
  const server = createServer((request, response) => {
    const say = (code: number, text: string): void => void response.writeHead(code, { "content-type": "text/plain" }).end(`${text}\n`);
    if (!isOurs(request.headers.host)) return say(403, "not a name of this server");
    try {
      if (!routes.some((route) => route(request, response))) say(404, "not found");
    } catch {
      // What a client sends never ends the process.
      if (!response.headersSent) say(400, "bad request");
    }
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
