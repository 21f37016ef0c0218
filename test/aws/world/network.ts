import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The way from AWS to a cluster's API server, as bytes: what is wrong with it is wrong for everybody but the cluster's administrator. */
export type Network = {
  /** Where EKS says that the server is. */
  url(): string;
  /** Open: as it should be. Closed: connections are closed as soon as they are made. Silent: they are taken, and nobody answers. */
  be(state: NetworkState): void;
  /** Closes the connections that are open; what was under way has no answer. */
  cut(): void;
  /** Connections made so far. */
  connections(): number;
  stop(): Promise<void>;
};

export type NetworkState = "open" | "closed" | "silent";

export async function startNetwork(server: string): Promise<Network> {
  const target = Number(new URL(server).port);
  const open = new Set<Socket>();
  let state: NetworkState = "open";
  let made = 0;

  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
  };
  const listener: Server = createServer((from) => {
    made++;
    keep(from);
    if (state === "closed") from.destroy();
    if (state !== "open") return;
    const to = connect(target, "127.0.0.1");
    keep(to);
    from.pipe(to).pipe(from);
    from.once("close", () => to.destroy());
    to.once("close", () => from.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };

  return {
    url: () => `https://127.0.0.1:${port}`,
    be: (next) => {
      state = next;
      if (next !== "open") cut();
    },
    cut,
    connections: () => made,
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        cut();
      }),
  };
}
