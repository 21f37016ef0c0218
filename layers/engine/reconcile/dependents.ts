import { findCondition } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { ObjectKey } from "../domain/object-key.ts";
import { KINDS } from "../flux/kinds.ts";
import { type Kustomization, parseKustomization } from "../flux/kustomization-object.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Queue } from "../ports/queue.ts";

export type DependentsDeps = { readonly cluster: Cluster; readonly queue: Queue; readonly clusterName: string };

const { group: GROUP, version: VERSION, kind: KIND } = KINDS.Kustomization;

/** Sends every Kustomization that applies from `source`, but for those that are ready or at work at `revision`; those that wait for others after the others. */
export async function sendAppliers(deps: DependentsDeps, source: Manifest, revision: string): Promise<void> {
  const appliers = (await listKustomizations(deps.cluster)).filter(({ metadata, spec, status }) => {
    const { kind, name, namespace } = spec.sourceRef;
    const refers = kind === source.kind && name === source.metadata.name && namespace === source.metadata.namespace;
    const isAtIt = status.lastAttemptedRevision === revision && !(findCondition(status.conditions ?? [], "Ready")?.status === "False");
    return refers && !spec.suspend && metadata.deletionTimestamp === undefined && !isAtIt;
  });
  const first = appliers.toSorted((a, b) => a.spec.dependsOn.length - b.spec.dependsOn.length);
  for (const applier of first) await deps.queue.send({ kind: "object", key: keyOf(deps, applier), cause: "source" });
}

/** Sends every Kustomization that waits for `dependency` and is not done: they run the moment it is Ready. */
export async function sendDependents(deps: DependentsDeps, dependency: Kustomization, revision: string | undefined): Promise<void> {
  const { name, namespace } = dependency.metadata;
  for (const waiting of await listKustomizations(deps.cluster)) {
    const depends = waiting.spec.dependsOn.some((one) => one.name === name && one.namespace === namespace);
    const isDone = revision !== undefined && waiting.status.lastAppliedRevision === revision;
    if (depends && !isDone && !waiting.spec.suspend) await deps.queue.send({ kind: "object", key: keyOf(deps, waiting), cause: "dependency" });
  }
}

async function listKustomizations(cluster: Cluster): Promise<readonly Kustomization[]> {
  const answer = await cluster.list({ apiVersion: `${GROUP}/${VERSION}`, kind: KIND });
  if (answer.kind === "refused") return [];
  return answer.items.flatMap((item) => {
    const parsed = parseKustomization(item);
    return parsed.ok ? [parsed.value] : [];
  });
}

const keyOf = ({ clusterName }: DependentsDeps, { metadata }: Kustomization): ObjectKey => ({
  cluster: clusterName,
  group: GROUP,
  kind: KIND,
  namespace: metadata.namespace,
  name: metadata.name,
});
