import { findCondition } from "../../domain/condition.ts";
import type { Cause } from "../../domain/outcome.ts";
import { type Kustomization, parseKustomization } from "../../flux/parse.ts";
import type { Cluster } from "../../ports/cluster.ts";

/**
 * Why the first dependency that is not ready is not, or undefined when all are. One with the same source must have applied
 * the revision that is about to be applied. Source: reference 2.4.
 */
export async function findUnready(cluster: Pick<Cluster, "get">, object: Kustomization, revision: string): Promise<Cause | undefined> {
  for (const { name, namespace = object.metadata.namespace } of object.spec.dependsOn ?? []) {
    const message = await unreadiness(cluster, object, { name, namespace }, revision);
    if (message !== undefined) return { reason: "DependencyNotReady", message };
  }
  return undefined;
}

async function unreadiness(
  cluster: Pick<Cluster, "get">,
  object: Kustomization,
  { name, namespace }: { name: string; namespace: string },
  revision: string,
): Promise<string | undefined> {
  const answer = await cluster.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name });
  const said = `dependency '${namespace}/${name}'`;
  if (answer.kind === "absent") return `${said} not found: ${answer.message}`;
  if (answer.kind === "refused") return `${said} not found: ${answer.message}`;
  const parsed = parseKustomization(answer.object);
  if (!parsed.ok || !isReady(parsed.value)) return `${said} is not ready`;
  const isBehind = hasSameSource(object, parsed.value) && parsed.value.status.lastAppliedRevision !== revision;
  return isBehind ? `${said} revision is not up to date` : undefined;
}

const isReady = ({ metadata, status }: Kustomization): boolean =>
  metadata.generation === status.observedGeneration && findCondition(status.conditions ?? [], "Ready")?.status === "True";

function hasSameSource(a: Kustomization, b: Kustomization): boolean {
  const [left, right] = [a, b].map(({ metadata, spec: { sourceRef } }) => `${sourceRef.kind}/${sourceRef.namespace ?? metadata.namespace}/${sourceRef.name}`);
  return left === right;
}
