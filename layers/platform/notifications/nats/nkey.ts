import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** A key pair of NATS, by which a client proves who it is. */
export type NatsKey = {
  /** `U…`: what the server knows. */
  readonly publicKey: string;
  /** The signature of what the server wants signed, as base64url. */
  sign(nonce: string): string;
};

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SEED_PREFIX = 18 << 3;
/** Prefix (two bytes), the seed of Ed25519 and a checksum. */
const SEED_BYTES = 2 + 32 + 2;
/** What comes before the 32 bytes of a seed in PKCS #8. Source: RFC 8410, section 7. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key out of its seed, `SU…`. A problem never shows the seed. Source: nats-io/nkeys, "strkey" encoding. */
export function parseNatsSeed(text: string): Result<NatsKey> {
  const bytes = decodeBase32(text.trim());
  if (bytes === undefined) return problem("nkeys: invalid encoding of a seed");
  if (bytes.length !== SEED_BYTES || (bytes.readUInt8(0) & 0xf8) !== SEED_PREFIX) return problem("nkeys: invalid seed");
  if (bytes.readUInt16LE(SEED_BYTES - 2) !== crc16(bytes.subarray(0, -2))) return problem("nkeys: invalid checksum");
  const kind = ((bytes.readUInt8(0) & 7) << 5) | (bytes.readUInt8(1) >> 3);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, bytes.subarray(2, -2)]), format: "der", type: "pkcs8" });
  return ok({ publicKey: encodePublic(kind, key), sign: (nonce) => sign(null, Buffer.from(nonce), key).toString("base64url") });
}

function encodePublic(kind: number, key: KeyObject): string {
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const body = Buffer.concat([Buffer.from([kind]), raw]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(body));
  return encodeBase32(Buffer.concat([body, checksum]));
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** RFC 4648 without padding; undefined for letters that are not in it. */
function decodeBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of text) {
    const five = ALPHABET.indexOf(letter);
    if (five < 0) return undefined;
    value = ((value << 5) | five) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}

function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let [bits, value] = [0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET.charAt((value >> (bits - 5)) & 31);
  }
  return bits === 0 ? text : text + ALPHABET.charAt((value << (5 - bits)) & 31);
}
