import { createCipheriv, createDecipheriv } from "node:crypto";
import { bytesOf, stringOf } from "../../go/bytes.ts";
import { failure, GoPanic, type GoResult } from "../../go/result.ts";
import { decodeBase64 } from "../encoding/base64.ts";

const BLOCK = 16;
const KEY = 32;

/** The first 32 bytes; zeros where there are fewer. */
function keyOf(password: string): Uint8Array {
  const key = new Uint8Array(KEY);
  key.set(bytesOf(password).subarray(0, KEY));
  return key;
}

/** In AES-256-CBC behind `iv`, in base64; nothing stays nothing. Source: sprig crypto.go. */
export function encryptAes(password: string, text: string, iv: Uint8Array): string {
  if (text === "") return "";
  const cipher = createCipheriv("aes-256-cbc", keyOf(password), iv);
  return Buffer.concat([iv, cipher.update(bytesOf(text)), cipher.final()]).toString("base64");
}

/** What Go does with bytes that were not enciphered so: it panics, or cuts off what the last byte says. */
export function decryptAes(password: string, text: string): GoResult {
  if (text === "") return "";
  const decoded = decodeBase64(text);
  if (!decoded.ok) return failure(decoded.problem);
  const { bytes } = decoded;
  const capacity = Math.floor(text.length / 4) * 3;
  if (capacity < BLOCK) throw new GoPanic(`runtime error: slice bounds out of range [:${BLOCK}] with capacity ${capacity}`);
  if (bytes.length < BLOCK) throw new GoPanic(`runtime error: slice bounds out of range [${BLOCK}:${bytes.length}]`);
  const sealed = bytes.subarray(BLOCK);
  if (sealed.length % BLOCK !== 0) throw new GoPanic("crypto/cipher: input not full blocks");
  if (sealed.length === 0) throw new GoPanic("runtime error: index out of range [-1]");
  const decipher = createDecipheriv("aes-256-cbc", keyOf(password), bytes.subarray(0, BLOCK)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);
  const end = plain.length - (plain.at(-1) ?? 0);
  if (end < 0) throw new GoPanic(`runtime error: slice bounds out of range [:${end}]`);
  return stringOf(plain.subarray(0, end));
}
