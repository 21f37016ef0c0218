import { findCondition, isTrue } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import type { ObjectKey } from "../domain/object-key.ts";
import { epochMs, seconds } from "../domain/time.ts";
import { apiVersionOfKind, type FluxKind } from "../flux/kinds.ts";
import { conditionsOf, isSuspended, observedGenerationOf } from "../flux/object.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Queue } from "../ports/queue.ts";
import { dependenciesOf, findUserKind, type UserKind, usersOf } from "./dependents/references.ts";

export type DependentsDeps = {
  readonly cluster: Cluster;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly clusterName: string;
  /**
   * Every object of a kind as a host knows them that watches them anyway, or undefined; else a LIST is made. They may be a moment old: whatever they
   * do not show yet is looked at on its own account when the host sees it.
   */
  readonly watched?: ((kind: FluxKind) => readonly Manifest[] | undefined) | undefined;
};

/** What waits for another user of the same source is woken by that one when it is Ready; if it never is, this long after the news it says so. */
const DEPENDENT_GRACE = seconds(5);

/**
 * Sends everything that takes from `source`, but for what is ready or at work at `revision`. What depends on another of them comes later: running it now
 * would only write that it waits.
 */
export async function sendUsers(deps: DependentsDeps, source: Manifest, revision: string): Promise<void> {
  await Promise.all(usersOf(source.kind).map((users) => sendUsersOfKind(deps, users, source, revision)));
}

async function sendUsersOfKind(deps: DependentsDeps, users: UserKind, source: Manifest, revision: string): Promise<void> {
  const concerned = (await findObjects(deps, users.kind)).filter((object) => {
    const reference = users.source(object);
    const refers = reference?.kind === source.kind && reference.name === source.metadata.name && reference.namespace === source.metadata.namespace;
    return refers && !isHeld(object) && !(users.attempted(object) === revision && !hasFailed(object));
  });
  const sent = new Set(concerned.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const later = { notBefore: epochMs(deps.clock.now() + DEPENDENT_GRACE) };
  const look = lookAt(deps, revision);
  await Promise.all(
    concerned.map((object) => {
      const waits = dependenciesOf(object).some(({ namespace, name }) => sent.has(`${namespace}/${name}`));
      return deps.queue.send({ kind: "object", key: keyOf(deps, users.kind, object), cause: "source", look }, waits ? later : {});
    }),
  );
}

/** Sends every object of the same kind that waits for `dependency` and is not done: they run the moment it is Ready, at `revision`. */
export async function sendDependents(deps: DependentsDeps, dependency: Manifest, revision: string | undefined): Promise<void> {
  const users = findUserKind(dependency.kind);
  if (users === undefined) return;
  const { name, namespace } = dependency.metadata;
  const owed = (await findObjects(deps, users.kind)).filter((object) => {
    const depends = dependenciesOf(object).some((one) => one.name === name && one.namespace === namespace);
    return depends && !isHeld(object) && !isDone(users, object, revision);
  });
  const look = lookAt(deps, `${namespace}/${name} ${revision ?? ""}`);
  await Promise.all(owed.map((object) => deps.queue.send({ kind: "object", key: keyOf(deps, users.kind, object), cause: "dependency", look })));
}

/** A Kustomization goes through its dependencies at each revision of their source, a HelmRelease at each change of its own. */
function isDone(users: UserKind, object: Manifest, revision: string | undefined): boolean {
  if (!isTrue(conditionsOf(object), "Ready")) return false;
  return users.applied === undefined ? observedGenerationOf(object) === object.metadata.generation : users.applied(object) === revision;
}

async function findObjects(deps: DependentsDeps, kind: FluxKind): Promise<readonly Manifest[]> {
  const watched = deps.watched?.(kind);
  if (watched !== undefined) return watched;
  const answer = await deps.cluster.list({ apiVersion: apiVersionOfKind(kind), kind: kind.kind });
  return answer.kind === "listed" ? answer.items : [];
}

const isHeld = (object: Manifest): boolean => isSuspended(object) || object.metadata.deletionTimestamp !== undefined;

const hasFailed = (object: Manifest): boolean => findCondition(conditionsOf(object), "Ready")?.status === "False";

/** With the time in it: a branch that goes back to a revision of a minute ago is news again. */
const lookAt = ({ clock }: DependentsDeps, what: string): string => `${what} ${clock.now()}`;

const keyOf = ({ clusterName }: DependentsDeps, { group, kind }: FluxKind, { metadata }: Manifest): ObjectKey => ({
  cluster: clusterName,
  group,
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name ?? "",
});
