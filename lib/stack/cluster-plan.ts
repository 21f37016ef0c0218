import type { Reader } from "./config-reader.ts";

/** The functions that talk to clusters. */
export const CLUSTER_FUNCTIONS = ["source", "apply", "sweep", "notify", "receiver"] as const;
export type ClusterFunction = (typeof CLUSTER_FUNCTIONS)[number];

/** What `apply` may do in a cluster: everything, or what an EKS access policy allows in some namespaces. */
export type AccessConfig = { readonly kind: "admin" } | { readonly kind: "scoped"; readonly policy: string; readonly namespaces: readonly string[] };

/** The VPC of a cluster whose endpoint is private. */
export type PrivateConfig = {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly clusterSecurityGroupId: string;
  /** Those of the subnets, where S3's gateway endpoint is to be made; none: there is one already. */
  readonly routeTableIds: readonly string[];
  /** S3's managed prefix list in the region: with it, the gate may connect to nothing else. */
  readonly s3PrefixListId?: string;
};

/** One cluster, checked and with its defaults. */
export type ClusterPlan = {
  readonly name: string;
  readonly eksName: string;
  readonly region: string;
  /** Of a cluster of another account: the role that each function assumes there. */
  readonly roleArns?: { readonly [Name in ClusterFunction]: string };
  readonly access: AccessConfig;
  readonly private?: PrivateConfig;
};

/** Where the installation itself is. */
export type Home = { readonly account: string | undefined; readonly region: string };

const CLUSTER_KEYS = ["name", "eksName", "region", "account", "roleArn", "access", "private"];
const PRIVATE_KEYS = ["vpcId", "subnetIds", "routeTableIds", "clusterSecurityGroupId", "s3PrefixListId"];
const EXPECTED_CLUSTERS = "names with commas between them, or a list of clusters";
const EXPECTED_ACCESS = '"admin", or {"policy": "AmazonEKSEditPolicy", "namespaces": [...]}';

/** Source: EKS, CreateCluster `name`. */
const NAME = { pattern: /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, expected: 'a name of letters, digits, "-" and "_", at most 100' };
const REGION = { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, expected: 'a region such as "eu-central-1"' };
const ACCOUNT = { pattern: /^\d{12}$/, expected: "the twelve digits of an AWS account, as a text" };
const ROLE_ARN = { pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, expected: 'the ARN of a role, "arn:aws:iam::<account>:role/<name>"' };
const POLICY = { pattern: /^AmazonEKS\w+Policy$/, expected: 'the name of an EKS access policy, such as "AmazonEKSEditPolicy"' };
const NAMESPACE = { pattern: /^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/, expected: 'the name of a namespace, such as "apps" or "team-*"' };

/** The form of an id that EC2 gives out: `vpc-0123456789abcdef0`. */
const idOf = (prefix: string, what: string): { readonly pattern: RegExp; readonly expected: string } => ({
  pattern: new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
  expected: `the id of ${what}, "${prefix}-…"`,
});

export function parseClusters(read: Reader, value: unknown, home: Home): readonly ClusterPlan[] {
  const plans = (read.list("clusters", value, EXPECTED_CLUSTERS) ?? []).flatMap((item, index) => parseCluster(read, `clusters[${index}]`, item, home) ?? []);
  for (const [index, { name }] of plans.entries()) {
    if (plans.findIndex((other) => other.name === name) !== index) read.problem(`clusters[${index}].name`, "a name that no other cluster has", name);
  }
  return plans;
}

function parseCluster(read: Reader, path: string, value: unknown, home: Home): ClusterPlan | undefined {
  const raw = typeof value === "string" ? { name: value } : read.object(path, value, CLUSTER_KEYS);
  if (raw === undefined) return undefined;
  const name = read.text(`${path}.name`, raw["name"] ?? null, NAME);
  const region = read.text(`${path}.region`, raw["region"], REGION) ?? home.region;
  const roleArns = parseRoleArns(read, `${path}.roleArn`, raw["roleArn"]);
  const network = raw["private"] === undefined ? undefined : parsePrivate(read, `${path}.private`, raw["private"]);
  checkAccount(read, `${path}.account`, raw["account"], roleArns, home);
  const isElsewhere = roleArns !== undefined || region !== home.region;
  if (network !== undefined && isElsewhere)
    read.problem(`${path}.private`, "a cluster of the installation's own account and region: install Sluice there", name);
  if (name === undefined) return undefined;
  return {
    name,
    eksName: read.text(`${path}.eksName`, raw["eksName"], NAME) ?? name,
    region,
    ...(roleArns !== undefined && { roleArns }),
    access: parseAccess(read, `${path}.access`, raw["access"]),
    ...(network !== undefined && { private: network }),
  };
}

/** One role for all, or one for each function, so that in the other account, too, the sweep may read only. */
function parseRoleArns(read: Reader, path: string, value: unknown): ClusterPlan["roleArns"] {
  if (value === undefined) return undefined;
  if (typeof value === "string") {
    const arn = read.text(path, value, ROLE_ARN);
    return arn === undefined ? undefined : { source: arn, apply: arn, sweep: arn, notify: arn, receiver: arn };
  }
  const raw = read.object(path, value, CLUSTER_FUNCTIONS);
  if (raw === undefined) return undefined;
  const arnOf = (name: ClusterFunction): string => read.text(`${path}.${name}`, raw[name] ?? null, ROLE_ARN) ?? "";
  return { source: arnOf("source"), apply: arnOf("apply"), sweep: arnOf("sweep"), notify: arnOf("notify"), receiver: arnOf("receiver") };
}

/** `account` only says once more where a cluster is: of another account it needs a role there, and the role's ARN names the account. */
function checkAccount(read: Reader, path: string, value: unknown, roleArns: ClusterPlan["roleArns"], home: Home): void {
  const account = read.text(path, value, ACCOUNT);
  if (account === undefined) return;
  if (roleArns === undefined) {
    if (account !== home.account) read.problem(path, "roleArn, too: the role to assume in another account than the installation's", account);
    return;
  }
  const other = Object.values(roleArns).find((arn) => !arn.includes(`::${account}:`));
  if (other !== undefined) read.problem(path, `the account of roleArn (${other})`, account);
}

function parseAccess(read: Reader, path: string, value: unknown): AccessConfig {
  if (value === undefined || value === "admin") return { kind: "admin" };
  if (typeof value !== "object") read.problem(path, EXPECTED_ACCESS, value);
  const raw = typeof value === "object" ? read.object(path, value, ["policy", "namespaces"]) : undefined;
  if (raw === undefined) return { kind: "admin" };
  const namespaces = read.texts(`${path}.namespaces`, raw["namespaces"] ?? [], NAMESPACE) ?? [];
  if (namespaces.length === 0) read.problem(`${path}.namespaces`, "at least one namespace", raw["namespaces"]);
  return { kind: "scoped", policy: read.text(`${path}.policy`, raw["policy"] ?? null, POLICY) ?? "", namespaces };
}

function parsePrivate(read: Reader, path: string, value: unknown): PrivateConfig | undefined {
  const raw = read.object(path, value, PRIVATE_KEYS);
  if (raw === undefined) return undefined;
  const subnetIds = read.texts(`${path}.subnetIds`, raw["subnetIds"], idOf("subnet", "a subnet")) ?? [];
  if (subnetIds.length === 0) read.problem(`${path}.subnetIds`, "at least one subnet of the cluster", raw["subnetIds"]);
  const s3PrefixListId = read.text(`${path}.s3PrefixListId`, raw["s3PrefixListId"], idOf("pl", "S3's prefix list"));
  return {
    vpcId: read.text(`${path}.vpcId`, raw["vpcId"] ?? null, idOf("vpc", "the VPC")) ?? "",
    subnetIds,
    clusterSecurityGroupId:
      read.text(`${path}.clusterSecurityGroupId`, raw["clusterSecurityGroupId"] ?? null, idOf("sg", "the cluster's security group")) ?? "",
    routeTableIds: read.texts(`${path}.routeTableIds`, raw["routeTableIds"], idOf("rtb", "a route table")) ?? [],
    ...(s3PrefixListId !== undefined && { s3PrefixListId }),
  };
}
