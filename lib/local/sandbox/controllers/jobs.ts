import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs, formatTime, type Milliseconds, ms, seconds } from "@sluice/engine/domain/time.ts";
import { jsonOf, numberAt, objectAt, textAt } from "../validation/fields.ts";
import { conditionsOf, findCondition, setCondition, unlessZero } from "./conditions.ts";
import { createPod, deletePod, isActive, isReady, phaseOf } from "./pods.ts";
import { type Context, isDeleting, type Reconciler, STATUS } from "./reconciler.ts";
import { ownerKeys } from "./replica-sets.ts";
import { isSame, JOBS, PODS } from "./resources.ts";

/** Source: kube-controller-manager, controller/job and ttlafterfinished. Pod failure policies are not followed; a Pod that failed is replaced at once. */
export function createJobs(context: Context): Reconciler {
  const later = ({ metadata: { namespace = "", name = "", uid } }: Manifest, delay: Milliseconds, run: (now: Manifest) => void): void =>
    context.after(delay, () => {
      const now = context.store.get(JOBS, namespace, name);
      if (now !== undefined && now.metadata.uid === uid) run(now);
    });
  const remove = ({ metadata: { namespace = "", name = "" } }: Manifest): void =>
    void context.store.delete(JOBS, namespace, name, { propagationPolicy: "Foreground" });

  function reconcile(object: Manifest): void {
    const status = objectAt(jsonOf(object), "status");
    if (isManagedByOthers(object)) return;
    if (isFinished(status)) {
      const ttl = numberAt(specOf(object), "ttlSecondsAfterFinished");
      if (ttl !== undefined && !isDeleting(object)) later(object, seconds(ttl), remove);
      return;
    }
    const left = timeLeft(object, status, context.now());
    if (!isDeleting(object)) run(context, object, left === 0);
    if (left !== undefined && left > 0) later(object, left, reconcile);
    const pods = context.owners.controlled(object, PODS);
    context.store.update(JOBS, { ...object, status: statusOf(object, status, pods, formatTime(context.now())) }, STATUS);
  }

  return { resource: JOBS, reconcile, related: ({ resource, object }) => (isSame(resource, PODS) ? ownerKeys(object, "Job") : []) };
}

/** Until it must have ended; undefined where it may take what it takes, or has not begun. */
function timeLeft(object: Manifest, status: JsonObject, now: EpochMs): Milliseconds | undefined {
  const limit = numberAt(specOf(object), "activeDeadlineSeconds");
  const started = Date.parse(textAt(status, "startTime"));
  return limit === undefined || Number.isNaN(started) ? undefined : ms(Math.max(0, started + limit * 1000 - now));
}

const isTrue = (status: JsonObject, type: string): boolean => textAt(findCondition(conditionsOf(status), type), "status") === "True";
const isFinished = (status: JsonObject): boolean => isTrue(status, "Complete") || isTrue(status, "Failed");

const specOf = (object: Manifest): JsonObject => objectAt(jsonOf(object), "spec");
const CONTROLLER = "kubernetes.io/job-controller";
const isManagedByOthers = (object: Manifest): boolean => (textAt(specOf(object), "managedBy") || CONTROLLER) !== CONTROLLER;
const inPhase = (pods: readonly Manifest[], phase: string): number => pods.filter((pod) => phaseOf(pod) === phase).length;

function run(context: Context, object: Manifest, isOverdue: boolean): void {
  const spec = specOf(object);
  const pods = context.owners.controlled(object, PODS);
  const active = pods.filter(isActive);
  const suspended = spec.suspend === true;
  const completions = numberAt(spec, "completions");
  const parallelism = numberAt(spec, "parallelism") ?? 1;
  const succeeded = inPhase(pods, "Succeeded");
  const open = completions === undefined ? (succeeded > 0 ? 0 : parallelism) : Math.min(parallelism, completions - succeeded);
  const wanted = suspended || isOverdue || inPhase(pods, "Failed") > (numberAt(spec, "backoffLimit") ?? 6) ? 0 : Math.max(0, open);
  for (let missing = wanted - active.length; missing > 0; missing -= 1)
    createPod(context, object, objectAt(spec, "template"), { generateName: `${object.metadata.name}-` });
  for (const pod of active.slice(wanted)) deletePod(context, pod);
}

function statusOf(object: Manifest, old: JsonObject, pods: readonly Manifest[], now: string): JsonObject {
  const spec = specOf(object);
  const active = pods.filter(isActive);
  const succeeded = inPhase(pods, "Succeeded");
  const failed = inPhase(pods, "Failed");
  const conditions = conditionsFor(object, old, { succeeded, failed, active: active.length }, now);
  const started = spec.suspend === true ? undefined : (old.startTime ?? now);
  const done = isTrue({ conditions }, "Complete");
  return {
    ...unlessZero("active", active.length),
    ...(done && { completionTime: now }),
    ...(conditions.length > 0 && { conditions }),
    ...unlessZero("failed", failed),
    ready: active.filter(isReady).length,
    ...(started !== undefined && { startTime: started }),
    ...unlessZero("succeeded", succeeded),
    terminating: pods.filter(isDeleting).length,
    uncountedTerminatedPods: {},
  };
}

const TIMES = ["lastProbeTime"];

type Counts = { readonly succeeded: number; readonly failed: number; readonly active: number };

function conditionsFor(object: Manifest, old: JsonObject, { succeeded, failed, active }: Counts, now: string): readonly Json[] {
  const spec = specOf(object);
  const conditions = conditionsOf(old);
  const was = findCondition(conditions, "Suspended");
  if (spec.suspend === true)
    return setCondition(conditions, { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" }, now, TIMES);
  const resumed =
    was === undefined ? conditions : setCondition(conditions, { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" }, now, TIMES);
  const completions = numberAt(spec, "completions");
  const enough = completions === undefined ? succeeded > 0 && active === 0 : succeeded >= completions;
  if (enough) {
    const how = { status: "True", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" } as const;
    return setCondition(setCondition(resumed, { type: "SuccessCriteriaMet", ...how }, now, TIMES), { type: "Complete", ...how }, now, TIMES);
  }
  const why = failureOf(spec, failed, timeLeft(object, old, epochMs(Date.parse(now))) === 0);
  if (why === undefined) return resumed;
  return setCondition(setCondition(resumed, { type: "FailureTarget", ...why }, now, TIMES), { type: "Failed", ...why }, now, TIMES);
}

function failureOf(spec: JsonObject, failed: number, isOverdue: boolean) {
  if (failed > (numberAt(spec, "backoffLimit") ?? 6))
    return { status: "True", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" } as const;
  return isOverdue ? ({ status: "True", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" } as const) : undefined;
}
