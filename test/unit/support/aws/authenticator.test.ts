import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeClusterCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import { signToken, type TokenParts } from "./token.ts";

const ROLE = "arn:aws:iam::000000000000:role/sluice/apply";
const START = Date.UTC(2026, 10, 21, 9);
const MINUTE = 60_000;

let clock: VirtualClock;
let aws: FakeAws;
beforeEach(async () => {
  clock = createVirtualClock(START);
  aws = await createAws({ clock });
  aws.eks.putCluster({ name: "prod", endpoint: "https://127.0.0.1:1", certificateAuthority: "one" });
  aws.eks.allow("prod", ROLE, { groups: ["sluice:source"] });
});
afterEach(() => aws.stop());

describe("a token", () => {
  const whole = (): TokenParts => ({ credentials: aws.credentialsOf(ROLE, "a@b", 86_400), cluster: "prod", at: START });

  it("stands for the role's session with the entry's groups", async () => {
    expect(aws.authenticateToken(await signToken(whole()), "prod")).toMatchObject({
      name: "arn:aws:sts::000000000000:assumed-role/apply/a-b",
      groups: ["sluice:source"],
    });
  });

  it.each<{ what: string; parts: () => Partial<TokenParts> }>([
    { what: "another host", parts: () => ({ hostname: "sts.evil.example" }) },
    { what: "another action", parts: () => ({ action: "AssumeRole" }) },
    { what: "for another cluster", parts: () => ({ cluster: "staging" }) },
    { what: "without the cluster's name signed", parts: () => ({ signCluster: false }) },
    { what: "valid for too long", parts: () => ({ expiresIn: 901 }) },
    { what: "made more than 15 minutes ago", parts: () => ({ at: START - 16 * MINUTE }) },
    { what: "made more than 15 minutes from now", parts: () => ({ at: START + 16 * MINUTE }) },
    { what: "with a wrong secret", parts: () => ({ credentials: { ...aws.credentialsOf(ROLE), secretAccessKey: "wrong" } }) },
    { what: "with a wrong session token", parts: () => ({ credentials: { ...aws.credentialsOf(ROLE), sessionToken: "wrong" } }) },
    { what: "of credentials that ran out", parts: () => ({ credentials: aws.credentialsOf(ROLE, "s", 0) }) },
    { what: "of a role without an entry", parts: () => ({ credentials: aws.credentialsOf("arn:aws:iam::000000000000:role/other") }) },
    { what: "of a role of that name in another account", parts: () => ({ credentials: aws.credentialsOf("arn:aws:iam::111122223333:role/apply") }) },
  ])("$what is refused", async ({ parts }) => {
    expect(aws.authenticateToken(await signToken({ ...whole(), ...parts() }), "prod")).toBeUndefined();
  });

  it.each([
    { what: "no prefix", spoil: (token: string) => token.slice("k8s-aws-v1.".length) },
    { what: "another prefix", spoil: (token: string) => token.replace("v1", "v2") },
    { what: "a parameter more", spoil: (token: string) => reencode(token, (url) => `${url}&X-Amz-Extra=1`) },
    { what: "a parameter twice", spoil: (token: string) => reencode(token, (url) => `${url}&Action=GetCallerIdentity`) },
    { what: "http", spoil: (token: string) => reencode(token, (url) => url.replace("https:", "http:")) },
    { what: "another path", spoil: (token: string) => reencode(token, (url) => url.replace("/?", "/x?")) },
    { what: "another date", spoil: (token: string) => reencode(token, (url) => url.replace("T090000Z", "T090100Z")) },
    { what: "more than 4 KiB", spoil: (token: string) => token + "A".repeat(4096) },
    { what: "other signs than base64url's", spoil: (token: string) => `${token}==` },
  ])("with $what is refused", async ({ spoil }) => {
    expect(aws.authenticateToken(spoil(await signToken(whole())), "prod")).toBeUndefined();
  });

  it("is good for 15 minutes, whatever X-Amz-Expires says", async () => {
    const token = await signToken(whole());
    await clock.advance(15 * MINUTE);
    expect(aws.authenticateToken(token, "prod")).toBeDefined();
    await clock.advance(1000);
    expect(aws.authenticateToken(token, "prod")).toBeUndefined();
  });

  it("says nothing any more once the entry is gone", async () => {
    const token = await signToken(whole());
    aws.eks.forbid("prod", ROLE);
    expect(aws.authenticateToken(token, "prod")).toBeUndefined();
  });
});

const reencode = (token: string, change: (url: string) => string): string =>
  `k8s-aws-v1.${Buffer.from(change(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString())).toString("base64url")}`;

describe("access entries", () => {
  const client = (): EKSClient => new EKSClient({ ...aws.client, maxAttempts: 1 });
  const other = "arn:aws:iam::000000000000:role/other";

  it("are made, listed, given policies and deleted", async () => {
    const eks = client();
    const made = await eks.send(new CreateAccessEntryCommand({ clusterName: "prod", principalArn: other, kubernetesGroups: ["g"] }));
    expect(made.accessEntry).toMatchObject({ username: "arn:aws:sts::000000000000:assumed-role/other/{{SessionName}}", type: "STANDARD" });
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy";
    await eks.send(
      new AssociateAccessPolicyCommand({ clusterName: "prod", principalArn: other, policyArn, accessScope: { type: "namespace", namespaces: ["apps"] } }),
    );
    const { associatedAccessPolicies } = await eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName: "prod", principalArn: other }));
    expect(associatedAccessPolicies?.map(({ accessScope }) => accessScope)).toEqual([{ type: "namespace", namespaces: ["apps"] }]);
    expect((await eks.send(new ListAccessEntriesCommand({ clusterName: "prod" }))).accessEntries).toEqual([other, ROLE]);
    expect((await eks.send(new ListAccessEntriesCommand({ clusterName: "prod", associatedPolicyArn: policyArn }))).accessEntries).toEqual([other]);
    await eks.send(new DeleteAccessEntryCommand({ clusterName: "prod", principalArn: other }));
    expect((await eks.send(new ListAccessEntriesCommand({ clusterName: "prod" }))).accessEntries).toEqual([ROLE]);
  });

  it.each([
    { what: "a group of Kubernetes' own", input: { principalArn: other, kubernetesGroups: ["system:masters"] }, code: "InvalidParameterException" },
    { what: "a username of EKS' own", input: { principalArn: other, username: "eks:x" }, code: "InvalidParameterException" },
    { what: "a session instead of a role", input: { principalArn: "arn:aws:sts::000000000000:assumed-role/x/y" }, code: "InvalidParameterException" },
    { what: "a principal that has one", input: { principalArn: ROLE }, code: "ResourceInUseException" },
  ])("$what is refused", async ({ input, code }) => {
    await expect(client().send(new CreateAccessEntryCommand({ clusterName: "prod", ...input }))).rejects.toMatchObject({ name: code });
  });

  it.each([
    { namespaces: undefined, groups: ["system:masters"] },
    { namespaces: ["apps"], groups: [] },
  ])("AmazonEKSClusterAdminPolicy over $namespaces gives $groups", async ({ namespaces, groups }) => {
    const policy = "AmazonEKSClusterAdminPolicy";
    aws.eks.allow("prod", ROLE, { policies: [namespaces === undefined ? { policy } : { policy, namespaces }] });
    const user = aws.authenticateToken(await signToken({ credentials: aws.credentialsOf(ROLE), cluster: "prod", at: START }), "prod");
    expect(user?.groups).toEqual(groups);
    expect(user?.policies.map(({ namespaces: own }) => own)).toEqual([namespaces ?? []]);
  });

  it("are gone when the cluster is made anew, with another endpoint", async () => {
    aws.eks.recreateCluster({ name: "prod", endpoint: "https://127.0.0.1:2", certificateAuthority: "two" });
    expect((await client().send(new DescribeClusterCommand({ name: "prod" }))).cluster).toMatchObject({
      endpoint: "https://127.0.0.1:2",
      certificateAuthority: { data: btoa("two") },
    });
    expect((await client().send(new ListAccessEntriesCommand({ clusterName: "prod" }))).accessEntries).toEqual([]);
  });

  it("are those of one region", async () => {
    await expect(
      new EKSClient({ ...aws.client, region: "us-east-1", maxAttempts: 1 }).send(new DescribeClusterCommand({ name: "prod" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
