import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Cli } from "./cli.ts";
import { Failure } from "./failure.ts";
import { type ClusterInfo, isManagedByFlux, readClusterInfo } from "./installation.ts";

/** Asks before taking over what another tool installed; ends with `refusal` when the answer is no. Says what is installed, if anything. */
export async function confirmOverride(cli: Cli, cluster: Cluster, refusal: string): Promise<ClusterInfo | undefined> {
  const info = await readClusterInfo(cluster);
  if (!("version" in info)) return undefined;
  if (isManagedByFlux(info.managedBy)) return info;
  cli.err(`Flux ${info.version} has been installed on this cluster with ${info.managedBy}!\n`);
  if (!(await cli.confirm(`Are you sure you want to override the ${info.managedBy} installation`))) throw new Failure(refusal);
  return info;
}
