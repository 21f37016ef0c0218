import type { Health } from "../../../domain/health.ts";
import { isObject, type Json } from "../../../domain/json.ts";
import { groupOf, type Manifest } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { ABSENT, current, failed, inProgress, unknown } from "../../../health/answers.ts";
import { awaited, goneIsDone, terminated, type Watched } from "../../../health/awaited.ts";
import { computeHealth } from "../../../health/compute.ts";
import { at, textAt } from "../../../health/fields.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import { inParallel } from "../../in-parallel.ts";
import { legacyKind, legacyReadiness, type Owned, type Readiness } from "./legacy-ready.ts";
import type { Resource } from "./resources.ts";
import type { Run } from "./run.ts";

/** Where waiting stands. `pending`: which of the resources are waited for, by index. */
export type Look =
  | { readonly kind: "done" }
  | { readonly kind: "waiting"; readonly pending: readonly number[] }
  | { readonly kind: "failed"; readonly message: string };

/** One resource to look at: `object` is how the server gave it just now; without it it is read. */
export type Wanted = { readonly resource: Resource; readonly index: number; readonly object: Manifest | undefined };

const TIMED_OUT = "context deadline exceeded";

/** Jobs count only when they are asked for, and a Deployment that is paused never. Source: reference 3.9; Helm 4, pkg/kube statusWaiter.wait. */
export function isAwaited({ manifest }: Resource, jobs: boolean): boolean {
  const kind = `${groupOf(manifest.apiVersion)}/${manifest.kind}`;
  if (kind === "batch/Job") return jobs;
  return !(kind === "apps/Deployment" && at(jsonOf(manifest), "spec.paused") === true);
}

/** Looks once at the objects of a release. */
export async function lookAtResources(run: Run, wanted: readonly Wanted[], jobs: boolean, timedOut: boolean): Promise<Look> {
  const counted = wanted.filter(({ resource }) => isAwaited(resource, jobs));
  if (run.settings.waiter === "legacy") return lookAsHelm3(run, counted, jobs, timedOut);
  const watched = await inParallel(counted, run.deps.settings.parallel, (one) => watch(run, one, (object, pods) => healthOf(run, object, pods)));
  return asLook(watched, timedOut, true, counted);
}

/** A hook is done when its Jobs and Pods have ended; all else is done when it is there. One that fails does not end the wait for the others. */
export async function lookAtHook(run: Run, wanted: readonly Wanted[], timedOut: boolean): Promise<Look> {
  const watched = await inParallel(wanted, run.deps.settings.parallel, (one) => watch(run, one, (object) => hookHealth(run, object)));
  if (run.settings.waiter === "poller") return asLook(watched, timedOut, false, wanted);
  const lost = watched.find(({ health }) => health.kind === "failed");
  if (lost !== undefined) return { kind: "failed", message: `${lost.ref.kind.toLowerCase()} ${lost.ref.name} failed` };
  const pending = wanted.filter((_, index) => watched[index]?.health.kind !== "current").map(({ index }) => index);
  if (pending.length === 0) return { kind: "done" };
  return timedOut ? { kind: "failed", message: "timed out waiting for the condition" } : { kind: "waiting", pending };
}

/** Looks once whether what was deleted is gone. */
export async function lookForGone(run: Run, resources: readonly Resource[], timedOut: boolean): Promise<Look> {
  const found = await inParallel(resources, run.deps.settings.parallel, ({ ref }) => run.cluster.get(ref));
  const left = resources.filter((_, index) => found[index]?.kind === "found");
  const pending = resources.flatMap((resource, index) => (left.includes(resource) ? [index] : []));
  if (left.length === 0) return { kind: "done" };
  if (run.settings.waiter === "legacy") return timedOut ? { kind: "failed", message: TIMED_OUT } : { kind: "waiting", pending };
  const state = terminated(
    left.map(({ ref }) => ref),
    timedOut,
  );
  return state.kind === "failed" ? { kind: "failed", message: state.message } : { kind: "waiting", pending };
}

function asLook(watched: readonly Watched[], timedOut: boolean, failFast: boolean, wanted: readonly Wanted[]): Look {
  const state = awaited(watched, { timedOut, failFast });
  if (state.kind !== "waiting") return state;
  return { kind: "waiting", pending: wanted.filter(({ resource }) => state.pending.includes(resource.ref)).map(({ index }) => index) };
}

async function watch(run: Run, { resource, object }: Wanted, health: (object: Manifest, pods?: readonly Manifest[]) => Health): Promise<Watched> {
  const { ref, manifest } = resource;
  const ends = goneIsDone(manifest);
  if (object !== undefined) return { ref, health: health(object), goneIsDone: ends };
  const answer = await run.cluster.get(ref);
  if (answer.kind === "absent") return { ref, health: ABSENT, goneIsDone: ends };
  if (answer.kind === "refused") return { ref, health: unknown(answer.message), goneIsDone: ends };
  const first = health(answer.object);
  if (first.kind !== "in-progress") return { ref, health: first, goneIsDone: ends };
  return { ref, health: health(answer.object, await podsOf(run.cluster, answer.object)), goneIsDone: ends };
}

function healthOf({ settings, deps }: Run, object: Manifest, pods: readonly Manifest[] = []): Health {
  return settings.customHealth(object) ?? computeHealth(object, { now: deps.clock.now(), pods });
}

/** Source: helm-controller, internal/action job_status_reader.go and pod_status_reader.go. */
function hookHealth({ settings }: Run, manifest: Manifest): Health {
  const custom = settings.customHealth(manifest);
  if (custom !== undefined) return custom;
  const object = jsonOf(manifest);
  if (groupOf(manifest.apiVersion) === "batch" && manifest.kind === "Job") {
    const conditions = at(object, "status.conditions");
    const isTrue = (type: string): boolean =>
      Array.isArray(conditions) && conditions.some((one: Json) => isObject(one) && one.type === type && one.status === "True");
    if (isTrue("Complete")) return current("Job Completed.");
    return isTrue("Failed") ? failed("Job Failed.") : inProgress("Job in progress");
  }
  if (manifest.apiVersion !== "v1" || manifest.kind !== "Pod") return current("Resource is current");
  const phase = textAt(object, "status.phase", "");
  if (phase === "Succeeded") return current(`pod ${manifest.metadata.name} succeeded`);
  return phase === "Failed" ? failed(`pod ${manifest.metadata.name} failed`) : inProgress("Pod in progress");
}

async function lookAsHelm3(run: Run, wanted: readonly Wanted[], jobs: boolean, timedOut: boolean): Promise<Look> {
  const answers = await inParallel(wanted, run.deps.settings.parallel, (one) => readiness(run, one, jobs));
  const failure = answers.find((answer) => answer.kind === "failed");
  if (failure !== undefined) return { kind: "failed", message: failure.message };
  const pending = wanted.filter((_, index) => answers[index]?.kind !== "ready").map(({ index }) => index);
  if (pending.length === 0) return { kind: "done" };
  return timedOut ? { kind: "failed", message: TIMED_OUT } : { kind: "waiting", pending };
}

async function readiness(run: Run, { resource }: Wanted, jobs: boolean): Promise<Readiness> {
  const sort = legacyKind(resource.manifest);
  if (sort === undefined) return { kind: "ready" };
  const answer = await run.cluster.get(resource.ref);
  if (answer.kind !== "found") return { kind: "not-ready" };
  const owned: Owned = {
    replicaSets: sort === "replica-sets" ? await selected(run.cluster, answer.object, "apps/v1", "ReplicaSet") : [],
    pods: sort === "pods" ? await selected(run.cluster, answer.object, "v1", "Pod") : [],
  };
  return legacyReadiness(answer.object, owned, jobs);
}

/** Pods count for workloads that make some themselves: one that has failed for good makes its workload a failed one. */
const podsOf = async (cluster: Cluster, workload: Manifest): Promise<readonly Manifest[]> =>
  groupOf(workload.apiVersion) === "apps" && ["StatefulSet", "ReplicaSet"].includes(workload.kind) ? selected(cluster, workload, "v1", "Pod") : [];

async function selected(cluster: Cluster, workload: Manifest, apiVersion: string, kind: string): Promise<readonly Manifest[]> {
  const selector = at(jsonOf(workload), workload.kind === "ReplicationController" ? "spec.selector" : "spec.selector.matchLabels");
  if (!isObject(selector)) return [];
  const labelSelector = Object.entries(selector)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
  const { namespace } = workload.metadata;
  const listed = await cluster.list({ apiVersion, kind, labelSelector, ...(namespace !== undefined && { namespace }) });
  return listed.kind === "listed" ? listed.items : [];
}
