import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** One packet of git's protocol: a payload, or one of the three that only mark an end. Source: git, gitprotocol-common. */
export type Packet = { readonly kind: "data"; readonly bytes: Uint8Array } | { readonly kind: "flush" | "delimiter" | "end" };

export const FLUSH = "0000";
export const DELIMITER = "0001";

/** `line` with its length in front: `0006a\n`. */
export const packetLine = (line: string): string => (Buffer.byteLength(line) + 4).toString(16).padStart(4, "0") + line;

/** All packets of an answer. */
export function parsePackets(bytes: Uint8Array): Result<readonly Packet[]> {
  const packets: Packet[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length; ) {
    const digits = buffer.toString("latin1", at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return problem(`invalid pkt-len found`);
    const length = Number.parseInt(digits, 16);
    if (length < 4) {
      if (length === 3) return problem(`invalid pkt-len found`);
      packets.push({ kind: length === 0 ? "flush" : length === 1 ? "delimiter" : "end" });
      at += 4;
      continue;
    }
    if (at + length > buffer.length) return problem("unexpected EOF");
    packets.push({ kind: "data", bytes: buffer.subarray(at + 4, at + length) });
    at += length;
  }
  return ok(packets);
}

/** The payload as text, without the line end. */
export const textOf = (packet: Packet): string => (packet.kind === "data" ? Buffer.from(packet.bytes).toString("utf8").replace(/\n$/, "") : "");
