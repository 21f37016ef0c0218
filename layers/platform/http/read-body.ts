import type { IncomingMessage } from "node:http";

type Limits = { readonly maxBytes: number | ((status: number) => number); readonly cut?: boolean };

/** What nobody reads is taken from the connection that far and that long, so that it can be used again. */
const DRAINED_BYTES = 64 * 1024;
const DRAIN_MS = 1_000;

/** The body of an answer, within its limits. Throws when it is longer and must not be cut. */
export async function readBody(incoming: IncomingMessage, { maxBytes, cut = false }: Limits): Promise<Uint8Array> {
  const limit = typeof maxBytes === "number" ? maxBytes : maxBytes(incoming.statusCode ?? 0);
  if (limit === 0 && cut) {
    drain(incoming);
    return new Uint8Array();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of incoming) {
    const bytes: Uint8Array = part;
    size += bytes.length;
    parts.push(bytes);
    if (size <= limit) continue;
    incoming.destroy();
    if (cut) return Buffer.concat(parts, limit);
    throw Object.assign(new Error(`the answer is larger than ${limit} bytes`), { code: "TOO_LARGE" });
  }
  return Buffer.concat(parts, size);
}

/** An endless or slow body costs the connection, and nobody waits for it. */
function drain(incoming: IncomingMessage): void {
  let size = 0;
  const late = setTimeout(() => incoming.destroy(), DRAIN_MS);
  late.unref();
  incoming
    .on("data", (part: Uint8Array) => {
      size += part.length;
      if (size > DRAINED_BYTES) incoming.destroy();
    })
    .on("error", () => undefined)
    .on("close", () => clearTimeout(late));
}
