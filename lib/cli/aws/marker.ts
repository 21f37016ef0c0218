import { annotationOf } from "@sluice/engine/domain/manifest.ts";
import { CLUSTER_ANNOTATION, MARKER_NAME, REGION_ANNOTATION } from "@sluice/engine/flux/installation.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { DEFAULT_NAMESPACE } from "../../config.ts";

/** Which installation on AWS looks after a cluster, by the name that it has for it. */
export type InstalledOn = { readonly cluster: string; readonly region: string };

/**
 * What the marker says, in one of these namespaces or in `flux-system`; undefined when it names no installation, is not there, or is not for this user to
 * see: then there is only the cluster itself.
 */
export async function findInstallation(cluster: Cluster, ...namespaces: readonly string[]): Promise<InstalledOn | undefined> {
  for (const namespace of new Set([...namespaces, DEFAULT_NAMESPACE])) {
    const answer = await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: MARKER_NAME });
    if (answer.kind !== "found") continue;
    const name = annotationOf(answer.object, CLUSTER_ANNOTATION);
    const region = annotationOf(answer.object, REGION_ANNOTATION);
    return name === undefined || region === undefined || name === "" || region === "" ? undefined : { cluster: name, region };
  }
  return undefined;
}
