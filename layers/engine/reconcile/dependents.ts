import { findCondition, isTrue } from "../domain/condition.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { ObjectKey } from "../domain/object-key.ts";
import { epochMs, seconds } from "../domain/time.ts";
import { KINDS } from "../flux/kinds.ts";
import { type Kustomization, parseKustomization } from "../flux/kustomization-object.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Queue } from "../ports/queue.ts";

export type DependentsDeps = {
  readonly cluster: Cluster;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly clusterName: string;
  /**
   * Every Kustomization as a host knows it that watches them anyway, or undefined; else a LIST is made. It may be a moment old: whatever it
   * does not show yet is looked at on its own account when the host sees it.
   */
  readonly watchedKustomizations?: (() => readonly Manifest[] | undefined) | undefined;
};

/** What waits for another applier of the same push is woken by that one when it is Ready; if it never is, this long after the push it says so. */
const DEPENDENT_GRACE = seconds(5);

const { group: GROUP, version: VERSION, kind: KIND } = KINDS.Kustomization;

/**
 * Sends every Kustomization that applies from `source`, but for those that are ready or at work at `revision`. One that depends on another of
 * them comes later: running it now would only write that it waits.
 */
export async function sendAppliers(deps: DependentsDeps, source: Manifest, revision: string): Promise<void> {
  const appliers = (await findKustomizations(deps, (spec) => namedIn(spec.sourceRef, source.metadata.name))).filter(({ metadata, spec, status }) => {
    const { kind, name, namespace } = spec.sourceRef;
    const refers = kind === source.kind && name === source.metadata.name && namespace === source.metadata.namespace;
    const isAtIt = status.lastAttemptedRevision === revision && !(findCondition(status.conditions ?? [], "Ready")?.status === "False");
    return refers && !spec.suspend && metadata.deletionTimestamp === undefined && !isAtIt;
  });
  const sent = new Set(appliers.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const later = { notBefore: epochMs(deps.clock.now() + DEPENDENT_GRACE) };
  const look = lookAt(deps, revision);
  await Promise.all(
    appliers.map((applier) => {
      const waits = applier.spec.dependsOn.some(({ namespace, name }) => sent.has(`${namespace}/${name}`));
      return deps.queue.send({ kind: "object", key: keyOf(deps, applier), cause: "source", look }, waits ? later : {});
    }),
  );
}

/** Sends every Kustomization that waits for `dependency` and is not done: they run the moment it is Ready. */
export async function sendDependents(deps: DependentsDeps, dependency: Kustomization, revision: string | undefined): Promise<void> {
  const { name, namespace } = dependency.metadata;
  const named = (spec: JsonObject): boolean => isArray(spec.dependsOn) && spec.dependsOn.some((one: Json) => namedIn(one, name));
  const isOwed = (waiting: Kustomization): boolean => {
    const depends = waiting.spec.dependsOn.some((one) => one.name === name && one.namespace === namespace);
    const isDone = revision !== undefined && waiting.status.lastAppliedRevision === revision && isTrue(waiting.status.conditions ?? [], "Ready");
    const isHeld = waiting.spec.suspend || waiting.metadata.deletionTimestamp !== undefined;
    return depends && !isDone && !isHeld;
  };
  const owed = (await findKustomizations(deps, named)).filter(isOwed);
  const look = lookAt(deps, `${namespace}/${name} ${revision ?? ""}`);
  await Promise.all(owed.map((waiting) => deps.queue.send({ kind: "object", key: keyOf(deps, waiting), cause: "dependency", look })));
}

/** Those that `mayConcern`: with hundreds of them, parsing the others at every pass would cost more than the pass. */
async function findKustomizations(deps: DependentsDeps, mayConcern: (spec: JsonObject) => boolean): Promise<readonly Kustomization[]> {
  const items = deps.watchedKustomizations?.() ?? (await listKustomizations(deps.cluster));
  return items.flatMap((item) => {
    const spec = item.spec as Json | undefined; // the server's own answer
    if (!isObject(spec) || !mayConcern(spec)) return [];
    const parsed = parseKustomization(item);
    return parsed.ok ? [parsed.value] : [];
  });
}

async function listKustomizations(cluster: Cluster): Promise<readonly Manifest[]> {
  const answer = await cluster.list({ apiVersion: `${GROUP}/${VERSION}`, kind: KIND });
  return answer.kind === "listed" ? answer.items : [];
}

/** With the time in it: a branch that goes back to a revision of a minute ago is news again. */
const lookAt = ({ clock }: DependentsDeps, what: string): string => `${what} ${clock.now()}`;

const namedIn = (reference: Json | undefined, name: string | undefined): boolean => isObject(reference) && reference.name === name;

const keyOf = ({ clusterName }: DependentsDeps, { metadata }: Kustomization): ObjectKey => ({
  cluster: clusterName,
  group: GROUP,
  kind: KIND,
  namespace: metadata.namespace,
  name: metadata.name,
});
