import { createECDH, createHash, createHmac, type KeyObject } from "node:crypto";
import { integer, sequence } from "./der.ts";
import { inverseModulo } from "./primes.ts";

type Curve = { readonly order: bigint; readonly size: number; readonly jwk: string; readonly hash: "sha256" | "sha384" | "sha512"; readonly signature: string };

/** By the names that OpenSSL has for them. */
export const CURVES = {
  prime256v1: {
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    size: 32,
    jwk: "P-256",
    hash: "sha256",
    signature: "1.2.840.10045.4.3.2",
  },
  secp384r1: {
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    size: 48,
    jwk: "P-384",
    hash: "sha384",
    signature: "1.2.840.10045.4.3.3",
  },
  secp521r1: {
    order: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    size: 66,
    jwk: "P-521",
    hash: "sha512",
    signature: "1.2.840.10045.4.3.4",
  },
} as const satisfies Readonly<Record<string, Curve>>;

export type CurveName = keyof typeof CURVES;
export const isCurve = (name: string | undefined): name is CurveName => name !== undefined && Object.hasOwn(CURVES, name);

/** A signature without chance: OpenSSL would draw a number of its own, and the same seed would make another certificate. Source: RFC 6979. */
export function signEcdsa(message: Uint8Array, key: KeyObject, name: CurveName): Uint8Array {
  const curve: Curve = CURVES[name];
  const secret = BigInt(`0x${Buffer.from(String(key.export({ format: "jwk" }).d), "base64url").toString("hex")}`);
  const hash = createHash(curve.hash).update(message).digest();
  const digest = leftmost(hash, curve.order);
  const next = nonces(hash, secret, curve);
  for (;;) {
    const nonce = next();
    const r = abscissa(name, nonce, curve) % curve.order;
    const s = (inverseModulo(nonce, curve.order) * (digest + r * secret)) % curve.order;
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}

const bitsOf = (value: bigint): number => value.toString(2).length;
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);

/** As many bits as the order has. */
function leftmost(bytes: Uint8Array, order: bigint): bigint {
  const excess = 8 * bytes.length - bitsOf(order);
  return excess > 0 ? numberOf(bytes) >> BigInt(excess) : numberOf(bytes);
}

const fixed = (value: bigint, size: number): Buffer => Buffer.from(value.toString(16).padStart(2 * size, "0"), "hex");

function nonces(hash: Uint8Array, secret: bigint, { order, size, hash: algorithm }: Curve): () => bigint {
  let value: Uint8Array = new Uint8Array(hash.length).fill(1);
  let key: Uint8Array = new Uint8Array(hash.length);
  const mac = (...parts: readonly Uint8Array[]): Uint8Array => createHmac(algorithm, key).update(Buffer.concat(parts)).digest();
  const mix = (mark: number, ...parts: readonly Uint8Array[]): void => {
    key = mac(value, Uint8Array.of(mark), ...parts);
    value = mac(value);
  };
  const known = [fixed(secret, size), fixed(leftmost(hash, order) % order, size)];
  mix(0, ...known);
  mix(1, ...known);
  let isFirst = true;
  return () => {
    for (;;) {
      if (!isFirst) mix(0);
      isFirst = false;
      const drawn: Uint8Array[] = [];
      for (let length = 0; length < size; length += value.length) {
        value = mac(value);
        drawn.push(value);
      }
      const nonce = leftmost(Buffer.concat(drawn).subarray(0, size), order);
      if (nonce > 0n && nonce < order) return nonce;
    }
  };
}

/** Of the point that is so many times the base point. */
function abscissa(name: CurveName, times: bigint, { size }: Curve): bigint {
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(fixed(times, size));
  return numberOf(ecdh.getPublicKey().subarray(1, 1 + size));
}
