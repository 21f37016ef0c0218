import { generateKeyPairSync } from "node:crypto";
import { parsePrivateKey } from "@sluice/platform/keys/private-key.ts";
import { describe, expect, it } from "vitest";
import { longRsaKey } from "../../../support/long-rsa-key.ts";

const pemOf = (key: { export(options: { format: "pem"; type: "pkcs8" }): string | Buffer }): string => key.export({ format: "pem", type: "pkcs8" }).toString();

describe("a private key", () => {
  it.each([
    { name: "of RSA", pem: pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey), type: "rsa" },
    { name: "of an elliptic curve", pem: pemOf(generateKeyPairSync("ed25519").privateKey), type: "ed25519" },
    { name: "as long as any in use", pem: longRsaKey(8192), type: "rsa" },
  ])("$name is one", ({ pem, type }) => expect(parsePrivateKey(pem)?.asymmetricKeyType).toBe(type));

  it.each([
    { name: "that would take minutes to sign with", pem: longRsaKey(65_536) },
    { name: "that is none", pem: "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----" },
    { name: "without a word", pem: "" },
  ])("$name is none", ({ pem }) => expect(parsePrivateKey(pem)).toBeUndefined());
});
