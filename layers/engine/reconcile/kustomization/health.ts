import type { Revision } from "../../domain/artifact.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Health } from "../../domain/health.ts";
import { isObject, type Json } from "../../domain/json.ts";
import { groupOf, type Manifest, type ObjectRef, subjectOf } from "../../domain/manifest.ts";
import { type EpochMs, elapsed, type Milliseconds, parseTime } from "../../domain/time.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import { ABSENT, unknown } from "../../health/answers.ts";
import { awaited, goneIsDone, type Watched } from "../../health/awaited.ts";
import { computeHealth } from "../../health/compute.ts";
import type { CustomHealth } from "../../health/expressions.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Kinds } from "../../ports/kinds.ts";
import { inParallel } from "../in-parallel.ts";
import { isRequested } from "../object-status.ts";
import { phaseMessage } from "./phase.ts";
import type { Step } from "./plan-stage.ts";

export type HealthContext = {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly now: EpochMs;
  readonly parallel: number;
  readonly custom: CustomHealth;
};

/** What an apply left: the step and the object as the server gave it last. */
export type Applied = { readonly step: Step; readonly object: Manifest | undefined };

export type HealthEnd =
  | { readonly kind: "nothing-to-check" }
  | { readonly kind: "passed"; readonly took: Milliseconds }
  | { readonly kind: "waiting" }
  | { readonly kind: "failed"; readonly message: string; readonly took: Milliseconds };

/** Looks once at everything whose health the Kustomization waits for. Source: reference 2.8. */
export async function checkHealth(
  context: HealthContext,
  object: Kustomization,
  revision: Revision,
  applied: readonly Applied[],
  changed: boolean,
): Promise<HealthEnd> {
  const wanted = object.spec.wait ? ofApplied(object, applied) : ofChecks(object, applied);
  if (wanted.length === 0) return { kind: "nothing-to-check" };
  const since = awaitedSince(object, revision, context.now);
  const scoped = await findUnscoped(context.kinds, wanted);
  if (scoped !== undefined) return { kind: "failed", message: scoped, took: elapsed(since, context.clock.now()) };
  const watched = await inParallel(wanted, context.parallel, (one) => look(context, one));
  const took = elapsed(since, context.clock.now());
  const timedOut = took >= object.spec.timeout || isKnownFailure(object, revision, changed);
  const state = awaited(watched, { timedOut, failFast: true });
  switch (state.kind) {
    case "done":
      return { kind: "passed", took };
    case "waiting":
      return { kind: "waiting" };
    case "failed":
      return { kind: "failed", message: state.message, took };
  }
}

/** One object to check, and how it was when it was applied. */
type Wanted = { readonly ref: ObjectRef; readonly object: Manifest | undefined; readonly desired: Manifest | undefined };

/** Everything but what was skipped, and but the Kustomization itself. */
function ofApplied({ metadata }: Kustomization, applied: readonly Applied[]): readonly Wanted[] {
  return applied
    .filter(({ step }) => step.change.kind !== "skip")
    .map(({ step, object }) => ({ ref: step.change.ref, object, desired: step.desired }))
    .filter(
      ({ ref }) =>
        !(
          ref.kind === "Kustomization" &&
          groupOf(ref.apiVersion) === "kustomize.toolkit.fluxcd.io" &&
          ref.name === metadata.name &&
          ref.namespace === metadata.namespace
        ),
    );
}

function ofChecks({ spec }: Kustomization, applied: readonly Applied[]): readonly Wanted[] {
  const known = new Map(applied.map((one) => [`${groupOf(one.step.change.ref.apiVersion)} ${subjectOf(one.step.change.ref)}`, one]));
  return spec.healthChecks.map((ref) => {
    const one = known.get(`${groupOf(ref.apiVersion)} ${subjectOf(ref)}`);
    return { ref, object: one?.object, desired: one?.step.desired };
  });
}

/** The first check that names a namespaced kind without a namespace, in Flux's words. */
async function findUnscoped(kinds: Kinds, wanted: readonly Wanted[]): Promise<string | undefined> {
  for (const { ref } of wanted) {
    if (ref.namespace !== undefined) continue;
    const kind = await kinds.find(ref.apiVersion, ref.kind);
    if (kind?.namespaced === true) return `resource ${ref.kind} ${ref.name} is namespace scoped, but namespace is not set`;
  }
  return undefined;
}

/** Since when this revision's health is awaited: it stands in `Healthy`, which is Unknown then. */
function awaitedSince(object: Kustomization, revision: Revision, now: EpochMs): EpochMs {
  const healthy = findCondition(object.status.conditions ?? [], "Healthy");
  const message = phaseMessage("checking", revision, object.spec.timeout);
  if (healthy?.status !== "Unknown" || healthy.message !== message) return now;
  return parseTime(healthy.lastTransitionTime) ?? now;
}

/** It failed before, and nothing was done since that could mend it: that is looked at, and not awaited once more. */
function isKnownFailure(object: Kustomization, revision: Revision, changed: boolean): boolean {
  const { metadata, status } = object;
  const ready = findCondition(status.conditions ?? [], "Ready");
  const isSame = ready?.reason === "HealthCheckFailed" && ready.observedGeneration === metadata.generation && status.lastAttemptedRevision === revision;
  return isSame && !changed && !isRequested({ ...object.manifest, status: { lastHandledReconcileAt: status.lastHandledReconcileAt ?? "" } });
}

/** What the apply answered is enough where it is healthy; else the object is read, once. */
async function look(context: HealthContext, { ref, object, desired }: Wanted): Promise<Watched> {
  const ends = desired !== undefined && goneIsDone(desired);
  const before = object === undefined ? undefined : (context.custom(object) ?? computeHealth(object, { now: context.now }));
  if (before?.kind === "current") return { ref, health: before, goneIsDone: ends };
  return { ref, health: await readHealth(context, ref), goneIsDone: ends };
}

async function readHealth(context: HealthContext, ref: ObjectRef): Promise<Health> {
  const answer = await context.cluster.get(ref);
  if (answer.kind === "absent") return ABSENT;
  if (answer.kind === "refused") return answer.why === "unknown-kind" ? ABSENT : unknown(answer.message);
  const custom = context.custom(answer.object);
  if (custom !== undefined) return custom;
  const health = computeHealth(answer.object, { now: context.now });
  if (health.kind !== "in-progress") return health;
  return computeHealth(answer.object, { now: context.now, pods: await podsOf(context.cluster, answer.object) });
}

/** The Pods of a workload that makes some: one that has failed for good makes it a failed one. */
async function podsOf(cluster: Cluster, workload: Manifest): Promise<readonly Manifest[]> {
  if (groupOf(workload.apiVersion) !== "apps" || !["StatefulSet", "ReplicaSet"].includes(workload.kind)) return [];
  const spec = workload.spec as Json | undefined; // the server's own answer
  const selector = isObject(spec) && isObject(spec.selector) ? spec.selector.matchLabels : undefined;
  if (!isObject(selector)) return [];
  const labelSelector = Object.entries(selector)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
  const listed = await cluster.list({
    apiVersion: "v1",
    kind: "Pod",
    labelSelector,
    ...(workload.metadata.namespace !== undefined && { namespace: workload.metadata.namespace }),
  });
  return listed.kind === "listed" ? listed.items : [];
}
