import type { EpochMs } from "../../../domain/time.ts";
import { spend } from "../../work.ts";
import { printed } from "../go/print-value.ts";
import { failure, type GoResult } from "../go/result.ts";
import { STRING, structType } from "../go/type.ts";
import { type GoSlice, type GoStruct, type GoValue, goStruct } from "../go/value.ts";
import { ARG, argOf, type GoFunction, goFunction } from "../template/functions.ts";
import { type CertificateTemplate, createCertificate, type Issuer, readIssuer } from "./certificates/certificate.ts";
import { parseIpAddress } from "./certificates/ip-address.ts";
import { readPem, writePem } from "./certificates/pem.ts";
import { drawDsaKey, drawEcKey, drawEd25519Key, drawRsaKey, type PrivateKey, parsePrivateKey, writePrivateKey } from "./certificates/private-key.ts";
import { createRandomBytes, randomBelow } from "./chance/random-bytes.ts";
import { decodeBase64 } from "./encoding/base64.ts";

/** What the functions of certificates answer: PEM. */
const CERTIFICATE = structType("sprig.certificate");
const certificate = (cert: string, key: string): GoStruct =>
  goStruct(CERTIFICATE, [
    ["Cert", cert],
    ["Key", key],
  ]);

const SERIAL_NUMBERS = 1n << 128n;
const NANOS_OF_DAY = 86_400_000_000_000n;
const STEPS_OF_CERTIFICATE = 100_000;
const STEPS_OF_NAME = 1_000;

/** sprig's functions of keys and certificates: keys and serial numbers are drawn from the seed, and validity begins at `now`. Source: sprig crypto.go. */
export function createCertificateFunctions(seed: Uint8Array, now: EpochMs): ReadonlyMap<string, GoFunction> {
  const bytes = createRandomBytes(seed, "keys");
  const drawn = (): PrivateKey => drawRsaKey(bytes, 2048);

  function template(
    commonName: string,
    addresses: GoSlice | undefined,
    names: GoSlice | undefined,
    days: number,
  ): CertificateTemplate | { readonly go: "failure"; readonly message: string } {
    spend(STEPS_OF_CERTIFICATE + STEPS_OF_NAME * ((addresses?.items.length ?? 0) + (names?.items.length ?? 0)));
    const ips = addressesOf(addresses?.items ?? []);
    if (!Array.isArray(ips)) return ips;
    const dns = namesOf(names?.items ?? []);
    if (!Array.isArray(dns)) return dns;
    const notBefore = Math.floor(now / 1000);
    // Beyond 292 years Go's duration has no room, and comes out as another one.
    const span = BigInt.asIntN(64, BigInt(Math.trunc(days)) * NANOS_OF_DAY);
    const notAfter = Math.floor((now + Number(span / 1_000_000n)) / 1000);
    return { commonName, addresses: ips, names: dns, serial: randomBelow(bytes, SERIAL_NUMBERS), notBefore, notAfter, isAuthority: false };
  }

  function made(made: ReturnType<typeof template>, key: PrivateKey, issuer: Issuer | undefined, signer: PrivateKey, isAuthority = false): GoResult {
    if ("go" in made) return made;
    const der = createCertificate({ ...made, isAuthority }, key, issuer, signer);
    return der.ok ? certificate(writePem("CERTIFICATE", der.value), writePrivateKey(key)) : failure(`error creating certificate: ${der.problem}`);
  }

  function withKey(pem: string, make: (key: PrivateKey) => GoResult): GoResult {
    const key = parsePrivateKey(pem);
    return key.ok ? make(key.value) : failure(`parsing private key: ${key.problem}`);
  }

  const authority = (name: string, days: number, key: PrivateKey): GoResult => made(template(name, undefined, undefined, days), key, undefined, key, true);
  const selfSigned = (name: string, ips: GoSlice, dns: GoSlice, days: number, key: PrivateKey): GoResult =>
    made(template(name, ips, dns, days), key, undefined, key);

  function signed(name: string, ips: GoSlice, dns: GoSlice, days: number, ca: GoValue, key: PrivateKey): GoResult {
    const block = readPem(fieldOf(ca, "Cert"));
    if (block === undefined) return failure("unable to decode certificate");
    const issuer = readIssuer(block.bytes);
    if (issuer === undefined) return failure("error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate");
    const signer = parsePrivateKey(fieldOf(ca, "Key"));
    if (!signer.ok) return failure(`error parsing private key: ${signer.problem}`);
    return made(template(name, ips, dns, days), key, issuer, signer.value);
  }

  const CA = argOf(CERTIFICATE);
  return new Map<string, GoFunction>([
    ["genPrivateKey", goFunction([ARG.string], (kind) => writtenKey(kind, bytes), STRING)],
    ["genCA", goFunction([ARG.string, ARG.int], (name, days) => authority(name, days, drawn()), CERTIFICATE)],
    ["genCAWithKey", goFunction([ARG.string, ARG.int, ARG.string], (name, days, pem) => withKey(pem, (key) => authority(name, days, key)), CERTIFICATE)],
    [
      "genSelfSignedCert",
      goFunction([ARG.string, ARG.list, ARG.list, ARG.int], (name, ips, dns, days) => selfSigned(name, ips, dns, days, drawn()), CERTIFICATE),
    ],
    [
      "genSelfSignedCertWithKey",
      goFunction(
        [ARG.string, ARG.list, ARG.list, ARG.int, ARG.string],
        (name, ips, dns, days, pem) => withKey(pem, (key) => selfSigned(name, ips, dns, days, key)),
        CERTIFICATE,
      ),
    ],
    [
      "genSignedCert",
      goFunction([ARG.string, ARG.list, ARG.list, ARG.int, CA], (name, ips, dns, days, ca) => signed(name, ips, dns, days, ca, drawn()), CERTIFICATE),
    ],
    [
      "genSignedCertWithKey",
      goFunction(
        [ARG.string, ARG.list, ARG.list, ARG.int, CA, ARG.string],
        (name, ips, dns, days, ca, pem) => withKey(pem, (key) => signed(name, ips, dns, days, ca, key)),
        CERTIFICATE,
      ),
    ],
    ["buildCustomCert", goFunction([ARG.string, ARG.string], customCertificate, CERTIFICATE)],
  ]);
}

function writtenKey(kind: string, bytes: ReturnType<typeof createRandomBytes>): string {
  switch (kind) {
    case "":
    case "rsa":
      return writePrivateKey(drawRsaKey(bytes, 4096));
    case "dsa":
      return writePrivateKey(drawDsaKey(bytes));
    case "ecdsa":
      return writePrivateKey(drawEcKey(bytes));
    case "ed25519":
      return writePrivateKey(drawEd25519Key(bytes));
    default:
      return `Unknown type ${kind}`;
  }
}

function addressesOf(items: readonly GoValue[]): Uint8Array[] | { readonly go: "failure"; readonly message: string } {
  const addresses: Uint8Array[] = [];
  for (const item of items) {
    if (typeof item !== "string") return failure(`error parsing ip: ${printed(item)} is not a string`);
    const parsed = parseIpAddress(item);
    if (!parsed.ok || parsed.value.zone !== "") return failure(`error parsing ip: ${item}`);
    addresses.push(shortest(Uint8Array.from(parsed.value.bytes)));
  }
  return addresses;
}

const MAPPED = Buffer.from("00000000000000000000ffff", "hex");

/** An address of version 4 that is written as one of version 6 is one of version 4. */
const shortest = (bytes: Uint8Array): Uint8Array => (bytes.length === 16 && MAPPED.equals(bytes.subarray(0, 12)) ? bytes.subarray(12) : bytes);

function namesOf(items: readonly GoValue[]): string[] | { readonly go: "failure"; readonly message: string } {
  const names: string[] = [];
  for (const item of items) {
    if (typeof item !== "string") return failure(`error processing alternate dns name: ${printed(item)} is not a string`);
    names.push(item);
  }
  return names;
}

function fieldOf(value: GoValue, name: string): string {
  const field = typeof value === "object" && value !== null && value.go === "struct" ? value.fields.get(name) : undefined;
  return typeof field === "string" ? field : "";
}

/** Both as they are, if they are what they should be. */
function customCertificate(cert64: string, key64: string): GoResult {
  const cert = decodeBase64(cert64);
  if (!cert.ok) return failure("unable to decode base64 certificate");
  const key = decodeBase64(key64);
  if (!key.ok) return failure("unable to decode base64 private key");
  const [certText, keyText] = [Buffer.from(cert.bytes).toString(), Buffer.from(key.bytes).toString()];
  const block = readPem(certText);
  if (block === undefined) return failure("unable to decode certificate");
  if (readIssuer(block.bytes) === undefined) return failure("error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
  const parsed = parsePrivateKey(keyText);
  return parsed.ok ? certificate(certText, keyText) : failure(`error parsing private key: ${parsed.problem}`);
}
