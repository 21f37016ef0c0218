import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { buildApp } from "../../lib/stack/build-app.ts";
import { parseInstallation, type RawInstallation } from "../../lib/stack/stack-config.ts";

// What a template is made of is JSON that nobody has types for: the tests look into it where they mean to.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Properties = any;
export type Resource = {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: Properties;
};

export type Synthesized = {
  readonly text: string;
  readonly resources: readonly Resource[];
  ofType(type: string): readonly Resource[];
  readonly outputs: { readonly [name: string]: Properties };
};

/** Where the CDK's command line would deploy to, were these tests run by it. */
export const HOME = { defaultAccount: "123456789012", defaultRegion: "eu-central-1" } as const;

export const PRIVATE = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  routeTableIds: ["rtb-0123456789abcdef0"],
  clusterSecurityGroupId: "sg-0123456789abcdef0",
} as const;

/** A role in another account. */
export const FAR = "arn:aws:iam::210987654321:role/sluice";
/** One cluster of each sort. */
export const CLUSTERS = [
  { name: "prod" },
  { name: "tenants", eksName: "eks-tenants", access: { policy: "AmazonEKSEditPolicy", namespaces: ["apps"] } },
  { name: "inside", private: PRIVATE },
  { name: "west", region: "us-west-2" },
  { name: "far", region: "eu-west-1", roleArn: FAR },
];
/** What Providers may name, one of each service. */
export const TARGETS = [
  "arn:aws:sns:eu-central-1:123456789012:on-call",
  "arn:aws:events:eu-west-1:123456789012:event-bus/default",
  "arn:aws:sqs:eu-central-1:210987654321:audit.fifo",
];
/** Repositories with charts. */
export const CHARTS = ["arn:aws:ecr:eu-central-1:123456789012:repository/web", "arn:aws:ecr:eu-west-1:210987654321:repository/charts/*"];
export const FULL = {
  clusters: CLUSTERS,
  alarmEmail: "on-call@example.com",
  slack: "sluice/slack",
  amazonQ: "failures",
  notifyTargets: TARGETS,
  ecrRepositories: CHARTS,
};

/** The stacks of a configuration by their names, without bundles. */
export function synthesize(raw: RawInstallation): { readonly main: Synthesized; readonly stacks: { readonly [name: string]: Synthesized } } {
  const parsed = parseInstallation({ ...HOME, ...raw });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const app = new App({ context: { "aws:cdk:bundling-stacks": [], "@aws-cdk/aws-iam:minimizePolicies": true } });
  const { main, access } = buildApp(app, parsed.value);
  const nested = Object.fromEntries(main.access.map((stack) => [stack.node.id, read(Template.fromStack(stack))]));
  const stacks: { readonly [name: string]: Synthesized } = {
    ...Object.fromEntries([main, ...access].map((stack) => [stack.stackName, read(Template.fromStack(stack))])),
    ...nested,
  };
  return { main: stacks[main.stackName] ?? empty(), stacks };
}

function read(template: Template): Synthesized {
  const json = template.toJSON();
  const resources = Object.entries<Properties>(json["Resources"] ?? {}).map(([id, resource]) => ({ id, Properties: {}, ...resource }));
  return { text: JSON.stringify(json), resources, ofType: (type) => resources.filter(({ Type }) => Type === type), outputs: json["Outputs"] ?? {} };
}

const empty = (): never => {
  throw new Error("the app has no main stack");
};

/** One statement of the policy of one role. */
export type Statement = { readonly role: string; readonly effect: string; readonly actions: readonly string[]; readonly resources: readonly string[] };

/** Everything that roles are allowed and denied; `role` is the beginning of the role's logical id: `webhook`. */
export const statementsOf = ({ resources }: Synthesized): readonly Statement[] =>
  resources.flatMap(({ id, Type, Properties }) =>
    Type !== "AWS::IAM::Policy"
      ? []
      : Properties.PolicyDocument.Statement.map((statement: Properties) => ({
          role: id.slice(0, id.indexOf("Role")),
          effect: statement.Effect,
          actions: [statement.Action].flat(),
          resources: [statement.Resource].flat().map(flat),
        })),
  );

/** A value of a template on one line: `<Id.Arn>` for Fn::GetAtt, `<Id>` for Ref, joined texts joined. */
export function flat(value: Properties): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (value["Ref"] !== undefined) return `<${withoutHash(value["Ref"])}>`;
  if (value["Fn::GetAtt"] !== undefined) return `<${withoutHash(value["Fn::GetAtt"][0])}.${value["Fn::GetAtt"][1]}>`;
  if (value["Fn::Join"] !== undefined) return value["Fn::Join"][1].map(flat).join(value["Fn::Join"][0]);
  return JSON.stringify(value);
}

/** Logical ids end in eight hex digits of their path. */
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, "");

/** The properties of the only one. */
export function the(resources: readonly Resource[]): Properties {
  if (resources.length !== 1) throw new Error(`expected one resource, got ${resources.length}: ${resources.map(({ id }) => id)}`);
  return resources[0]?.Properties;
}
