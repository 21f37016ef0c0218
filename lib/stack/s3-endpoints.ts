import { Aws } from "aws-cdk-lib";
import { CfnVPCEndpoint } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import type { ClusterPlan } from "./cluster-plan.ts";

/**
 * S3's gateway endpoint in each VPC with a private cluster, for the route tables that the configuration names; it costs nothing. It has no policy of its own:
 * all that is in those subnets goes through it, images from ECR among it. What the gate may do is said by its role.
 */
export class S3Endpoints extends Construct {
  constructor(scope: Construct, id: string, clusters: readonly ClusterPlan[]) {
    super(scope, id);
    const networks = clusters.flatMap((cluster) => (cluster.private === undefined ? [] : [cluster.private]));
    for (const [vpcId, inVpc] of Object.entries(Object.groupBy(networks, (network) => network.vpcId))) {
      const routeTableIds = [...new Set((inVpc ?? []).flatMap((network) => network.routeTableIds))];
      if (routeTableIds.length === 0) continue;
      new CfnVPCEndpoint(this, vpcId, { vpcId, vpcEndpointType: "Gateway", serviceName: `com.amazonaws.${Aws.REGION}.s3`, routeTableIds });
    }
  }
}
