import { AwsProblem } from "../answer.ts";
import { authenticate } from "../authenticate.ts";
import type { AwsClock } from "../clock.ts";
import type { AccessKeys, Caller } from "../identity.ts";
import type { Place } from "../request.ts";
import { parseSignature, signedAt } from "../signature/parse-signature.ts";
import type { AccessEntry, AccessPolicy } from "./access-entry.ts";
import { POLICY_PREFIX } from "./access-entry.ts";
import type { EksState } from "./eks.ts";

/** Who a token stands for in the cluster. */
export type KubernetesUser = {
  readonly name: string;
  /** The entry's own groups; with AmazonEKSClusterAdminPolicy over the whole cluster also `system:masters`, which may do the same. */
  readonly groups: readonly string[];
  /** What EKS' own authorizer grants beside RBAC. */
  readonly policies: readonly AccessPolicy[];
  readonly arn: string;
};

const PREFIX = "k8s-aws-v1.";
const CLUSTER_HEADER = "x-k8s-aws-id";
const MAX_TOKEN_BYTES = 1024 * 4;
const LIFETIME_MS = 15 * 60_000;
const ALLOWED = [
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-user-agent",
];

/**
 * What the webhook authenticator of an EKS control plane does with a bearer token; undefined means 401.
 * Source: aws-iam-authenticator, pkg/token/token.go (Verify); EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries".
 */
export function createAuthenticator(clock: AwsClock, keys: AccessKeys, state: EksState, home: Place) {
  return (token: string, clusterName: string, place?: Partial<Place>): KubernetesUser | undefined => {
    const at: Place = { ...home, ...place };
    const url = parseToken(token, clock.now());
    const found = state.find(clusterName, at);
    if (url === undefined || found === undefined) return undefined;
    const caller = askSts(clock, keys, url, clusterName);
    if (caller === undefined) return undefined;
    const { canonical, session } = canonicalArn(caller.arn);
    const entry = [...found.entries.values()].find(({ principalArn }) => withoutPath(principalArn) === canonical);
    return entry === undefined ? undefined : userOf(entry, caller, session);
  };
}

/** The presigned URL within a token, when it is one that may be asked. */
export function parseToken(token: string, now: number): URL | undefined {
  if (token.length > MAX_TOKEN_BYTES || !token.startsWith(PREFIX)) return undefined;
  const encoded = token.slice(PREFIX.length);
  if (!/^[\w-]+$/.test(encoded)) return undefined;
  const url = URL.parse(Buffer.from(encoded, "base64url").toString());
  if (url === null || url.protocol !== "https:" || url.pathname !== "/") return undefined;
  if (!/^sts(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$/.test(url.host)) return undefined;
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  if (names.some((name) => !ALLOWED.includes(name)) || new Set(names).size < names.length) return undefined;
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const signed = (query.get("x-amz-signedheaders") ?? "").toLowerCase().split(";");
  const expires = Number(query.get("x-amz-expires") ?? "NaN");
  if (query.get("action") !== "GetCallerIdentity" || !signed.includes(CLUSTER_HEADER)) return undefined;
  if (!Number.isInteger(expires) || expires < 0 || expires > 900) return undefined;
  const date = signedAt(query.get("x-amz-date") ?? "");
  return Number.isNaN(date) || now > date + LIFETIME_MS ? undefined : url;
}

/** What STS says to the URL, called with the cluster's name in the header. */
function askSts(clock: AwsClock, keys: AccessKeys, url: URL, clusterName: string): Caller | undefined {
  const headers = { host: url.host, [CLUSTER_HEADER]: clusterName, accept: "application/json" };
  const query = new URLSearchParams(url.search.slice(1).replaceAll("+", "%2B"));
  const signature = parseSignature(headers, query);
  if (signature?.service !== "sts") return undefined;
  try {
    return authenticate(keys, clock, signature, { method: "GET", path: url.pathname, query, headers, body: Buffer.alloc(0) });
  } catch (thrown) {
    if (thrown instanceof AwsProblem) return undefined;
    throw thrown;
  }
}

/** `arn:aws:sts::1:assumed-role/name/session` is the role `arn:aws:iam::1:role/name`. Source: aws-iam-authenticator, pkg/arn. */
function canonicalArn(arn: string): { readonly canonical: string; readonly session: string } {
  const [, account, role, session] = /^arn:aws[\w-]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (account === undefined || role === undefined || session === undefined) return { canonical: withoutPath(arn), session: "" };
  return { canonical: `arn:aws:iam::${account}:role/${role}`, session };
}

const withoutPath = (arn: string): string => arn.replace(/:(role|user)\/(?:.*\/)?([^/]+)$/, ":$1/$2");

function userOf(entry: AccessEntry, caller: Caller, session: string): KubernetesUser {
  const admin = entry.policies.some(({ policyArn, type }) => type === "cluster" && policyArn === `${POLICY_PREFIX}AmazonEKSClusterAdminPolicy`);
  const name = entry.username
    .replaceAll("{{SessionName}}", session.replaceAll("@", "-"))
    .replaceAll("{{SessionNameRaw}}", session)
    .replaceAll("{{AccountID}}", caller.account);
  return { name, groups: admin ? [...entry.groups, "system:masters"] : entry.groups, policies: entry.policies, arn: caller.arn };
}
