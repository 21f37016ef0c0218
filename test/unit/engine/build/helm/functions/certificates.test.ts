import { createPrivateKey, createPublicKey, verify, X509Certificate } from "node:crypto";
import { parsePrivateKey, writePrivateKey } from "@sluice/engine/build/helm/functions/certificates/private-key.ts";
import { createCertificateFunctions } from "@sluice/engine/build/helm/functions/certificates.ts";
import { isFailure } from "@sluice/engine/build/helm/go/result.ts";
import { type GoValue, goInt, goSlice, nilSlice } from "@sluice/engine/build/helm/go/value.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";

const NOW = epochMs(Date.UTC(2030, 0, 2, 3, 4, 5, 678));
const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const functions = (byte = 7) => createCertificateFunctions(seed(byte), NOW);

function call(name: string, args: readonly GoValue[], table = functions()): GoValue {
  const answer = table.get(name)?.call(args);
  if (answer === undefined) throw new Error(`no ${name}`);
  if (isFailure(answer)) return `error: ${answer.message}`;
  return answer;
}

/** `Cert` or `Key` of what a function has answered. */
function field(value: GoValue, name: string): string {
  const found = typeof value === "object" && value !== null && value.go === "struct" ? value.fields.get(name) : undefined;
  if (typeof found !== "string") throw new Error(`${name}: ${JSON.stringify(value)}`);
  return found;
}
const certificate = (value: GoValue): X509Certificate => new X509Certificate(field(value, "Cert"));
const EC = String(call("genPrivateKey", ["ecdsa"]));
const none = nilSlice();

describe("genCA and genSignedCert", () => {
  const table = functions();
  const authority = call("genCA", ["my *ca*", goInt(365)], table);
  const server = call("genSignedCert", ["web", goSlice(["10.0.0.1", "::1", "::ffff:10.1.1.1"]), goSlice(["a.example", "*.b"]), goInt(30), authority], table);
  const [ca, leaf] = [certificate(authority), certificate(server)];

  it("make a chain that verifies, of keys that belong to it", () => {
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(field(server, "Key")))).toBe(true);
    expect(leaf.verify(leaf.publicKey)).toBe(false);
  });

  it("say what was asked for", () => {
    expect({ subject: leaf.subject, issuer: leaf.issuer, ca: leaf.ca, names: leaf.subjectAltName, usage: leaf.keyUsage }).toEqual({
      subject: "CN=web",
      issuer: "CN=my *ca*",
      ca: false,
      names: "DNS:a.example, DNS:*.b, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:10.1.1.1",
      usage: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
    });
    expect([ca.ca, ca.subjectAltName]).toEqual([true, undefined]);
    expect([leaf.validFromDate, leaf.validToDate].map((date) => date.toISOString())).toEqual(["2030-01-02T03:04:05.000Z", "2030-02-01T03:04:05.000Z"]);
    expect(createPublicKey(field(server, "Key")).asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n });
  });

  it("draw all from the seed: the same twice, another for another seed, and another each time", () => {
    expect(field(call("genCA", ["my *ca*", goInt(365)], functions()), "Cert")).toBe(field(authority, "Cert"));
    const others = [call("genCAWithKey", ["a", goInt(1), EC], functions(1)), call("genCAWithKey", ["a", goInt(1), EC], functions(2))];
    expect(new Set(others.map((one) => certificate(one).serialNumber)).size).toBe(2);
    const one = functions(3);
    expect(call("genPrivateKey", ["ecdsa"], one)).not.toBe(call("genPrivateKey", ["ecdsa"], one));
  });
});

describe("certificates with a given key", () => {
  const keys = { ec: EC, ed25519: String(call("genPrivateKey", ["ed25519"])), rsa: field(call("genCA", ["rsa", goInt(1)]), "Key") };
  it.each(Object.entries(keys))("%s signs for itself and for others", (_, key) => {
    const authority = call("genCAWithKey", ["ca", goInt(10), key]);
    const leaf = call("genSignedCertWithKey", ["leaf", none, goSlice(["x"]), goInt(5), authority, EC]);
    expect(certificate(authority).verify(createPublicKey(key))).toBe(true);
    expect(certificate(leaf).verify(createPublicKey(key))).toBe(true);
    expect(certificate(leaf).checkPrivateKey(createPrivateKey(EC))).toBe(true);
    expect(certificate(call("genSelfSignedCertWithKey", ["", none, goSlice(["y"]), goInt(-1), key])).subjectAltName).toBe("DNS:y");
  });

  it("the same key signs the same way: there is no chance in a signature", () => {
    const cert = (): string => field(call("genCAWithKey", ["ca", goInt(10), EC]), "Cert");
    expect(cert()).toBe(cert());
  });

  it("is written in its own form", () => {
    const again = (key: string): string => field(call("genCAWithKey", ["ca", goInt(1), key]), "Key").split("\n")[0] ?? "";
    const pkcs8 = createPrivateKey(keys.rsa).export({ format: "pem", type: "pkcs8" }).toString();
    expect([keys.ec, keys.ed25519, pkcs8].map(again)).toEqual(["EC", "", "RSA"].map((kind) => `-----BEGIN ${kind === "" ? "" : `${kind} `}PRIVATE KEY-----`));
  });
});

describe("genPrivateKey", () => {
  it("makes keys of each kind that sign", () => {
    const message = Buffer.from("message");
    for (const kind of ["ecdsa", "ed25519"]) {
      const key = createPrivateKey(String(call("genPrivateKey", [kind])));
      expect(key.asymmetricKeyType).toBe(kind === "ecdsa" ? "ec" : kind);
      expect(verify(null, message, createPublicKey(key), Buffer.alloc(64))).toBe(false);
    }
    expect(call("genPrivateKey", ["other"])).toBe("Unknown type other");
  });
});

describe("what is wrong", () => {
  const authority = call("genCAWithKey", ["ca", goInt(1), EC]);
  const other = String(call("genPrivateKey", ["ed25519"]));
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  it.each<readonly [string, readonly GoValue[], string]>([
    ["genSelfSignedCertWithKey", ["a", goSlice(["x"]), none, goInt(1), EC], "error parsing ip: x"],
    ["genSelfSignedCertWithKey", ["a", goSlice(["::1%eth0"]), none, goInt(1), EC], "error parsing ip: ::1%eth0"],
    ["genSelfSignedCertWithKey", ["a", goSlice([1]), none, goInt(1), EC], "error parsing ip: 1 is not a string"],
    ["genSelfSignedCertWithKey", ["a", none, goSlice([true]), goInt(1), EC], "error processing alternate dns name: true is not a string"],
    ["genSelfSignedCertWithKey", ["a", none, goSlice(["ä"]), goInt(1), EC], 'error creating certificate: x509: "ä" cannot be encoded as an IA5String'],
    ["genCAWithKey", ["a", goInt(1), "x"], "parsing private key: no PEM data in input"],
    ["genCAWithKey", ["a", goInt(1), field(authority, "Cert")], "parsing private key: no private key data in PEM block of type CERTIFICATE"],
    [
      "genCAWithKey",
      ["a", goInt(1), "-----BEGIN NEW PRIVATE KEY-----\n-----END NEW PRIVATE KEY-----\n"],
      "parsing private key: invalid private key type NEW PRIVATE KEY",
    ],
    ["buildCustomCert", ["%", "%"], "unable to decode base64 certificate"],
    ["buildCustomCert", [base64("x"), "%"], "unable to decode base64 private key"],
    ["buildCustomCert", [base64("x"), base64("x")], "unable to decode certificate"],
    ["buildCustomCert", [base64(field(authority, "Cert")), base64("x")], "error parsing private key: no PEM data in input"],
  ])("%s: %#", (name, args, want) => expect(call(name, args)).toBe(`error: ${want}`));

  it("a key that is not the authority's", () => {
    const mixed = call("buildCustomCert", [base64(field(authority, "Cert")), base64(other)]);
    expect(call("genSignedCertWithKey", ["a", none, none, goInt(1), mixed, EC])).toBe(
      "error: error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    );
  });

  it("keys of DSA are read and written, and sign nothing", () => {
    const numbers = [23n, 11n, 4n, 8n, 7n];
    const key = writePrivateKey({ kind: "dsa", numbers });
    expect(parsePrivateKey(key)).toEqual({ ok: true, value: { kind: "dsa", numbers } });
    expect(call("genCAWithKey", ["a", goInt(1), key])).toBe(
      "error: error creating certificate: x509: certificate private key does not implement crypto.Signer",
    );
  });
});
