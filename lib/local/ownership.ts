import { type Manifest, type ObjectRef, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";

const LABEL = "app.kubernetes.io/managed-by";
const US = "sluice-dev";
const APPLIED_BY = "kustomize.toolkit.fluxcd.io/namespace";

/** Marks an object as one that the local mode put into the cluster. */
export const markOwn = (manifest: Manifest): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, labels: { ...manifest.metadata.labels, [LABEL]: US } },
});

/**
 * The first of `refs` that stands in the cluster and is not ours: neither marked, nor applied by a Kustomization of `namespace`.
 * Whoever wrote over it would take away what somebody works with.
 */
export async function findTaken(cluster: Cluster, refs: readonly ObjectRef[], namespace: string): Promise<string | undefined> {
  for (const ref of refs) {
    const answer = await cluster.get(ref);
    if (answer.kind !== "found") continue;
    const labels = answer.object.metadata.labels ?? {};
    if (labels[LABEL] !== US && labels[APPLIED_BY] !== namespace) return subjectOf(ref);
  }
  return undefined;
}

export const refsOf = (manifests: readonly Manifest[]): readonly ObjectRef[] => manifests.map(refOf);
