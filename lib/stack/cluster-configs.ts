import type { ClusterConfig } from "@sluice/platform/lambda/cluster-config.ts";
import { ENV_CLUSTERS, ENV_SETTINGS } from "@sluice/platform/lambda/environment.ts";
import type { ClusterFunction } from "./cluster-plan.ts";
import { functionNameOf } from "./names.ts";
import type { Installation } from "./stack-config.ts";

/** What is baked into the bundle of a function that talks to clusters. */
export const bakedFor = (installation: Installation, name: ClusterFunction): Readonly<Record<string, string>> => ({
  [ENV_CLUSTERS]: JSON.stringify(clusterConfigs(installation, name)),
  [ENV_SETTINGS]: JSON.stringify(installation.settings),
});

/** The clusters as one function knows them: in another account each may have a role of its own. */
export const clusterConfigs = (installation: Installation, name: ClusterFunction): readonly ClusterConfig[] =>
  installation.clusters.map((cluster) => ({
    name: cluster.name,
    region: cluster.region,
    ...(cluster.eksName !== cluster.name && { eksName: cluster.eksName }),
    ...(cluster.roleArns !== undefined && { roleArn: cluster.roleArns[name] }),
    ...(cluster.private !== undefined && { gate: functionNameOf(installation, "gate", cluster.name) }),
  }));
