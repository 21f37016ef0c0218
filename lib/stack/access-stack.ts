import { type App, NestedStack, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AccessEntries } from "./access-entries.ts";
import { CLUSTER_FUNCTIONS, type ClusterFunction } from "./cluster-plan.ts";
import type { Installation } from "./stack-config.ts";

/** The access entries of an installation's clusters in another region of its account: CloudFormation makes them only from there. */
export class AccessStack extends Stack {
  constructor(app: App, installation: Installation, region: string) {
    super(app, `${installation.stackName}-access-${region}`, {
      env: { ...(installation.account !== undefined && { account: installation.account }), region },
      description: `Sluice (${installation.stackName}): access to the clusters of ${region}`,
    });
    addEntries(this, installation, region, CLUSTER_FUNCTIONS);
  }
}

/**
 * Those of the installation's own region, of some functions. Nested, and not in the main stack, since that holds 500 resources at most, and these would be most
 * of them; and two, since one would hold those of 100 clusters only.
 */
export class OwnAccessStack extends NestedStack {
  constructor(scope: Construct, id: string, installation: Installation, functions: readonly ClusterFunction[]) {
    super(scope, id, { description: `Sluice (${installation.stackName}): access of ${functions.join(", ")} to the clusters of its own region` });
    addEntries(this, installation, installation.region, functions);
  }
}

function addEntries(stack: Stack, installation: Installation, region: string, functions: readonly ClusterFunction[]): void {
  for (const cluster of installation.clusters) {
    if (hasEntriesIn(region, cluster)) new AccessEntries(stack, `Access${cluster.name}`, installation, cluster, functions);
  }
}

/** A cluster of another account has its entries from there. */
export const hasEntriesIn = (region: string, cluster: Installation["clusters"][number]): boolean => cluster.region === region && cluster.roleArns === undefined;
