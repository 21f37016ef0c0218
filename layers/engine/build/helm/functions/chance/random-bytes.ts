import { createHash } from "node:crypto";

/** Gives as many random bytes as are wanted, other ones each time. */
export type RandomBytes = (count: number) => Uint8Array;

/** Bytes that only who knows `seed` can foretell; the same ones for the same seed and `purpose`. */
export function createRandomBytes(seed: Uint8Array, purpose: string): RandomBytes {
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;
  let count = 0;
  const next = (): number => {
    if (used === block.length) {
      block = createHash("sha256").update(seed).update(`${purpose}\0${count}`).digest();
      count++;
      used = 0;
    }
    return block[used++] ?? 0;
  };
  return (wanted) => Uint8Array.from({ length: wanted }, next);
}

/** A number from 0 to `below` - 1, each as likely as any other. */
export function randomBelow(bytes: RandomBytes, below: bigint): bigint {
  const width = Math.ceil(below.toString(16).length / 2);
  const room = 256n ** BigInt(width);
  const limit = room - (room % below);
  for (;;) {
    const value = BigInt(`0x${Buffer.from(bytes(width)).toString("hex")}`);
    if (value < limit) return value % below;
  }
}
