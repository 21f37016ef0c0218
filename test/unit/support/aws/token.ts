import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "../../../support/aws/identity.ts";

export type TokenParts = {
  readonly credentials: Credentials;
  readonly cluster: string;
  readonly at: number;
  readonly hostname?: string;
  readonly expiresIn?: number;
  readonly action?: string;
  /** Whether the cluster's name is signed. */
  readonly signCluster?: boolean;
};

/** A bearer token as `aws eks get-token` makes it; parts may be wrong. */
export async function signToken(parts: TokenParts): Promise<string> {
  const { credentials, cluster, at, hostname = "sts.eu-central-1.amazonaws.com", expiresIn = 60, action = "GetCallerIdentity", signCluster = true } = parts;
  const signer = new SignatureV4({ service: "sts", region: "eu-central-1", credentials, sha256: Sha256, applyChecksum: false });
  const headers: Record<string, string> = signCluster ? { host: hostname, "x-k8s-aws-id": cluster } : { host: hostname };
  const query = { Action: action, Version: "2011-06-15" };
  const signed = await signer.presign({ method: "GET", protocol: "https:", hostname, path: "/", query, headers }, { expiresIn, signingDate: new Date(at) });
  const encoded = Object.entries(signed.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${encoded.join("&")}`).toString("base64url")}`;
}
