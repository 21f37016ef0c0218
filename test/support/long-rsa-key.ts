import { createPrivateKey } from "node:crypto";

/** A key of RSA in PEM with a modulus of so many bits. It is no good, but OpenSSL would try. */
export function longRsaKey(bits: number): string {
  const number = (count: number): string => Buffer.alloc(count / 8, 0xff).toString("base64url");
  const [whole, half] = [number(bits), number(bits / 2)];
  const key = { kty: "RSA", n: whole, e: "AQAB", d: whole, p: half, q: half, dp: half, dq: half, qi: half };
  return createPrivateKey({ format: "jwk", key }).export({ format: "pem", type: "pkcs8" }).toString();
}
