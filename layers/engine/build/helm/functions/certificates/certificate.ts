import { createHash, createPublicKey, sign, X509Certificate } from "node:crypto";
import { ok, problem, type Result } from "../../../../domain/result.ts";
import { quote } from "../../../text/quote.ts";
import { bits, boolean, type Der, integer, nothing, objectId, octets, sequence, set, tagged, text, time } from "./der.ts";
import { CURVES, isCurve, signEcdsa } from "./ecdsa.ts";
import type { PrivateKey } from "./private-key.ts";
import { publicDer } from "./private-key.ts";
import { readDer } from "./read-der.ts";

/** What a certificate is to say. Times are whole seconds since 1970. */
export type CertificateTemplate = {
  readonly commonName: string;
  readonly addresses: readonly Uint8Array[];
  readonly names: readonly string[];
  readonly serial: bigint;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority: boolean;
};

/** Who signs: `name` and `keyId` as they stand in its certificate; absent for who signs for itself. */
export type Issuer = { readonly name: Der; readonly keyId: Uint8Array | undefined; readonly publicKey: Uint8Array };

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/**
 * The DER of a certificate for `subjectKey`. Problems in Go's words. Source: Go, x509.CreateCertificate; sprig crypto.go. Our own, since a render that looks
 * things up is rendered again and must draw the same certificate from its seed: Node makes no certificates, and libraries that do draw keys and signatures themselves.
 */
export function createCertificate(template: CertificateTemplate, subjectKey: PrivateKey, issuer: Issuer | undefined, signer: PrivateKey): Result<Uint8Array> {
  if (signer.kind === "dsa") return problem("x509: certificate private key does not implement crypto.Signer");
  if (subjectKey.kind === "dsa") return problem("x509: unsupported public key type: *dsa.PublicKey");
  const method = methodOf(signer);
  if (method === undefined) return problem("x509: unsupported elliptic curve");
  const wrongName = template.names.find((name) => /[^\0-\x7f]/.test(name));
  if (wrongName !== undefined) return problem(`x509: ${quote(wrongName)} cannot be encoded as an IA5String`);
  if (issuer !== undefined && !Buffer.from(publicDer(signer.key)).equals(issuer.publicKey)) {
    return problem("x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const subject = nameOf(template.commonName);
  const issuerName = issuer?.name ?? subject;
  const publicKey = publicDer(subjectKey.key);
  const isOther = !Buffer.from(issuerName).equals(subject);
  const body = sequence(
    tagged(0xa0, integer(2n)),
    integer(template.serial),
    method.algorithm,
    issuerName,
    sequence(time(template.notBefore), time(template.notAfter)),
    subject,
    publicKey,
    tagged(0xa3, sequence(...extensionsOf(template, publicKey, isOther ? issuer?.keyId : undefined))),
  );
  return ok(sequence(body, method.algorithm, bits(method.sign(body))));
}

const nameOf = (commonName: string): Der => (commonName === "" ? sequence() : sequence(set(sequence(objectId("2.5.4.3"), text(commonName)))));

type Method = { readonly algorithm: Der; readonly sign: (body: Uint8Array) => Uint8Array };

function methodOf(signer: Exclude<PrivateKey, { kind: "dsa" }>): Method | undefined {
  const { kind, key } = signer;
  if (kind === "rsa") return { algorithm: sequence(objectId("1.2.840.113549.1.1.11"), nothing), sign: (body) => sign("sha256", body, key) };
  if (kind === "ed25519") return { algorithm: sequence(objectId("1.3.101.112")), sign: (body) => sign(null, body, key) };
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (!isCurve(curve)) return undefined;
  return { algorithm: sequence(objectId(CURVES[curve].signature)), sign: (body) => signEcdsa(body, key, curve) };
}

const extension = (id: string, value: Der, isCritical = false): Der => sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value));

/** In the order in which Go writes them. */
function extensionsOf(
  { isAuthority, addresses, names, commonName }: CertificateTemplate,
  publicKey: Uint8Array,
  issuerKey: Uint8Array | undefined,
): readonly Der[] {
  return [
    // Digital signature, key encipherment, and for an authority certificate signature.
    extension("2.5.29.15", isAuthority ? bits(Uint8Array.of(0xa4), 2) : bits(Uint8Array.of(0xa0), 5), true),
    extension("2.5.29.37", sequence(objectId(SERVER_AUTH), objectId(CLIENT_AUTH))),
    extension("2.5.29.19", isAuthority ? sequence(boolean(true)) : sequence(), true),
    ...(isAuthority ? [extension("2.5.29.14", octets(keyIdOf(publicKey)))] : []),
    ...(issuerKey === undefined ? [] : [extension("2.5.29.35", sequence(tagged(0x80, issuerKey)))]),
    ...(addresses.length + names.length === 0 ? [] : [extension("2.5.29.17", alternatives(names, addresses), commonName === "")]),
  ];
}

const alternatives = (names: readonly string[], addresses: readonly Uint8Array[]): Der =>
  sequence(...names.map((name) => tagged(0x82, new TextEncoder().encode(name))), ...addresses.map((address) => tagged(0x87, address)));

const KEY_ID_BYTES = 20;

/** The beginning of the SHA-256 of the key itself, as Go does from 1.25 on. Source: RFC 7093, method 1. */
function keyIdOf(publicKey: Uint8Array): Uint8Array {
  const [outer] = readDer(publicKey) ?? [];
  const [, key] = readDer(outer?.content ?? new Uint8Array(0)) ?? [];
  return createHash("sha256")
    .update((key?.content ?? new Uint8Array(0)).subarray(1))
    .digest()
    .subarray(0, KEY_ID_BYTES);
}

/** What is needed of a certificate to sign in its name; undefined where it is none. */
export function readIssuer(der: Uint8Array): Issuer | undefined {
  try {
    const publicKey = createPublicKey(new X509Certificate(der).publicKey.export({ format: "pem", type: "spki" })).export({ format: "der", type: "spki" });
    const fields = fieldsOf(der);
    const subject = fields?.[5];
    return subject === undefined ? undefined : { name: subject.whole, keyId: keyIdIn(fields?.at(-1)?.content), publicKey };
  } catch {
    // OpenSSL's way of saying that it is no certificate.
    return undefined;
  }
}

/** Version, serial number, algorithm, issuer, validity, subject, key, extensions. */
function fieldsOf(der: Uint8Array): ReturnType<typeof readDer> {
  const [whole] = readDer(der) ?? [];
  const [body] = readDer(whole?.content ?? new Uint8Array(0)) ?? [];
  const fields = readDer(body?.content ?? new Uint8Array(0));
  // The first version does not say that it is.
  return fields?.[0]?.tag === 0xa0 ? fields : fields && [...fields.slice(0, 1), ...fields];
}

const SUBJECT_KEY_ID = Buffer.from(objectId("2.5.29.14"));

function keyIdIn(extensions: Uint8Array | undefined): Uint8Array | undefined {
  const [list] = readDer(extensions ?? new Uint8Array(0)) ?? [];
  for (const one of readDer(list?.content ?? new Uint8Array(0)) ?? []) {
    const parts = readDer(one.content) ?? [];
    if (parts[0] === undefined || !SUBJECT_KEY_ID.equals(parts[0].whole)) continue;
    return readDer(parts.at(-1)?.content ?? new Uint8Array(0))?.[0]?.content;
  }
  return undefined;
}
