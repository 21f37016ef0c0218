import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "../aws/credentials.ts";
import { domainOf } from "../aws/endpoint.ts";
import { percentEncode } from "../aws/percent-encode.ts";
import { Sha256 } from "../aws/sha256.ts";

export type TokenInput = {
  /** The name that EKS has for the cluster: the token is good for no other. */
  readonly cluster: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly now: EpochMs;
};

const PREFIX = "k8s-aws-v1.";
const HEADER = "x-k8s-aws-id";
const EXPIRES_SECONDS = 60;
/** As botocore orders them. Anything that verifies the URL is content with any order; ours is the one that everybody else's tokens have. */
const ORDER = [
  "Action",
  "Version",
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-SignedHeaders",
  "X-Amz-Security-Token",
  "X-Amz-Signature",
];

/**
 * The bearer token by which an EKS API server knows an IAM identity: a presigned request to STS of who the caller is, which the server sends on its way.
 * The same bytes as `aws eks get-token` for the same inputs. Source: kubernetes-sigs/aws-iam-authenticator, README, "API Authorization from Outside a
 * Cluster"; aws-cli, customizations/eks/get_token.py.
 */
export async function presignToken({ cluster, region, credentials, now }: TokenInput): Promise<string> {
  const host = `sts.${region}.${domainOf(region)}`;
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256, applyChecksum: false });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname: host,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host, [HEADER]: cluster },
    },
    { expiresIn: EXPIRES_SECONDS, signingDate: new Date(now) },
  );
  const parameters = ORDER.flatMap((name) => (query[name] === undefined || query[name] === null ? [] : [`${name}=${percentEncode(String(query[name]))}`]));
  return PREFIX + Buffer.from(`https://${host}/?${parameters.join("&")}`).toString("base64url");
}
