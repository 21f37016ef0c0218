import { createHash } from "node:crypto";

export const hexDigest = (algorithm: "sha1" | "sha256" | "sha512", bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest("hex");

const MODULUS = 65_521;

/** Adler-32 as a decimal number. Source: RFC 1950; sprig's adler32sum. */
export function adler32(bytes: Uint8Array): string {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % MODULUS;
    high = (high + low) % MODULUS;
  }
  return (high * 65_536 + low).toString();
}
