import { createPrivateKey, type KeyObject } from "node:crypto";

/** Bits of an RSA key's modulus. With 32,768 a signature takes ten seconds, in which nothing else goes on; with twice as many a minute and a half. */
const LONGEST = 8192;

/** A private key that somebody of a cluster has written, in PEM; undefined when it is none, or takes too long to sign with. */
export function parsePrivateKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) <= LONGEST ? key : undefined;
  } catch {
    // What OpenSSL has against it may quote it.
    return undefined;
  }
}
