import type { Cluster } from "../ports/cluster.ts";
import type { Settings } from "./settings.ts";

const CRD = "apiextensions.k8s.io/v1";

/**
 * Whether Sluice is still wanted in this cluster: its marker stands, and the CRD is not on its way out. While it is not,
 * nothing may be pruned and no finalizer added, so that `flux uninstall` leaves every workload alone. Source: reference 6.14.
 */
export async function isInstalled(cluster: Cluster, settings: Settings, crd: string): Promise<boolean> {
  const [marker, definition] = await Promise.all([
    cluster.get(settings.marker, "metadata"),
    cluster.get({ apiVersion: CRD, kind: "CustomResourceDefinition", name: crd }, "metadata"),
  ]);
  const stands = marker.kind === "found" && marker.object.metadata.deletionTimestamp === undefined;
  return stands && definition.kind === "found" && definition.object.metadata.deletionTimestamp === undefined;
}
