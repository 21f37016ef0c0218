import { createHmac } from "node:crypto";
import { isSame } from "./constant-time.ts";

export type HashName = "sha1" | "sha256" | "sha512";

/** In lower-case hex. */
export const hmacOf = (hash: HashName, key: Uint8Array, body: Uint8Array): string => createHmac(hash, key).update(body).digest("hex");

/** `sha256=<hex>`, with sha1 and sha512 too, is the HMAC of `body`. The name is in small letters, the hex in either case. Source: reference 4.4, generic-hmac. */
export function isSignedAs(signature: string, key: Uint8Array, body: Uint8Array): boolean {
  const [, hash, hex = ""] = /^(sha1|sha256|sha512)=([0-9a-fA-F]+)$/.exec(signature) ?? [];
  if (hash !== "sha1" && hash !== "sha256" && hash !== "sha512") return false;
  return isSame(hex.toLowerCase(), hmacOf(hash, key, body));
}
