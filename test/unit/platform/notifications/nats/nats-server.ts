import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";

export type NatsServerOptions = {
  readonly info?: object;
  /** What is said to CONNECT: its problem, or nothing. */
  readonly authorize?: (connect: { readonly [member: string]: unknown }) => string | undefined;
  /** What is said to PUB. */
  readonly permit?: (subject: string) => string | undefined;
  /** Hangs up where the command comes. */
  readonly hangUpAt?: "start" | "CONNECT" | "PUB";
  /** Says nothing at all. */
  readonly silent?: boolean;
  /** Answers PING with PING, for ever. */
  readonly pings?: boolean;
  readonly tls?: { readonly key: string; readonly cert: string };
};

type Seen = { readonly connects: { readonly [member: string]: unknown }[]; readonly published: { readonly subject: string; readonly payload: string }[] };

export type NatsTestServer = Seen & { readonly port: number; readonly connected: Promise<unknown>; stop(): Promise<void> };

/** As much of a NATS server as publishing needs. It is strict: what it does not know ends the connection. Source: NATS documentation, "Client Protocol". */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsTestServer> {
  const seen: Seen = { connects: [], published: [] };
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (options.silent === true) return;
    if (options.hangUpAt === "start") return void socket.destroy();
    const info = { server_id: "test", version: "2.12.0", max_payload: 1_048_576, nonce: "nonce-1", tls_required: options.tls !== undefined, ...options.info };
    socket.write(`INFO ${JSON.stringify(info)} \r\n`, () => serve(options.tls === undefined ? socket : securedBy(socket, options.tls), options, seen));
  });
  const connected = new Promise((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    ...seen,
    connected,
    port: typeof address === "object" && address !== null ? address.port : 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const securedBy = (socket: Socket, { key, cert }: { readonly key: string; readonly cert: string }): Socket =>
  new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) }).on("error", () => {});

function serve(socket: Socket, { authorize, permit, hangUpAt, pings }: NatsServerOptions, { connects, published }: Seen): void {
  let buffered = "";
  const complain = (problem: string): void => void socket.write(`-ERR '${problem}'\r\n`);
  socket.on("data", (bytes) => {
    buffered += bytes.toString("latin1");
    for (let end = buffered.indexOf("\r\n"); end >= 0; end = buffered.indexOf("\r\n")) {
      const [word = "", subject = "", size = ""] = buffered.slice(0, end).split(" ");
      if (word === hangUpAt) return void socket.destroy();
      if (word === "PUB" && buffered.length < end + 2 + Number(size) + 2) return;
      const rest = buffered.slice(end + 2);
      if (word === "CONNECT") {
        const connect = JSON.parse(buffered.slice("CONNECT ".length, end));
        connects.push(connect);
        const problem = authorize?.(connect);
        if (problem !== undefined) {
          complain(problem);
          return void socket.end();
        }
      } else if (word === "PUB") {
        const problem = permit?.(subject);
        if (problem === undefined) published.push({ subject, payload: Buffer.from(rest.slice(0, Number(size)), "latin1").toString() });
        else complain(problem);
      } else if (word === "PING" && pings === true) socket.write("PING\r\n".repeat(10_000));
      else if (word === "PING") socket.write("PONG\r\n");
      else if (word !== "PONG") return void socket.destroy();
      buffered = word === "PUB" ? rest.slice(Number(size) + 2) : rest;
    }
  });
}
