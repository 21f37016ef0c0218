import { ENV_GATE_SERVERS } from "@sluice/platform/lambda/environment.ts";
import { Aws, Duration, Validations } from "aws-cdk-lib";
import { CfnSecurityGroup, CfnSecurityGroupIngress } from "aws-cdk-lib/aws-ec2";
import { Effect } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { ArtifactBucket } from "./artifact-bucket.ts";
import type { PrivateConfig } from "./cluster-plan.ts";
import { functionNameOf } from "./names.ts";
import { SluiceFunction } from "./sluice-function.ts";
import type { Installation } from "./stack-config.ts";

const HTTPS = 443;

export type ClusterGateProps = {
  readonly installation: Installation;
  readonly cluster: string;
  readonly network: PrivateConfig;
  readonly bucket: ArtifactBucket;
};

/**
 * The function in the VPC of a private cluster: it hands requests, and the token that comes with them, to the API server. Its subnets need no NAT gateway
 * and no interface endpoint; of AWS it may write `gate/*` of the bucket, through S3's gateway endpoint, and that is all.
 */
export class ClusterGate extends Construct {
  readonly cluster: string;
  readonly fn: SluiceFunction;

  constructor(scope: Construct, id: string, { installation, cluster, network, bucket }: ClusterGateProps) {
    super(scope, id);
    this.cluster = cluster;
    const securityGroup = this.#securityGroup(installation, cluster, network);
    this.fn = new SluiceFunction(this, "Gate", {
      installation,
      name: "gate",
      cluster,
      description: `Hands requests to the private API server of ${cluster}`,
      // Answers of up to 6 MB and more are held as text.
      memoryMb: 1024,
      // A batch of requests of one run; whoever waits for it is gone after that, too.
      timeout: Duration.minutes(2),
      network: { subnetIds: network.subnetIds, securityGroupIds: [securityGroup.attrGroupId] },
    });
    bucket.grantWriteAnswers(this.fn);
    this.fn.tell(ENV_GATE_SERVERS, eksEndpointsOf(installation.region));
    this.#grantNetworkInterfaces(functionNameOf(installation, "gate", cluster));
  }

  /** The name of the function is baked into the bundles of those who may call it. */
  grantInvoke(caller: SluiceFunction): void {
    caller.allow({ actions: ["lambda:InvokeFunction"], resources: [this.fn.lambda.functionArn] });
  }

  /** Out: to the API server, and to S3; in: nothing. */
  #securityGroup(installation: Installation, cluster: string, { vpcId, clusterSecurityGroupId, s3PrefixListId }: PrivateConfig): CfnSecurityGroup {
    const tcp = { ipProtocol: "tcp", fromPort: HTTPS, toPort: HTTPS };
    // Without the id of the region's prefix list the rule for S3 has to be for every address; the routes of the subnets then decide what is reached.
    const toS3 = s3PrefixListId === undefined ? { cidrIp: "0.0.0.0/0" } : { destinationPrefixListId: s3PrefixListId };
    const group = new CfnSecurityGroup(this, "SecurityGroup", {
      vpcId,
      groupDescription: `${installation.stackName}: gate to the API server of ${cluster}`,
      securityGroupEgress: [
        { ...tcp, destinationSecurityGroupId: clusterSecurityGroupId, description: "the API server" },
        { ...tcp, ...toS3, description: "S3, by the gateway endpoint" },
      ],
    });
    new CfnSecurityGroupIngress(this, "IntoCluster", {
      ...tcp,
      groupId: clusterSecurityGroupId,
      sourceSecurityGroupId: group.attrGroupId,
      description: `${installation.stackName}: its gate`,
    });
    return group;
  }

  /** Lambda plugs the function into the subnets with the function's own role; the code that runs there may not. Source: Lambda, "Configuring VPC access". */
  #grantNetworkInterfaces(functionName: string): void {
    const functionArn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
    this.fn.allow({ actions: NETWORK_INTERFACE_ACTIONS, resources: ["*"] });
    this.fn.allow({
      effect: Effect.DENY,
      actions: NETWORK_INTERFACE_ACTIONS,
      resources: ["*"],
      conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    });
    Validations.of(this.fn.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason:
        "What Lambda needs to make and remove a network interface has no resource to name beforehand; a second statement denies it to the function's own code",
    });
  }
}

/** How EKS names API servers; the second form is that of clusters with IPv6. */
const eksEndpointsOf = (region: string): string => `.${region}.eks.amazonaws.com,.${region}.api.aws`;

const NETWORK_INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
