import { type App, Stack } from "aws-cdk-lib";
import { AccessEntries } from "./access-entries.ts";
import type { Installation } from "./stack-config.ts";

/** The access entries of an installation's clusters in another region of its account: CloudFormation makes them only from there. */
export class AccessStack extends Stack {
  constructor(app: App, installation: Installation, region: string) {
    super(app, `${installation.stackName}-access-${region}`, {
      env: { ...(installation.account !== undefined && { account: installation.account }), region },
      description: `Sluice (${installation.stackName}): access to the clusters of ${region}`,
    });
    for (const cluster of installation.clusters) {
      if (cluster.region === region && cluster.roleArns === undefined) new AccessEntries(this, `Access${cluster.name}`, installation, cluster);
    }
  }
}
