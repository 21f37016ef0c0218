import { describe, expect, it } from "vitest";
import { readContext, readDeployTarget } from "../../lib/config.ts";
import { type ClusterPlan, CONTEXT_KEYS, parseInstallation, type RawInstallation } from "../../lib/stack/stack-config.ts";
import { HOME, PRIVATE, TARGETS } from "./synthesize.ts";

const parse = (raw: RawInstallation) => parseInstallation({ ...HOME, ...raw });
const problems = (raw: RawInstallation): readonly string[] => {
  const parsed = parse(raw);
  return parsed.ok ? [] : parsed.problems;
};

it("says nothing: no cluster, the defaults", () => {
  expect(parse({})).toEqual({
    ok: true,
    value: {
      stackName: "sluice",
      account: "123456789012",
      region: "eu-central-1",
      clusters: [],
      ecrRepositories: [],
      settings: {},
      notify: { targets: [] },
      logRetentionDays: 30,
      reserveConcurrency: true,
    },
  });
});

const PROD = { name: "prod", eksName: "prod", region: "eu-central-1", access: { kind: "admin" } };

describe("clusters", () => {
  it.each<{ what: string; clusters: unknown; want: unknown }>([
    { what: "a text from -c", clusters: "prod", want: [PROD] },
    { what: "several", clusters: "prod, staging", want: [PROD, { ...PROD, name: "staging", eksName: "staging" }] },
    { what: "an empty text", clusters: "", want: [] },
    { what: "a list of names", clusters: ["prod"], want: [PROD] },
    { what: "JSON from -c", clusters: '[{"name":"prod"}]', want: [PROD] },
    { what: "another name at EKS", clusters: [{ name: "prod", eksName: "eks-1" }], want: [{ ...PROD, eksName: "eks-1" }] },
    { what: "its own account once more", clusters: [{ name: "prod", account: "123456789012" }], want: [PROD] },
    {
      what: "scoped access",
      clusters: [{ name: "prod", access: { policy: "AmazonEKSEditPolicy", namespaces: ["apps", "team-*"] } }],
      want: [{ ...PROD, access: { kind: "scoped", policy: "AmazonEKSEditPolicy", namespaces: ["apps", "team-*"] } }],
    },
    {
      what: "another account, one role",
      clusters: [{ name: "prod", account: "210987654321", roleArn: "arn:aws:iam::210987654321:role/sluice" }],
      want: [{ ...PROD, roleArns: each("arn:aws:iam::210987654321:role/sluice") }],
    },
    { what: "a private one", clusters: [{ name: "prod", private: PRIVATE }], want: [{ ...PROD, private: PRIVATE }] },
  ])("$what", ({ clusters, want }) => {
    const parsed = parse({ clusters });
    expect(parsed.ok ? parsed.value.clusters : parsed.problems).toEqual(want);
  });
});

it("settings come as text and as JSON", () => {
  const text = {
    noCrossNamespaceRefs: "true",
    logRetentionDays: "7",
    privateNetworks: "10.0.0.0/8,10.1.0.0/16",
    gitHubHosts: '{"a.example":"https://a.example/api"}',
  };
  const json = {
    noCrossNamespaceRefs: true,
    logRetentionDays: 7,
    privateNetworks: ["10.0.0.0/8", "10.1.0.0/16"],
    gitHubHosts: { "a.example": "https://a.example/api" },
  };
  expect(parse(text)).toEqual(parse(json));
  expect(parse(json)).toMatchObject({
    value: { settings: { noCrossNamespaceRefs: true, privateNetworks: ["10.0.0.0/8", "10.1.0.0/16"] }, logRetentionDays: 7 },
  });
});

describe("notifications", () => {
  const notify = (raw: RawInstallation): unknown => {
    const parsed = parse(raw);
    return parsed.ok ? parsed.value.notify : parsed.problems;
  };
  const full = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sluice/slack-AbCdEf";
  it.each<{ what: string; raw: RawInstallation; want: unknown }>([
    { what: "a secret by its name", raw: { slack: "sluice/slack" }, want: { slack: "sluice/slack", targets: [] } },
    { what: "a secret by its ARN", raw: { slack: full }, want: { slack: full, targets: [] } },
    { what: "Amazon Q", raw: { amazonQ: "all" }, want: { amazonQ: "all", targets: [] } },
    {
      what: "targets, each once",
      raw: { notifyTargets: [...TARGETS, ...TARGETS] },
      want: { targets: TARGETS.map((arn, index) => ({ service: ["sns", "events", "sqs"][index], arn })) },
    },
    { what: "targets from -c", raw: { notifyTargets: TARGETS.join(",") }, want: { targets: TARGETS.map((arn) => expect.objectContaining({ arn })) } },
  ])("$what", ({ raw, want }) => expect(notify(raw)).toEqual(want));
});

describe("problems say where, what was expected and what stands there", () => {
  it.each<{ raw: RawInstallation; want: string }>([
    { raw: { clusters: 7 }, want: "clusters: expected names with commas between them, or a list of clusters, got 7" },
    { raw: { clusters: "[{" }, want: 'clusters: expected names with commas between them, or a list of clusters, got "[{"' },
    { raw: { clusters: "pro d" }, want: 'clusters[0].name: expected a name of letters, digits, "-" and "_", at most 100, got "pro d"' },
    { raw: { clusters: [{}] }, want: 'clusters[0].name: expected a name of letters, digits, "-" and "_", at most 100, got null' },
    { raw: { clusters: [3] }, want: "clusters[0]: expected an object with name, eksName, region, account, roleArn, access, private, got 3" },
    { raw: { clusters: "a,a" }, want: 'clusters[1].name: expected a name that no other cluster has, got "a"' },
    {
      raw: { clusters: [{ name: "a", eksname: "b" }] },
      want: 'clusters[0].eksname: expected one of name, eksName, region, account, roleArn, access, private, got "eksname"',
    },
    { raw: { clusters: [{ name: "a", region: "Frankfurt" }] }, want: 'clusters[0].region: expected a region such as "eu-central-1", got "Frankfurt"' },
    {
      raw: { clusters: [{ name: "a", account: "210987654321" }] },
      want: 'clusters[0].account: expected roleArn, too: the role to assume in another account than the installation\'s, got "210987654321"',
    },
    {
      raw: { clusters: [{ name: "a", account: "210987654321", roleArn: "arn:aws:iam::111111111111:role/x" }] },
      want: 'clusters[0].account: expected the account of roleArn (arn:aws:iam::111111111111:role/x), got "210987654321"',
    },
    {
      raw: { clusters: [{ name: "a", roleArn: "sluice" }] },
      want: 'clusters[0].roleArn: expected the ARN of a role, "arn:aws:iam::<account>:role/<name>", got "sluice"',
    },
    {
      raw: { clusters: [{ name: "a", access: "root" }] },
      want: 'clusters[0].access: expected "admin", or {"policy": "AmazonEKSEditPolicy", "namespaces": [...]}, got "root"',
    },
    {
      raw: { clusters: [{ name: "a", access: { policy: "AmazonEKSEditPolicy" } }] },
      want: "clusters[0].access.namespaces: expected at least one namespace, got nothing",
    },
    {
      raw: { clusters: [{ name: "a", private: { ...PRIVATE, vpcId: "10.0.0.0" } }] },
      want: 'clusters[0].private.vpcId: expected the id of the VPC, "vpc-…", got "10.0.0.0"',
    },
    {
      raw: { clusters: [{ name: "a", private: { ...PRIVATE, subnetIds: [] } }] },
      want: "clusters[0].private.subnetIds: expected at least one subnet of the cluster, got []",
    },
    {
      raw: { clusters: [{ name: "a", region: "us-west-2", private: PRIVATE }] },
      want: 'clusters[0].private: expected a cluster of the installation\'s own account and region: install Sluice there, got "a"',
    },
    {
      raw: { stackName: "s".repeat(33) },
      want: `stackName: expected a name of letters, digits and "-", at most 32, such as "sluice", got "${"s".repeat(33)}"`,
    },
    { raw: { noCrossNamespaceRefs: "yes" }, want: 'noCrossNamespaceRefs: expected true or false, got "yes"' },
    { raw: { logRetentionDays: 8 }, want: "logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, got 8" },
    { raw: { alarmTopicArn: "topic" }, want: 'alarmTopicArn: expected the ARN of an SNS topic, "arn:aws:sns:<region>:<account>:<name>", got "topic"' },
    { raw: { alarmEmail: "me" }, want: 'alarmEmail: expected an e-mail address, got "me"' },
    {
      raw: { ecrRepositories: "charts" },
      want: 'ecrRepositories[0]: expected the ARN of a repository of ECR, or the beginning of several: "arn:aws:ecr:<region>:<account>:repository/charts/*", got "charts"',
    },
    { raw: { privateNetworks: "ten" }, want: 'privateNetworks[0]: expected a network such as "10.20.0.0/16", got "ten"' },
    {
      raw: { gitHubHosts: { "a.example": "http://a.example" } },
      want: 'gitHubHosts.a.example: expected the address of its API, such as "https://git.example.com/api/v3", got "http://a.example"',
    },
    ...["https://hooks.slack.com/services/CANARY", "hooks.slack.com/services/CANARY"].map((slack) => ({
      raw: { slack },
      want: 'slack: expected the name or the whole ARN of a secret, such as "sluice/slack", got a webhook address, which is a key: put it into that secret',
    })),
    { raw: { slack: "a*" }, want: 'slack: expected the name or the whole ARN of a secret, such as "sluice/slack", got "a*"' },
    {
      raw: { slack: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a" },
      want: 'slack: expected the name or the whole ARN of a secret, such as "sluice/slack", got "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a"',
    },
    { raw: { amazonQ: "some" }, want: 'amazonQ: expected "failures" or "all", got "some"' },
    ...[
      "arn:aws:sns:eu-central-1:123456789012:*",
      "arn:aws:lambda:eu-central-1:123456789012:function:x",
      "https://sqs.eu-central-1.amazonaws.com/123456789012/a",
    ].map((arn) => ({
      raw: { notifyTargets: [arn] },
      want: `notifyTargets[0]: expected the ARN of an SNS topic, an EventBridge event bus or an SQS queue, got "${arn}"`,
    })),
  ])("$want", ({ raw, want }) => expect(problems(raw)).toContain(want));

  it("all at once", () => expect(problems({ clusters: "-", stackName: "-", alarmEmail: "-" })).toHaveLength(3));
  it("where to go is not known without the CDK's command line", () =>
    expect(parseInstallation({})).toEqual({ ok: false, problems: ['region: expected a region such as "eu-central-1", got nothing'] }));
});

it("context and environment are read by name", () => {
  const context = readContext(CONTEXT_KEYS, (key) => (key === "clusters" ? "prod" : undefined));
  const target = readDeployTarget({ CDK_DEFAULT_REGION: "us-east-1", CDK_DEFAULT_ACCOUNT: "123456789012", AWS_REGION: "eu-west-1" });
  expect(parseInstallation({ ...context, ...target })).toMatchObject({ value: { region: "us-east-1", account: "123456789012", clusters: [{ name: "prod" }] } });
  expect(readDeployTarget({})).toEqual({});
});

function each(arn: string): ClusterPlan["roleArns"] {
  return { source: arn, apply: arn, sweep: arn, notify: arn, receiver: arn };
}
