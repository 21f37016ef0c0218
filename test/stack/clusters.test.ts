import { describe, expect, it } from "vitest";
import { clusterConfigs } from "../../lib/stack/cluster-configs.ts";
import { parseInstallation } from "../../lib/stack/stack-config.ts";
import { FAR, FULL, flat, HOME, PRIVATE, type Properties, synthesize, the } from "./synthesize.ts";

const full = synthesize(FULL);
const { main } = full;
describe("access to clusters", () => {
  const entries = (stack: keyof typeof full.stacks): readonly string[] =>
    (full.stacks[stack]?.ofType("AWS::EKS::AccessEntry") ?? []).map(({ Properties: entry }) => {
      const policies = (entry.AccessPolicies ?? []).map(({ PolicyArn, AccessScope }: Properties) => `${flat(PolicyArn)} ${JSON.stringify(AccessScope)}`);
      return [entry.ClusterName, flat(entry.PrincipalArn).split("/")[1], ...entry.KubernetesGroups, ...policies].join(" ");
    });
  const admin = 'arn:<AWS::Partition>:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy {"Type":"cluster"}';
  const messages = (cluster: string): readonly string[] => ["notify", "receiver"].map((name) => `${cluster} sluice-eu-central-1-${name} sluice:${name}`);
  it("in the installation's region", () => {
    expect(entries("Access")).toEqual([
      "prod sluice-eu-central-1-source sluice:source",
      `prod sluice-eu-central-1-apply sluice:apply ${admin}`,
      "prod sluice-eu-central-1-sweep sluice:sweep",
      "eks-tenants sluice-eu-central-1-source sluice:source",
      'eks-tenants sluice-eu-central-1-apply sluice:apply arn:<AWS::Partition>:eks::aws:cluster-access-policy/AmazonEKSEditPolicy {"Namespaces":["apps"],"Type":"namespace"}',
      "eks-tenants sluice-eu-central-1-sweep sluice:sweep",
      "inside sluice-eu-central-1-source sluice:source",
      `inside sluice-eu-central-1-apply sluice:apply ${admin}`,
      "inside sluice-eu-central-1-sweep sluice:sweep",
    ]);
    expect(entries("MessageAccess")).toEqual([...messages("prod"), ...messages("eks-tenants"), ...messages("inside")]);
  });
  it("in another region, by a stack that holds nothing else", () => {
    expect(Object.keys(full.stacks)).toEqual(["sluice", "sluice-access-us-west-2", "Access", "MessageAccess"]);
    expect(entries("sluice-access-us-west-2")).toEqual([
      "west sluice-eu-central-1-source sluice:source",
      `west sluice-eu-central-1-apply sluice:apply ${admin}`,
      "west sluice-eu-central-1-sweep sluice:sweep",
      ...messages("west"),
    ]);
    expect(full.stacks["sluice-access-us-west-2"]?.resources).toHaveLength(5);
  });
  it("leaves room for a hundred clusters in a stack of 500 resources", () => {
    const { stacks } = synthesize({ clusters: Array.from({ length: 100 }, (_, index) => `cluster-${index}`) });
    expect(Object.entries(stacks).map(([name, { resources }]) => [name, resources.length < 500])).toEqual([
      ["sluice", true],
      ["Access", true],
      ["MessageAccess", true],
    ]);
    // And in the policies of a role, of which each holds 6,144 characters.
    const policies = stacks["sluice"]?.ofType("AWS::IAM::ManagedPolicy") ?? [];
    const described = policies.map(({ Properties }) => Properties.PolicyDocument.Statement[0].Resource.length);
    expect(described).toEqual(Array(5).fill([40, 20]).flat());
  });
  it("in another account, by commands that the output has", () => {
    const commands = flat(main.outputs["CommandsFor4"].Value).split("\n");
    expect(commands.map((command) => command.split(" ").slice(0, 5).join(" "))).toEqual([
      "aws iam create-role --role-name sluice",
      "aws iam put-role-policy --role-name sluice",
      "aws eks create-access-entry --region eu-west-1",
      "aws eks associate-access-policy --region eu-west-1",
    ]);
    expect(commands[0]).toContain("role/sluice-eu-central-1-apply");
    expect(commands[1]).toContain('"Action":"eks:DescribeCluster","Resource":"arn:aws:eks:eu-west-1:210987654321:cluster/far"');
    expect(commands[2]).toContain("--kubernetes-groups sluice:source sluice:apply sluice:sweep sluice:notify sluice:receiver");
  });
  it("in another account, by a role with a path", () => {
    const roleArn = "arn:aws:iam::210987654321:role/team/gitops/sluice";
    const [create = "", put = ""] = flat(synthesize({ clusters: [{ name: "far", roleArn }] }).main.outputs["CommandsFor0"].Value).split("\n");
    expect(create).toContain("aws iam create-role --role-name sluice --path /team/gitops/ --assume-role-policy-document");
    expect(put).toContain("aws iam put-role-policy --role-name sluice --policy-name");
  });
  it("what is baked in names each cluster, its gate, and the role of that function", () => {
    const roleArn = { source: `${FAR}-s`, apply: `${FAR}-a`, sweep: `${FAR}-w`, notify: `${FAR}-n`, receiver: `${FAR}-r` };
    const parsed = parseInstallation({
      ...HOME,
      clusters: [
        { name: "inside", eksName: "eks-1", private: PRIVATE },
        { name: "far", roleArn },
      ],
    });
    if (!parsed.ok) throw new Error(parsed.problems.join());
    expect(clusterConfigs(parsed.value, "sweep")).toEqual([
      { name: "inside", eksName: "eks-1", region: "eu-central-1", gate: "sluice-gate-inside" },
      { name: "far", region: "eu-central-1", roleArn: `${FAR}-w` },
    ]);
  });
});

describe("a private cluster", () => {
  it("has one function in its subnets; no other function is in a VPC", () => {
    const inside = main.ofType("AWS::Lambda::Function").filter(({ Properties }) => Properties.VpcConfig !== undefined);
    const vpc = the(inside).VpcConfig;
    expect(vpc).toEqual({ SubnetIds: PRIVATE.subnetIds, SecurityGroupIds: [expect.anything()] });
    expect(the(inside).Environment.Variables.SLUICE_GATE_SERVERS).toBe(".eu-central-1.eks.amazonaws.com,.eu-central-1.api.aws");
  });
  it("may be reached by it on 443, and it by nobody", () => {
    const group = the(main.ofType("AWS::EC2::SecurityGroup"));
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(
      group.SecurityGroupEgress.map(({ FromPort, ToPort, DestinationSecurityGroupId, CidrIp }: Properties) => [
        FromPort,
        ToPort,
        DestinationSecurityGroupId ?? CidrIp,
      ]),
    ).toEqual([
      [443, 443, PRIVATE.clusterSecurityGroupId],
      [443, 443, "0.0.0.0/0"],
    ]);
    expect(the(main.ofType("AWS::EC2::SecurityGroupIngress"))).toMatchObject({ GroupId: PRIVATE.clusterSecurityGroupId, FromPort: 443, ToPort: 443 });
  });
  it("with the prefix list of S3 the gate can connect to nothing else", () => {
    const { main: narrow } = synthesize({ clusters: [{ name: "inside", private: { ...PRIVATE, s3PrefixListId: "pl-0123456789abcdef0" } }] });
    expect(narrow.text).not.toContain("0.0.0.0/0");
    expect(the(narrow.ofType("AWS::EC2::SecurityGroup")).SecurityGroupEgress[1]).toMatchObject({ DestinationPrefixListId: "pl-0123456789abcdef0" });
  });
  it("costs nothing at rest: the gateway endpoint of S3, no interface endpoint, no NAT gateway, no address", () => {
    expect(the(main.ofType("AWS::EC2::VPCEndpoint"))).toMatchObject({ VpcEndpointType: "Gateway", RouteTableIds: PRIVATE.routeTableIds });
    for (const type of ["AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::DynamoDB::Table"]) expect(main.ofType(type)).toEqual([]);
  });
  it("two in one VPC share the endpoint; a VPC that has one gets none", () => {
    const clusters = [
      { name: "a", private: PRIVATE },
      { name: "b", private: { ...PRIVATE, clusterSecurityGroupId: "sg-0123456789abcdef1" } },
    ];
    expect(synthesize({ clusters }).main.ofType("AWS::EC2::VPCEndpoint")).toHaveLength(1);
    const { routeTableIds: _, ...has } = PRIVATE;
    expect(synthesize({ clusters: [{ name: "a", private: has }] }).main.ofType("AWS::EC2::VPCEndpoint")).toEqual([]);
  });
});
