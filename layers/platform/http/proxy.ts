import { request } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect, type LookupFunction, type Socket } from "node:net";
import type { HttpProxy } from "@sluice/engine/ports/http-options.ts";

type Goal = { readonly host: string; readonly port: number };

/** `[::1]` without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

/** The header by which a proxy knows us; nothing when no user is named. */
export function proxyHeaders({ username, password }: HttpProxy): { readonly [name: string]: string } {
  if (username === undefined || username === "") return {};
  return { "proxy-authorization": `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ""}`).toString("base64")}` };
}

/** A connection to `goal` through an http, https or socks5 proxy. Throws what the system or the proxy says. */
export async function connectThroughProxy(proxy: HttpProxy, goal: Goal, signal: AbortSignal, lookup?: LookupFunction): Promise<Socket> {
  signal.throwIfAborted();
  if (!URL.canParse(proxy.address)) throw new Error("invalid proxy URL");
  const server = new URL(proxy.address);
  switch (server.protocol) {
    case "http:":
    case "https:":
      return connectByMethod(server, proxy, goal, { signal, ...(lookup !== undefined && { lookup }) });
    case "socks5:":
      return connectBySocks(server, proxy, goal, { signal, ...(lookup !== undefined && { lookup }) });
    default:
      throw new Error(`proxy: unknown scheme: ${server.protocol.slice(0, -1)}`);
  }
}

const written = ({ host, port }: Goal): string => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);

type How = { readonly signal: AbortSignal; readonly lookup?: LookupFunction };

function connectByMethod(server: URL, proxy: HttpProxy, goal: Goal, how: How): Promise<Socket> {
  const secure = server.protocol === "https:";
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? tlsRequest : request)({
      method: "CONNECT",
      hostname: hostOf(server),
      port: server.port || (secure ? "443" : "80"),
      path: written(goal),
      headers: { host: written(goal), ...proxyHeaders(proxy) },
      agent: false,
      ...how,
    });
    outgoing.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      return reject(new Error(answer.statusMessage ?? "the proxy refused"));
    });
    // A proxy that answers CONNECT with a body is none.
    outgoing.on("response", (answer) => {
      answer.destroy();
      reject(new Error(answer.statusMessage ?? "the proxy refused"));
    });
    outgoing.on("error", reject);
    // Node ends it without a word where the proxy speaks of another protocol.
    outgoing.on("close", () => reject(new Error("EOF")));
    outgoing.end();
  });
}

/** Source: RFC 1928, RFC 1929. */
async function connectBySocks(server: URL, proxy: HttpProxy, goal: Goal, how: How): Promise<Socket> {
  const socket = connect({ host: hostOf(server), port: Number(server.port || 1080), ...how });
  const failed = new Promise<never>((_, reject) => socket.once("error", reject).once("close", () => reject(new Error("socks connect: EOF"))));
  failed.catch(() => undefined);
  const read = (length: number): Promise<Buffer> => Promise.race([readExactly(socket, length), failed]);
  try {
    const user = proxy.username ?? "";
    socket.write(user === "" ? Buffer.from([5, 1, 0]) : Buffer.from([5, 2, 0, 2]));
    const chosen = (await read(2))[1];
    if (chosen === 2) {
      const name = Buffer.from(user).subarray(0, 255);
      const word = Buffer.from(proxy.password?.reveal() ?? "").subarray(0, 255);
      socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([word.length]), word]));
      if ((await read(2))[1] !== 0) throw new Error("socks connect: username/password authentication failed");
    } else if (chosen !== 0) throw new Error("socks connect: no acceptable authentication methods");
    const host = Buffer.from(goal.host).subarray(0, 255);
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), host, Buffer.from([goal.port >> 8, goal.port & 255])]));
    const head = await read(5);
    if (head[1] !== 0) throw new Error(`socks connect: refused with code ${head[1]}`);
    const rest = head[3] === 1 ? 5 : head[3] === 4 ? 17 : (head[4] ?? 0) + 2;
    await read(rest);
    socket.removeAllListeners("close");
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function readExactly(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const take = (): void => {
      const bytes = socket.read(length);
      if (bytes === null) return;
      socket.off("readable", take);
      resolve(bytes);
    };
    socket.on("readable", take);
    take();
  });
}
