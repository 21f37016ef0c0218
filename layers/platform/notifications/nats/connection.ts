import { isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Dial } from "../../http/dial.ts";
import { goWords, type Silence } from "../../http/go-words.ts";
import { readLine } from "./read-line.ts";
import type { NatsServer } from "./servers.ts";
import type { SignIn } from "./sign-in.ts";

/** What became of a message. `refused`: the server answered, and would answer the same again. */
export type Published =
  | { readonly kind: "published" }
  | { readonly kind: "refused"; readonly stage: Stage; readonly problem: string }
  | { readonly kind: "silent"; readonly stage: Stage; readonly problem: string };

export type Stage = "connecting" | "publishing";

export type NatsMessage = { readonly subject: string; readonly payload: Uint8Array };

type NatsOptions = {
  readonly dial: Dial;
  readonly signal: AbortSignal;
  /** Fires when the server has been waited for long enough, as long as it has nothing to publish yet. */
  readonly connectBy?: AbortSignal;
  readonly signIn: SignIn;
};

/** What a server says when there is no room for us now. Source: NATS documentation, "System Errors". */
const PASSING = /connections exceeded|server shutdown|stale connection|slow consumer|timeout/i;

/**
 * Publishes one message and waits until the server has dealt with it: CONNECT and PING, then PUB and PING; a PONG comes behind what was said before it.
 * TLS begins after INFO where the address or the server asks for it, with what the system trusts. Source: NATS documentation, "Client Protocol".
 */
export async function publishToNats(server: NatsServer, message: NatsMessage, { dial, connectBy, signIn, ...options }: NatsOptions): Promise<Published> {
  let stage: Stage = "connecting";
  const late = new AbortController();
  connectBy?.addEventListener("abort", () => {
    if (stage === "connecting") late.abort();
  });
  const signal = AbortSignal.any([options.signal, late.signal]);
  const dialed = await dial({ host: server.host, port: server.port, signal });
  if (dialed.kind === "silent") return ofSilence("connecting", dialed);
  let socket = withoutUnheardErrors(dialed.socket);
  try {
    const greeting = await readLine(socket);
    const info = parseInfo(greeting);
    if (info === undefined) return { kind: "refused", stage, problem: "nats: expected INFO as the server's first word" };
    if (message.payload.length > info.maxPayload) return { kind: "refused", stage: "publishing", problem: "nats: maximum payload exceeded" };
    if (server.secure || info.tlsRequired) socket = await secured(socket, server.host);
    const connect = { ...FIXED, tls_required: server.secure || info.tlsRequired, ...server.signIn, ...signIn(info.nonce) };
    const denied = await ask(socket, `CONNECT ${JSON.stringify(connect)}\r\nPING\r\n`);
    if (denied !== undefined) return unlessPassing(stage, denied);
    stage = "publishing";
    const publish = Buffer.concat([Buffer.from(`PUB ${message.subject} ${message.payload.length}\r\n`), message.payload, Buffer.from("\r\nPING\r\n")]);
    const complaint = await ask(socket, publish);
    return complaint === undefined ? { kind: "published" } : unlessPassing(stage, complaint);
  } catch (error) {
    return ofSilence(stage, goWords(error, signal, false));
  } finally {
    socket.destroy();
    dialed.socket.destroy();
  }
}

/** Recorded: the name, and that nothing is to be confirmed but by PONG. */
const FIXED = { verbose: false, pedantic: false, name: "NATS Provider Publisher", lang: "typescript", version: "1", protocol: 1, echo: true };

const ofSilence = (stage: Stage, { words, lasting }: Silence): Published => ({ kind: lasting === true ? "refused" : "silent", stage, problem: words });

const unlessPassing = (stage: Stage, problem: string): Published => ({
  kind: PASSING.test(problem) ? "silent" : "refused",
  stage,
  problem: `nats: ${problem}`,
});

type Info = { readonly nonce: string; readonly maxPayload: number; readonly tlsRequired: boolean };

function parseInfo(line: string): Info | undefined {
  const info = /^INFO\s/i.test(line) ? parseObject(line.slice("INFO ".length)) : undefined;
  if (info === undefined) return undefined;
  const { nonce, max_payload: maxPayload, tls_required: tlsRequired } = info;
  return {
    nonce: typeof nonce === "string" ? nonce : "",
    maxPayload: typeof maxPayload === "number" ? maxPayload : Number.POSITIVE_INFINITY,
    tlsRequired: tlsRequired === true,
  };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Servers have a few to say; one that went on would keep us busy. */
const MOST_LINES = 100;

/** Says something that ends with PING; what the server complained of before its PONG, or nothing. */
async function ask(socket: Socket, words: string | Uint8Array): Promise<string | undefined> {
  socket.write(words);
  let complaint: string | undefined;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    // A server that complains may hang up instead of a PONG.
    const line = await readLine(socket).catch((error: unknown) => (complaint === undefined ? Promise.reject(error) : "PONG"));
    const [word = ""] = line.split(/\s/, 1);
    if (word.toUpperCase() === "PONG") return complaint;
    if (word.toUpperCase() === "PING") socket.write("PONG\r\n");
    if (word.toUpperCase() === "-ERR") complaint ??= line.slice("-ERR".length).trim().replace(/^'|'$/g, "");
  }
  throw new Error("nats: the server never comes to its PONG");
}

function secured(socket: Socket, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = withoutUnheardErrors(connectSecurely({ socket, ...(isIP(host) === 0 ? { servername: host } : { host }) }));
    secure.once("secureConnect", () => resolve(secure)).once("error", reject);
  });
}

/** Between two lines nobody listens; the next reader finds the socket closed. */
const withoutUnheardErrors = <Connection extends Socket>(socket: Connection): Connection => socket.on("error", () => {});
