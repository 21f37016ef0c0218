import type { IncomingMessage } from "node:http";

/** The body of a request, as far as it is no larger than `most` bytes; the rest of a larger one is left unread. Throws when the sender goes away. */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer | "too large"> {
  const parts: Buffer[] = [];
  let size = 0;
  if (Number(request.headers["content-length"]) > most) return "too large";
  // Without this, leaving the loop would close the connection before anything is answered.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += part.length;
    if (size > most) return "too large";
    parts.push(part);
  }
  return Buffer.concat(parts);
}
