import { createServer, type Server, type Socket } from "node:net";
import { PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { afterAll, describe, expect, it } from "vitest";
import { SAMPLES, sampleNotification } from "../../../support/notifications/samples.ts";

const TYPES = PROVIDER_TYPES.filter((type) => SAMPLES[type].builtIn !== true && type !== "azureeventhub");
/** Those of git servers read answers of some megabytes, all in the same way. */
const ONE_OF_GIT = TYPES.filter((type) => type === "github" || !/^(?:git|bitbucket|azuredevops)/.test(type));
const CHUNK = `10000\r\n${"x".repeat(0x10000)}\r\n`;

/** Writes on until the other side has had enough. */
function endless(socket: Socket, head: string, part: string): void {
  socket.write(head);
  const more = (): void => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on("drain", more);
  more();
}

/** `patient`: the attempt ends by its own signal, which the test fires. */
const LIES: readonly { readonly name: string; readonly lie: (socket: Socket) => void; readonly patient?: true; readonly long?: true }[] = [
  { name: "an endless body of 200", lie: (socket) => endless(socket, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", CHUNK), long: true },
  { name: "an endless body of 400", lie: (socket) => endless(socket, "HTTP/1.1 400 No\r\ntransfer-encoding: chunked\r\n\r\n", CHUNK), long: true },
  {
    name: "an endless body of 503",
    lie: (socket) => endless(socket, "HTTP/1.1 503 No\r\nretry-after: 99999999\r\ntransfer-encoding: chunked\r\n\r\n", CHUNK),
    long: true,
  },
  { name: "endless headers", lie: (socket) => endless(socket, "HTTP/1.1 200 OK\r\n", `x-more: ${"y".repeat(1000)}\r\n`) },
  { name: "no HTTP", lie: (socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n") },
  { name: "two lengths", lie: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello") },
  { name: "less than it promised", lie: (socket) => socket.end("HTTP/1.1 400 No\r\ncontent-length: 500\r\n\r\nhello") },
  { name: "another protocol", lie: (socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n") },
  { name: "a redirect to itself", lie: (socket) => socket.end("HTTP/1.1 307 There\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n") },
  { name: "a redirect to a file", lie: (socket) => socket.end("HTTP/1.1 307 There\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n") },
  { name: "a gzip bomb", lie: (socket) => socket.end("HTTP/1.1 400 No\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00") },
  { name: "signs for a terminal", lie: (socket) => socket.end("HTTP/1.1 400 No\r\ncontent-length: 9\r\n\r\n\x1b[2J\x07\x00ab\x9b") },
  { name: "100 Continue, on and on", lie: (socket) => void socket.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(50)) },
  { name: "slow headers", lie: (socket) => void socket.write("HTTP/1.1 200 OK\r\nx-slow: "), patient: true },
  { name: "a body that never ends to come", lie: (socket) => void socket.write("HTTP/1.1 400 No\r\ncontent-length: 50\r\n\r\nslow"), patient: true },
  { name: "silence", lie: () => undefined, patient: true },
];

const http = createHttp();
const notifier = createNotifier({
  http,
  dial: createDial(),
  aws: () => ({ send: () => Promise.reject(new Error("this test has no AWS")) }),
  now: () => epochMs(Date.UTC(2026, 0, 2)),
  random: (bytes) => new Uint8Array(bytes),
  hostname: "host",
});
const started: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
afterAll(async () => {
  http.close();
  for (const { server, sockets } of started) {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  }
});

/** A server that answers every request with its lie; `asked` counts those that wait for it. */
async function startLiar(lie: (socket: Socket) => void): Promise<{ readonly origin: string; readonly asked: () => number }> {
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on("error", () => undefined)
      .once("data", () => {
        asked++;
        lie(socket);
      });
    socket.resume();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  started.push({ server, sockets });
  const address = server.address();
  return { origin: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, asked: () => asked };
}

/** NATS waits for the server's first word, which never comes: its attempt ends by the signal. */
const waits = (type: string, patient: boolean): boolean => patient || type === "nats";

describe.each(LIES)("a provider that answers with $name", ({ lie, patient = false, long = false }) => {
  it("costs one bounded attempt, whatever its type", async () => {
    const { origin, asked } = await startLiar(lie);
    const end = new AbortController();
    const types = long ? ONE_OF_GIT : TYPES;
    const waiting = types.filter((type) => waits(type, patient)).length;
    const attempts = types.map(async (type) => ({
      type,
      answer: await notifier.send(sampleNotification(type, origin), waits(type, patient) ? end.signal : signal),
    }));
    // NATS does not ask before it is greeted.
    await expect.poll(asked, { interval: 5 }).toBeGreaterThanOrEqual(patient ? waiting - 1 : 0);
    end.abort();
    for (const { type, answer } of await Promise.all(attempts)) expect({ type, words: boundedWords(answer) }).toEqual({ type, words: "bounded" });
  });
});
const signal = new AbortController().signal;

function boundedWords(answer: NotifierAnswer): string {
  const words = Object.values(answer).filter((value) => typeof value === "string");
  if (words.some((text) => text.length > 20_000)) return "too long";
  return words.some((text) => /(?![\n\t])\p{Cc}/u.test(text)) ? JSON.stringify(words) : "bounded";
}
