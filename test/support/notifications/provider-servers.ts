import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { createCertificateAuthority } from "../../../lib/local/sandbox/pki/pki.ts";
import type { Answer } from "./answers.ts";
import type { SeenRequest } from "./seen-request.ts";

export type ProviderServers = {
  readonly plain: string;
  readonly secure: string;
  /** Answers what is sent through it in absolute form itself, and leads every tunnel to the secure server, whatever host it asks for. */
  readonly proxy: string;
  /** PEM: of the authority that has signed for every host. */
  readonly authority: string;
  close(): Promise<void>;
};

/** One server for plain HTTP, one for HTTPS under any name, and a proxy, all of which ask `answer`. */
export async function startProviderServers(answer: (request: SeenRequest) => Answer): Promise<ProviderServers> {
  const authority = createCertificateAuthority({ commonName: "providers", now: new Date() });
  const contexts = new Map<string, SecureContext>();
  const contextOf = (host: string): SecureContext => {
    const { certificate, key } = authority.issue({ commonName: host, use: "server", hosts: [host] });
    const context = contexts.get(host) ?? createSecureContext({ cert: certificate, key });
    contexts.set(host, context);
    return context;
  };
  const listener =
    (where: (request: IncomingMessage) => Pick<SeenRequest, "host" | "absoluteForm" | "target">): RequestListener =>
    async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { status, headers, body } = answer({ method: request.method ?? "", headers: textsOf(request), body: Buffer.concat(parts), ...where(request) });
      response.writeHead(status, headers).end(body);
    };
  const plain = createServer(listener(({ url = "" }) => ({ target: url })));
  const own = authority.issue({ commonName: "localhost", use: "server", hosts: ["127.0.0.1"] });
  const secure = createSecureServer(
    { cert: own.certificate, key: own.key, SNICallback: (host, done) => done(null, contextOf(host)) },
    listener(({ url = "", headers: { host = "" } }) => ({ target: url, ...(!host.startsWith("127.0.0.1") && { host }) })),
  );
  const proxy = createServer(
    listener(({ url = "" }) => {
      const { host, pathname, search } = new URL(url);
      return { host, absoluteForm: true, target: pathname + search };
    }),
  );
  const tunnels = new Set<Socket>();
  proxy.on("connect", (_, socket: Socket) => {
    tunnels.add(socket.once("close", () => tunnels.delete(socket)).on("error", () => undefined));
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    secure.emit("connection", socket);
  });
  const servers: readonly Server[] = [plain, secure, proxy];
  const [plainPort, securePort, proxyPort] = await Promise.all(servers.map(listen));
  return {
    plain: `http://127.0.0.1:${plainPort}`,
    secure: `https://127.0.0.1:${securePort}`,
    proxy: `http://127.0.0.1:${proxyPort}`,
    authority: authority.certificate,
    close: async () => {
      for (const socket of tunnels) socket.destroy();
      await Promise.all(servers.map(stop));
    },
  };
}

const textsOf = ({ headers }: IncomingMessage): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
