import { createECDH, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { ok, problem, type Result } from "../../../../domain/result.ts";
import { spend } from "../../../work.ts";
import { type RandomBytes, randomBelow } from "../chance/random-bytes.ts";
import { bigEndian, integer, sequence } from "./der.ts";
import { CURVES } from "./ecdsa.ts";
import { readPem, writePem } from "./pem.ts";
import { drawPrime, firstPrime, inverseModulo, powerModulo } from "./primes.ts";
import { integerOf, readDer } from "./read-der.ts";

/** A key as sprig has it. DSA is only passed through: Go signs nothing with it. */
export type PrivateKey = { readonly kind: "rsa" | "ec" | "ed25519"; readonly key: KeyObject } | { readonly kind: "dsa"; readonly numbers: readonly bigint[] };

const EXPONENT = 65_537n;
/** Primes take long to be found. */
const STEPS_OF_RSA: ReadonlyMap<number, number> = new Map([
  [2048, 8_000_000],
  [4096, 40_000_000],
]);
const STEPS_OF_DSA = 20_000_000;
const STEPS_OF_CURVE = 20_000;

export function drawRsaKey(bytes: RandomBytes, bits: 2048 | 4096): PrivateKey {
  spend(STEPS_OF_RSA.get(bits) ?? 0);
  const isWanted = (prime: bigint): boolean => prime % EXPONENT !== 1n;
  const p = drawPrime(bytes, bits / 2, isWanted);
  const q = drawPrime(bytes, bits / 2, (prime) => prime !== p && isWanted(prime));
  const d = inverseModulo(EXPONENT, (p - 1n) * (q - 1n));
  const jwk: JsonWebKey = {
    kty: "RSA",
    n: base64url(p * q),
    e: base64url(EXPONENT),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverseModulo(q, p)),
  };
  return { kind: "rsa", key: createPrivateKey({ key: jwk, format: "jwk" }) };
}

const base64url = (value: bigint): string => Buffer.from(bigEndian(value)).toString("base64url");

/** On the curve P-256. */
export function drawEcKey(bytes: RandomBytes): PrivateKey {
  spend(STEPS_OF_CURVE);
  const { order, size, jwk } = CURVES.prime256v1;
  const secret = 1n + randomBelow(bytes, order - 1n);
  const ecdh = createECDH("prime256v1");
  const d = Buffer.from(secret.toString(16).padStart(2 * size, "0"), "hex");
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  const key: JsonWebKey = { kty: "EC", crv: jwk, x: x.toString("base64url"), y: y.toString("base64url"), d: d.toString("base64url") };
  return { kind: "ec", key: createPrivateKey({ key, format: "jwk" }) };
}

/** What stands before the 32 bytes of a key in PKCS #8. */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export function drawEd25519Key(bytes: RandomBytes): PrivateKey {
  spend(STEPS_OF_CURVE);
  return { kind: "ed25519", key: createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, bytes(32)]), format: "der", type: "pkcs8" }) };
}

const DSA_P_BITS = 2048;
const DSA_Q_BITS = 256;

export function drawDsaKey(bytes: RandomBytes): PrivateKey {
  spend(STEPS_OF_DSA);
  const q = drawPrime(bytes, DSA_Q_BITS, () => true);
  let p: bigint | undefined;
  while (p === undefined) {
    const start = (1n << BigInt(DSA_P_BITS - 1)) + randomBelow(bytes, 1n << BigInt(DSA_P_BITS - 2));
    // One more than an even multiple of q.
    p = firstPrime(start - (start % (2n * q)) + 2n * q + 1n, 2n * q, DSA_P_BITS, () => true);
  }
  let g = 1n;
  for (let h = 2n; g === 1n; h++) g = powerModulo(h, (p - 1n) / q, p);
  const x = 1n + randomBelow(bytes, q - 1n);
  return { kind: "dsa", numbers: [p, q, g, powerModulo(g, x, p), x] };
}

/** In the form that sprig writes each kind in. */
export function writePrivateKey(key: PrivateKey): string {
  switch (key.kind) {
    case "rsa":
      return writePem("RSA PRIVATE KEY", key.key.export({ format: "der", type: "pkcs1" }));
    case "ec":
      return writePem("EC PRIVATE KEY", key.key.export({ format: "der", type: "sec1" }));
    case "ed25519":
      return writePem("PRIVATE KEY", key.key.export({ format: "der", type: "pkcs8" }));
    case "dsa":
      return writePem("DSA PRIVATE KEY", sequence(integer(0n), ...key.numbers.map(integer)));
  }
}

/** The key in a text. Source: sprig crypto.go, parsePrivateKeyPEM; what is wrong inside of DER is said in less words than Go has. */
export function parsePrivateKey(text: string): Result<PrivateKey> {
  const block = readPem(text);
  if (block === undefined) return problem("no PEM data in input");
  const { label, bytes } = block;
  if (label === "PRIVATE KEY") {
    const key = load(bytes, "pkcs8");
    return key === undefined ? problem("decoding PEM as PKCS#8: asn1: structure error") : ok(key);
  }
  if (!label.endsWith(" PRIVATE KEY")) return problem(`no private key data in PEM block of type ${label}`);
  switch (label.slice(0, -" PRIVATE KEY".length)) {
    case "RSA":
      return named("RSA", load(bytes, "pkcs1"));
    case "EC":
      return named("EC", load(bytes, "sec1"));
    case "DSA":
      return named("DSA", readDsa(bytes));
    default:
      return problem(`invalid private key type ${label}`);
  }
}

const named = (name: string, key: PrivateKey | undefined): Result<PrivateKey> =>
  key === undefined ? problem(`parsing ${name} private key from PEM: asn1: structure error`) : ok(key);

function load(bytes: Uint8Array, type: "pkcs1" | "pkcs8" | "sec1"): PrivateKey | undefined {
  try {
    const key = createPrivateKey({ key: Buffer.from(bytes), format: "der", type });
    if (key.asymmetricKeyType === "rsa") return { kind: "rsa", key };
    if (key.asymmetricKeyType === "ec") return { kind: "ec", key };
    return key.asymmetricKeyType === "ed25519" ? { kind: "ed25519", key } : undefined;
  } catch {
    // OpenSSL's way of saying that it is no such key.
    return undefined;
  }
}

function readDsa(bytes: Uint8Array): PrivateKey | undefined {
  const [outer] = readDer(bytes) ?? [];
  const parts = outer === undefined ? undefined : readDer(outer.content);
  if (parts === undefined || parts.length !== 6 || parts.some(({ tag }) => tag !== 0x02)) return undefined;
  return { kind: "dsa", numbers: parts.slice(1).map(integerOf) };
}

/** The public half, as certificates carry it. */
export const publicDer = (key: KeyObject): Uint8Array => createPublicKey(key).export({ format: "der", type: "spki" });
