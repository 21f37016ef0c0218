import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, type Der, explicit, implicit, integer, octets, oid, sequence, set, time, utf8, yes } from "./der.ts";

/** PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };

export type CertificateRequest = {
  readonly commonName: string;
  /** Groups, in a client's certificate. */
  readonly organizations?: readonly string[];
  readonly use: "server" | "client";
  /** A server's names and IPv4 addresses. */
  readonly hosts?: readonly string[];
  readonly days?: number;
};

export type CertificateAuthority = { readonly certificate: string; readonly key: string; issue(request: CertificateRequest): KeyPair };

const DAY = 86_400_000;
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";
const USES = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" };

/**
 * A certificate authority with a key of its own (EC P-256: made in well under a millisecond), valid from an hour before `now` for ten years.
 * Written out by hand, since a package for it would take longer to load than the whole sandbox to start.
 */
export function createCertificateAuthority(options: { readonly commonName: string; readonly now: Date }): CertificateAuthority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = nameOf(options.commonName, []);
  const keyId = keyIdOf(keys.publicKey);
  const signed = (body: Der): string => pem(sequence(body, ECDSA_SHA256, bits(sign("sha256", body, keys.privateKey))));
  const extensions = [
    extension("2.5.29.19", sequence(yes), true), // basicConstraints: a CA
    extension("2.5.29.15", bits(Uint8Array.of(0x06), 1), true), // keyUsage: keyCertSign, cRLSign
    extension("2.5.29.14", octets(keyId)),
  ];
  const own = { issuer: name, subject: name, publicKey: keys.publicKey, extensions, ...validity(options.now, 3650) };
  return {
    certificate: signed(certificateBody(own)),
    key: keyText(keys.privateKey),
    issue: ({ commonName, organizations = [], use, hosts = [], days = 365 }) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const body = certificateBody({
        issuer: name,
        subject: nameOf(commonName, organizations),
        publicKey: pair.publicKey,
        extensions: [
          extension("2.5.29.15", bits(Uint8Array.of(0xa0), 5), true), // keyUsage: digitalSignature, keyEncipherment
          extension("2.5.29.37", sequence(oid(USES[use]))),
          extension("2.5.29.35", sequence(implicit(0, keyId))),
          ...(hosts.length > 0 ? [extension("2.5.29.17", sequence(...hosts.map(alternativeName)))] : []),
        ],
        ...validity(options.now, days),
      });
      return { certificate: signed(body), key: keyText(pair.privateKey) };
    },
  };
}

type CertificateBody = {
  readonly issuer: Der;
  readonly subject: Der;
  readonly publicKey: KeyObject;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: readonly Der[];
};

function certificateBody({ issuer, subject, publicKey, from, until, extensions }: CertificateBody): Der {
  const version3 = explicit(0, integer(Uint8Array.of(2)));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // positive, and without leading zeros
  const key = publicKey.export({ type: "spki", format: "der" });
  return sequence(version3, integer(serial), ECDSA_SHA256, issuer, sequence(time(from), time(until)), subject, key, explicit(3, sequence(...extensions)));
}

const nameOf = (commonName: string, organizations: readonly string[]): Der =>
  sequence(...organizations.map((organization) => set(sequence(oid(ORGANIZATION), utf8(organization)))), set(sequence(oid(COMMON_NAME), utf8(commonName))));

const extension = (id: string, value: Der, critical = false): Der => sequence(oid(id), ...(critical ? [yes] : []), octets(value));

const alternativeName = (host: string): Der =>
  /^\d+\.\d+\.\d+\.\d+$/.test(host) ? implicit(7, Uint8Array.from(host.split(".").map(Number))) : implicit(2, Buffer.from(host));

const keyIdOf = (key: KeyObject): Uint8Array =>
  createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();

const validity = (now: Date, days: number): { readonly from: Date; readonly until: Date } => ({
  from: new Date(now.getTime() - DAY / 24),
  until: new Date(now.getTime() + days * DAY),
});

const keyText = (key: KeyObject): string => key.export({ type: "sec1", format: "pem" }).toString();

const pem = (der: Der): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
