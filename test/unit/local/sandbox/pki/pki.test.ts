import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../../lib/local/sandbox/pki/pki.ts";

const now = new Date("2030-01-01T00:00:00Z");
const authority = createCertificateAuthority({ commonName: "sandbox", now });
const root = new X509Certificate(authority.certificate);

describe("certificate authority", () => {
  it("is a CA that signed itself", () => {
    expect([root.ca, root.verify(root.publicKey), root.subject, root.validFrom, root.validTo]).toEqual([
      true,
      true,
      "CN=sandbox",
      "Dec 31 23:00:00 2029 GMT",
      "Dec 30 00:00:00 2039 GMT",
    ]);
  });

  it("issues a server's certificate that clients accept for its names", () => {
    const { certificate, key } = authority.issue({ commonName: "kube-apiserver", use: "server", hosts: ["127.0.0.1", "localhost"] });
    const parsed = new X509Certificate(certificate);
    expect([parsed.checkIssued(root), parsed.verify(root.publicKey), parsed.checkPrivateKey(createPrivateKey(key)), parsed.ca]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([parsed.checkIP("127.0.0.1"), parsed.checkHost("localhost"), parsed.checkHost("example.com")]).toEqual(["127.0.0.1", "localhost", undefined]);
  });

  it("issues a client's certificate with the user as common name and the groups as organizations", () => {
    const { certificate } = authority.issue({ commonName: "jo", organizations: ["system:masters", "dev"], use: "client" });
    expect(new X509Certificate(certificate).subject).toBe("O=system:masters\nO=dev\nCN=jo");
  });

  it("gives every certificate a serial number of its own", () => {
    const serials = [1, 2, 3].map(() => new X509Certificate(authority.issue({ commonName: "x", use: "client" }).certificate).serialNumber);
    expect(new Set(serials).size).toBe(3);
  });

  it("writes dates from 2050 on as GeneralizedTime", () => {
    const late = createCertificateAuthority({ commonName: "late", now: new Date("2049-06-01T00:00:00Z") });
    expect(new X509Certificate(late.certificate).validTo).toBe("May 30 00:00:00 2059 GMT");
  });
});
