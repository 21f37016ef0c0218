import { dirname } from "node:path";
import { AssetHashType, DockerImage, type Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, CfnFunction, Code, Function as LambdaFunction, LoggingFormat, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { BUNDLE_HANDLER, bundleFunction, type FunctionName, functionEntry } from "./bundling.ts";
import { functionNameOf, logGroupNameOf, roleNameOf } from "./names.ts";
import type { Installation } from "./stack-config.ts";

export type SluiceFunctionProps = {
  readonly installation: Installation;
  readonly name: FunctionName;
  /** Of a gate: there is one for each private cluster. */
  readonly cluster?: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** What is baked into the bundle: an environment holds 4 KB, and a hundred clusters are more. */
  readonly define?: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  /** Set where the function goes on purpose in a chain of messages that Lambda would take for an endless loop and cut off. */
  readonly isPartOfLoop?: true;
  readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
};

/**
 * One function with a role and a log group of its own. The role begins with the right to write that log and nothing else; what it may do beyond is given by
 * the `grant…` of the things that it uses, together with the environment variable that says where they are.
 */
export class SluiceFunction extends Construct {
  readonly name: FunctionName;
  /** How alarms and the dashboard call it. */
  readonly label: string;
  readonly timeout: Duration;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: SluiceFunctionProps) {
    super(scope, id);
    const { installation, name, cluster, network } = props;
    this.name = name;
    this.label = cluster === undefined ? name : `${name} ${cluster}`;
    this.timeout = props.timeout;
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      // A gate's is found by nobody, and there are several of them.
      ...(cluster === undefined && { roleName: roleNameOf(installation, name) }),
      description: `${installation.stackName}: ${props.description}`,
    });
    this.logGroup = new LogGroup(this, "Log", {
      logGroupName: logGroupNameOf(installation, name, cluster),
      retention: installation.logRetentionDays,
      // It goes with the stack: a log group that stayed would stand in the way of the next installation of this name.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.allow({ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [this.logGroup.logGroupArn] });
    this.lambda = new LambdaFunction(this, "Function", {
      functionName: functionNameOf(installation, name, cluster),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: BUNDLE_HANDLER,
      code: bundledCode(name, props.define ?? {}),
      memorySize: props.memoryMb,
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      // Our lines are JSON already: in the format JSON Lambda would wrap each of them once more.
      loggingFormat: LoggingFormat.TEXT,
      environment: { NODE_OPTIONS: "--enable-source-maps" },
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      // A delayed look goes apply -> later -> relay -> apply, as often as health takes; Lambda cuts a chain of sixteen off. Source: Lambda, "recursive loop detection".
      ...(props.isPartOfLoop && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    const { defaultChild } = this.lambda.node;
    // By the resource itself: the construct would want to look the VPC up.
    if (network !== undefined && defaultChild instanceof CfnFunction) {
      defaultChild.vpcConfig = { subnetIds: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] };
    }
  }

  /** A permission of the function's role; the thing that gives it names its actions and resources one by one. */
  allow(statement: PolicyStatementProps): void {
    this.role.addToPrincipalPolicy(new PolicyStatement(statement));
  }

  /** Tells the function something by an environment variable. */
  tell(variable: string, value: string): void {
    this.lambda.addEnvironment(variable, value);
  }
}

/** esbuild runs on this machine; equal sources and configuration give an equal hash, so that an unchanged function is no change in a deployment. */
function bundledCode(name: FunctionName, define: Readonly<Record<string, string>>): Code {
  const entry = functionEntry(name);
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("none"), // asked for by the type; nothing runs in Docker
      environment: { ...define }, // unused, but part of what the CDK tells bundles of one folder apart by
      local: {
        tryBundle: (outdir) => {
          bundleFunction({ entry, outdir, define });
          return true;
        },
      },
    },
  });
}
