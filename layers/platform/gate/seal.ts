import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Base64; for one call. */
export const createSealKey = (): string => randomBytes(KEY_BYTES).toString("base64");

/**
 * An answer that goes by S3 may be a LIST of Secrets: it lies there under a key that only its caller has, so that neither who reads the bucket nor an old
 * version of the object knows it, and nobody who writes the bucket can put another in its place.
 */
export function seal(text: string, key: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(key, "base64"), nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Throws when it was not sealed with this key, or changed since. */
export function unseal(bytes: Uint8Array, key: string): string {
  const all = Buffer.from(bytes);
  const decipher = createDecipheriv(CIPHER, Buffer.from(key, "base64"), all.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(all.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(all.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
}
