import type { HostSettings } from "@sluice/platform/lambda/cluster-config.ts";
import { type AccessConfig, type ClusterPlan, parseClusters } from "./cluster-plan.ts";
import { createReader, type Reader } from "./config-reader.ts";
import { type NotifyConfig, parseNotifyConfig } from "./notify-config.ts";

export type { AccessConfig, ClusterPlan };

/** One installation of Sluice as the stack builds it: everything checked, every default filled in. */
export type Installation = {
  /** Names the CloudFormation stack and, with it, everything that needs a known name: several installations of one account do not collide. */
  readonly stackName: string;
  /** Where the stack goes; without an account it goes wherever the credentials of the deployment belong. */
  readonly account?: string;
  readonly region: string;
  readonly clusters: readonly ClusterPlan[];
  readonly settings: HostSettings;
  readonly notify: NotifyConfig;
  /** ARNs of repositories of ECR with charts that HelmRepositories may read by our role. */
  readonly ecrRepositories: readonly string[];
  readonly logRetentionDays: number;
  readonly alarmTopicArn?: string;
  readonly alarmEmail?: string;
  /** Whether `notify` has a share of the account's concurrency of its own: accounts with the smallest quota cannot give one. */
  readonly reserveConcurrency: boolean;
};

/** What context (`cdk.json`, `-c`) and environment say, not yet checked: keys as in docs/aws.md. */
export type RawInstallation = { readonly [Key in (typeof CONTEXT_KEYS)[number]]?: unknown } & {
  /** Where the CDK's command line would deploy to. */
  readonly defaultAccount?: string;
  readonly defaultRegion?: string;
};

/** The words that a configuration may say; whatever else stands in the context belongs to the CDK. */
export const CONTEXT_KEYS = [
  "clusters",
  "stackName",
  "account",
  "region",
  "noCrossNamespaceRefs",
  "defaultServiceAccount",
  "privateNetworks",
  "gitHubHosts",
  "ecrRepositories",
  "slack",
  "amazonQ",
  "notifyTargets",
  "logRetentionDays",
  "alarmTopicArn",
  "alarmEmail",
  "reserveConcurrency",
] as const;

export type ParsedInstallation = { readonly ok: true; readonly value: Installation } | { readonly ok: false; readonly problems: readonly string[] };

/** What CloudWatch takes, but for what is longer than a year: it is no archive. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365];
/** IAM's limit is 64, and names are `<stack>-<region>-<function>`. Source: IAM quotas. */
const STACK_NAME = { pattern: /^[A-Za-z][A-Za-z0-9-]{0,31}$/, expected: 'a name of letters, digits and "-", at most 32, such as "sluice"' };
const SERVICE_ACCOUNT = { pattern: /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, expected: 'the name of a ServiceAccount, such as "tenant"' };
const TOPIC_ARN = {
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
  expected: 'the ARN of an SNS topic, "arn:aws:sns:<region>:<account>:<name>"',
};
const EMAIL = { pattern: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, expected: "an e-mail address" };
const NETWORK = { pattern: /^[0-9a-fA-F.:]+\/\d{1,3}$/, expected: 'a network such as "10.20.0.0/16"' };
const ECR_REPOSITORY = {
  pattern: /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9][a-z0-9._/-]*\*?$/,
  expected: 'the ARN of a repository of ECR, or the beginning of several: "arn:aws:ecr:<region>:<account>:repository/charts/*"',
};
const ACCOUNT = { pattern: /^\d{12}$/, expected: "the twelve digits of an AWS account, as a text" };
const REGION = { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, expected: 'a region such as "eu-central-1"' };
const URL_TEXT = { pattern: /^https:\/\/[^\s]+$/, expected: 'the address of its API, such as "https://git.example.com/api/v3"' };

/** Everything that is wrong is said at once, each with its place, what was expected and what stands there. */
export function parseInstallation(raw: RawInstallation): ParsedInstallation {
  const read = createReader();
  const account = read.text("account", raw.account, ACCOUNT) ?? raw.defaultAccount;
  const region = read.text("region", raw.region, REGION) ?? raw.defaultRegion;
  if (region === undefined) read.problem("region", REGION.expected, raw.region);
  const alarmTopicArn = read.text("alarmTopicArn", raw.alarmTopicArn, TOPIC_ARN);
  const alarmEmail = read.text("alarmEmail", raw.alarmEmail, EMAIL);
  if (alarmTopicArn !== undefined && alarmEmail !== undefined) read.problem("alarmEmail", "no e-mail address where alarmTopicArn names a topic", alarmEmail);
  const value: Installation = {
    stackName: read.text("stackName", raw.stackName, STACK_NAME) ?? "sluice",
    ...(account !== undefined && { account }),
    region: region ?? "",
    clusters: parseClusters(read, raw.clusters, { account, region: region ?? "" }),
    settings: parseSettings(read, raw),
    notify: parseNotifyConfig(read, raw),
    ecrRepositories: read.texts("ecrRepositories", raw.ecrRepositories, ECR_REPOSITORY) ?? [],
    logRetentionDays: read.oneOf("logRetentionDays", raw.logRetentionDays, RETENTION_DAYS) ?? 30,
    ...(alarmTopicArn !== undefined && { alarmTopicArn }),
    ...(alarmEmail !== undefined && { alarmEmail }),
    reserveConcurrency: read.flag("reserveConcurrency", raw.reserveConcurrency) ?? true,
  };
  return read.problems.length > 0 ? { ok: false, problems: read.problems } : { ok: true, value };
}

function parseSettings(read: Reader, raw: RawInstallation): HostSettings {
  const noCrossNamespaceRefs = read.flag("noCrossNamespaceRefs", raw.noCrossNamespaceRefs);
  const defaultServiceAccount = read.text("defaultServiceAccount", raw.defaultServiceAccount, SERVICE_ACCOUNT);
  const privateNetworks = read.texts("privateNetworks", raw.privateNetworks, NETWORK);
  const gitHubHosts = read.textMap("gitHubHosts", raw.gitHubHosts, URL_TEXT);
  return {
    ...(noCrossNamespaceRefs !== undefined && { noCrossNamespaceRefs }),
    ...(defaultServiceAccount !== undefined && { defaultServiceAccount }),
    ...(privateNetworks !== undefined && { privateNetworks }),
    ...(gitHubHosts !== undefined && { gitHubHosts }),
  };
}
