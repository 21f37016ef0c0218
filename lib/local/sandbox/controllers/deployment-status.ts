import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, numberAt, objectAt } from "../validation/fields.ts";
import { type ConditionNow, conditionsOf, findCondition, setCondition, unlessZero } from "./conditions.ts";
import { maxUnavailable } from "./rollout.ts";

const count = (sets: readonly Manifest[], part: "spec" | "status", field: string): number =>
  sets.reduce((sum, set) => sum + (numberAt(objectAt(jsonOf(set), part), field) ?? 0), 0);

/** Whether anything moved on from one status to the next. */
export const hasProgressed = (before: JsonObject, after: JsonObject): boolean =>
  (numberAt(after, "updatedReplicas") ?? 0) !== (numberAt(before, "updatedReplicas") ?? 0) ||
  (numberAt(after, "readyReplicas") ?? 0) > (numberAt(before, "readyReplicas") ?? 0) ||
  (numberAt(after, "observedGeneration") ?? 0) !== (numberAt(before, "observedGeneration") ?? 0);

/** Source: kube-controller-manager, controller/deployment calculateStatus and syncRolloutStatus. */
export function deploymentStatus(object: Manifest, sets: readonly Manifest[], current: Manifest | undefined, now: string): JsonObject {
  const { spec, status: old } = { spec: objectAt(jsonOf(object), "spec"), status: objectAt(jsonOf(object), "status") };
  const desired = numberAt(spec, "replicas") ?? 1;
  const newest = current === undefined ? [] : [current];
  const replicas = count(sets, "status", "replicas");
  const updated = count(newest, "status", "replicas");
  const available = count(sets, "status", "availableReplicas");
  const observed = newest.every((set) => (numberAt(objectAt(jsonOf(set), "status"), "observedGeneration") ?? 0) >= (set.metadata.generation ?? 0));
  const complete = current !== undefined && observed && updated === desired && replicas === desired && available >= desired;
  let conditions: readonly Json[] = conditionsOf(old);
  conditions = setCondition(conditions, availability(available >= desired - maxUnavailable(spec, desired)), now);
  conditions = setProgress(conditions, spec, current?.metadata.name ?? "", complete, now);
  return {
    ...unlessZero("availableReplicas", available),
    ...(old.collisionCount !== undefined && { collisionCount: old.collisionCount }),
    conditions,
    observedGeneration: object.metadata.generation ?? 0,
    ...unlessZero("readyReplicas", count(sets, "status", "readyReplicas")),
    ...unlessZero("replicas", replicas),
    terminatingReplicas: count(sets, "status", "terminatingReplicas"),
    ...unlessZero("unavailableReplicas", Math.max(0, count(sets, "spec", "replicas") - available)),
    ...unlessZero("updatedReplicas", updated),
  };
}

const availability = (enough: boolean): ConditionNow =>
  enough
    ? { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." }
    : { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "Deployment does not have minimum availability." };

function setProgress(conditions: readonly Json[], spec: JsonObject, set: string, complete: boolean, now: string): readonly Json[] {
  const type = "Progressing";
  if (spec.paused === true) return setCondition(conditions, { type, status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" }, now);
  const old = findCondition(conditions, type);
  const done: ConditionNow = { type, status: "True", reason: "NewReplicaSetAvailable", message: `ReplicaSet "${set}" has successfully progressed.` };
  const going: ConditionNow = { type, status: "True", reason: "ReplicaSetUpdated", message: `ReplicaSet "${set}" is progressing.` };
  const next = complete ? done : going;
  // The same reason about another ReplicaSet is a new condition.
  const stale = old !== undefined && (objectAt({ old }, "old").message ?? "") !== next.message && objectAt({ old }, "old").reason === next.reason;
  if (objectAt({ old: old ?? null }, "old").reason === "ProgressDeadlineExceeded" && !complete) return conditions;
  if (!stale) return setCondition(conditions, next, now);
  const kept = objectAt({ old }, "old").lastTransitionTime ?? now;
  return [...conditions.filter((one) => one !== old), { ...next, lastTransitionTime: kept, lastUpdateTime: now }];
}
