import { type App, NestedStack, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AccessEntries } from "./access-entries.ts";
import type { Installation } from "./stack-config.ts";

/** The access entries of an installation's clusters in another region of its account: CloudFormation makes them only from there. */
export class AccessStack extends Stack {
  constructor(app: App, installation: Installation, region: string) {
    super(app, `${installation.stackName}-access-${region}`, {
      env: { ...(installation.account !== undefined && { account: installation.account }), region },
      description: `Sluice (${installation.stackName}): access to the clusters of ${region}`,
    });
    addEntries(this, installation, region);
  }
}

/** Those of the installation's own region. Nested, and not in the main stack, since that holds 500 resources at most, and these would be most of them. */
export class OwnAccessStack extends NestedStack {
  constructor(scope: Construct, id: string, installation: Installation) {
    super(scope, id, { description: `Sluice (${installation.stackName}): access to the clusters of its own region` });
    addEntries(this, installation, installation.region);
  }
}

function addEntries(stack: Stack, installation: Installation, region: string): void {
  for (const cluster of installation.clusters) {
    if (hasEntriesIn(region, cluster)) new AccessEntries(stack, `Access${cluster.name}`, installation, cluster);
  }
}

/** A cluster of another account has its entries from there. */
export const hasEntriesIn = (region: string, cluster: Installation["clusters"][number]): boolean => cluster.region === region && cluster.roleArns === undefined;
