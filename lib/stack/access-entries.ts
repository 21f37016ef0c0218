import { Aws } from "aws-cdk-lib";
import { CfnAccessEntry } from "aws-cdk-lib/aws-eks";
import { Construct } from "constructs";
import type { AccessConfig, ClusterFunction, ClusterPlan } from "./cluster-plan.ts";
import { roleArnOf } from "./names.ts";
import type { Installation } from "./stack-config.ts";

/** Kubernetes groups that ClusterRoles are bound to; those of all but apply come with `sluice install`. */
export const groupOf = (name: ClusterFunction): string => `sluice:${name}`;

/** The entries of one cluster of this account in the region of the stack that this stands in: who of us, of those that are named, may do what there. */
export class AccessEntries extends Construct {
  constructor(scope: Construct, id: string, installation: Installation, cluster: ClusterPlan, functions: readonly ClusterFunction[]) {
    super(scope, id);
    for (const name of functions) {
      new CfnAccessEntry(this, name, {
        clusterName: cluster.eksName,
        principalArn: roleArnOf(installation, name),
        type: "STANDARD",
        kubernetesGroups: [groupOf(name)],
        // Only `apply` writes what people wrote; the others have what is bound to their groups and no access policy of EKS.
        ...(name === "apply" && { accessPolicies: [accessPolicy(cluster.access)] }),
      });
    }
  }
}

function accessPolicy(access: AccessConfig): CfnAccessEntry.AccessPolicyProperty {
  switch (access.kind) {
    case "admin":
      return { policyArn: policyArnOf("AmazonEKSClusterAdminPolicy"), accessScope: { type: "cluster" } };
    case "scoped":
      return { policyArn: policyArnOf(access.policy), accessScope: { type: "namespace", namespaces: [...access.namespaces] } };
  }
}

export const policyArnOf = (policy: string): string => `arn:${Aws.PARTITION}:eks::aws:cluster-access-policy/${policy}`;
