import { constants, createPublicKey, type KeyObject, type VerifyKeyObjectInput, verify } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { Token } from "./token.ts";

type Algorithm = {
  /** `kty` of the keys that can be used with it. */
  readonly keyType: "RSA" | "EC" | "OKP";
  /** Absent: the algorithm has its own. */
  readonly hash?: "sha256" | "sha384" | "sha512";
  readonly curve?: string;
  readonly options?: Omit<VerifyKeyObjectInput, "key">;
};

const rsa = (hash: "sha256" | "sha384" | "sha512"): Algorithm => ({ keyType: "RSA", hash, options: { padding: constants.RSA_PKCS1_PADDING } });
const pss = (hash: "sha256" | "sha384" | "sha512"): Algorithm => ({
  keyType: "RSA",
  hash,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});
const ec = (hash: "sha256" | "sha384" | "sha512", curve: string): Algorithm => ({ keyType: "EC", hash, curve, options: { dsaEncoding: "ieee-p1363" } });

/** With a public and a private key, all of them: `none` proves nothing, and with an HMAC whoever knows the public key could sign. Source: RFC 7518 §3.1, RFC 8037. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ["RS256", rsa("sha256")],
  ["RS384", rsa("sha384")],
  ["RS512", rsa("sha512")],
  ["PS256", pss("sha256")],
  ["PS384", pss("sha384")],
  ["PS512", pss("sha512")],
  ["ES256", ec("sha256", "P-256")],
  ["ES384", ec("sha384", "P-384")],
  ["ES512", ec("sha512", "P-521")],
  ["EdDSA", { keyType: "OKP", curve: "Ed25519" }],
]);

export const isKnownAlgorithm = (name: string): boolean => ALGORITHMS.has(name);

const LEAST_RSA_BITS = 2048;

/** Whether `key`, a JSON Web Key of the issuer, made the token's signature; a key of another kind than the token's algorithm wants did not. */
export function isSignedBy({ algorithm: name, signed, signature }: Token, key: Json): boolean {
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined || !isObject(key) || !isMeantFor(key, name, algorithm)) return false;
  const publicKey = publicKeyOf(key, algorithm);
  if (publicKey === undefined) return false;
  return verify(algorithm.hash, signed, { ...algorithm.options, key: publicKey }, signature);
}

/** Source: RFC 7517 §4: `use` and `alg` say what the key may be used for, where they are there. */
const isMeantFor = (key: JsonObject, name: string, { keyType, curve }: Algorithm): boolean =>
  key.kty === keyType && (curve === undefined || key.crv === curve) && (key.use ?? "sig") === "sig" && (key.alg ?? name) === name;

function publicKeyOf(jwk: JsonObject, { keyType }: Algorithm): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: publicParts(jwk, keyType), format: "jwk" });
    return keyType !== "RSA" || (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS ? key : undefined;
  } catch {
    return undefined; // parts are missing, or of a form that nobody can read
  }
}

const PUBLIC_PARTS = { RSA: ["kty", "n", "e"], EC: ["kty", "crv", "x", "y"], OKP: ["kty", "crv", "x"] };

/** Only the public part is taken of a key, whatever else stands there. */
const publicParts = (jwk: JsonObject, keyType: Algorithm["keyType"]): { readonly [part: string]: string } =>
  Object.fromEntries(PUBLIC_PARTS[keyType].flatMap((part) => (typeof jwk[part] === "string" ? [[part, jwk[part]]] : [])));
