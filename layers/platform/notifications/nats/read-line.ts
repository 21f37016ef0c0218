import type { Socket } from "node:net";

/** INFO is a few KiB, more with many servers in a cluster. */
const LONGEST_LINE = 256 * 1024;

/** The next line without its end. Nothing behind it is taken, so that TLS can begin there. Throws when the connection ends before it. */
export function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const stop = (): void => {
      socket.off("readable", take).off("error", fail).off("close", hangUp).off("end", hangUp);
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    const hangUp = (): void => fail(new Error("EOF"));
    const take = (): void => {
      const line = takeLine(socket, parts);
      if (line !== undefined) {
        stop();
        resolve(line);
      } else if (parts.reduce((size, part) => size + part.length, 0) > LONGEST_LINE) fail(new Error("nats: the server's line is too long"));
      else if (socket.readableEnded || socket.destroyed) hangUp();
    };
    socket.on("readable", take).on("error", fail).on("close", hangUp).on("end", hangUp);
    take();
  });
}

/** Moves what has arrived into `parts`, up to the end of a line; the line, once it is whole. */
function takeLine(socket: Socket, parts: Buffer[]): string | undefined {
  for (;;) {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return undefined;
    const end = bytes.indexOf("\n");
    parts.push(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) continue;
    if (end + 1 < bytes.length) socket.unshift(bytes.subarray(end + 1));
    return Buffer.concat(parts).toString().replace(/\r$/, "");
  }
}
