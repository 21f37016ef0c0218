import type { Health } from "../domain/health.ts";
import type { JsonObject } from "../domain/json.ts";
import { groupOf, type Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import type { EpochMs } from "../domain/time.ts";
import { current, failed, inProgress, unknown } from "./answers.ts";
import { at, conditionsOf } from "./fields.ts";
import { customResourceDefinitionHealth } from "./kinds/custom-resource-definition.ts";
import { daemonSetHealth } from "./kinds/daemon-set.ts";
import { deploymentHealth } from "./kinds/deployment.ts";
import { jobHealth } from "./kinds/job.ts";
import { persistentVolumeClaimHealth } from "./kinds/persistent-volume-claim.ts";
import { hasFailedForGood, podHealth } from "./kinds/pod.ts";
import { replicaSetHealth } from "./kinds/replica-set.ts";
import { serviceHealth } from "./kinds/service.ts";
import { statefulSetHealth } from "./kinds/stateful-set.ts";
import type { Observed } from "./observed.ts";

type Rule = (observed: Observed) => Health;

export type HealthFacts = {
  readonly now: EpochMs;
  /** The Pods that the selector of a StatefulSet or ReplicaSet finds; a failed one makes a workload that is not ready yet a failed one. */
  readonly pods?: readonly Manifest[];
};

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["Service", serviceHealth],
  ["Pod", podHealth],
  ["Secret", () => current("Resource is always ready")],
  ["ConfigMap", () => current("Resource is always ready")],
  ["PersistentVolumeClaim", persistentVolumeClaimHealth],
  ["apps/StatefulSet", statefulSetHealth],
  ["apps/DaemonSet", daemonSetHealth],
  ["apps/Deployment", deploymentHealth],
  ["apps/ReplicaSet", replicaSetHealth],
  ["policy/PodDisruptionBudget", () => current("AllowedDisruptions has been computed.")],
  ["batch/CronJob", () => current("Resource is always ready")],
  ["apiextensions.k8s.io/CustomResourceDefinition", customResourceDefinitionHealth],
]);

/** Kinds whose Pods count. A Deployment's do not: Flux reads its ReplicaSets and lets them decide nothing. */
const WITH_PODS: ReadonlySet<string> = new Set(["apps/StatefulSet", "apps/ReplicaSet"]);

/**
 * How one object is, with kstatus' words. Source: reference 2.8 (kstatus with Flux's rule for Jobs), cli-utils 1.2.3.
 * An object that is not there has no manifest: its health is ABSENT (answers.ts).
 */
export function computeHealth(manifest: Manifest, facts: HealthFacts): Health {
  const object: JsonObject = jsonOf(manifest);
  const group = groupOf(manifest.apiVersion);
  const key = group === "" ? manifest.kind : `${group}/${manifest.kind}`;
  const conditions = conditionsOf(object);
  if (!conditions.ok) return unknown(conditions.problem);
  const observed: Observed = { object, conditions: conditions.value, now: facts.now };
  // Flux asks its own rule about Jobs and skips the general ones.
  if (key === "batch/Job") return jobHealth(observed);
  const own = generalHealth(manifest, observed) ?? RULES.get(key)?.(observed) ?? readyHealth(observed) ?? current("Resource is current");
  return own.kind === "in-progress" && WITH_PODS.has(key) ? (podsHealth(facts) ?? own) : own;
}

/** The rules that come before those of any kind; undefined when they decide nothing. */
function generalHealth({ kind, metadata }: Manifest, { object, conditions }: Observed): Health | undefined {
  if (metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== "") return { kind: "terminating", message: "Resource scheduled for deletion" };
  const generation = at(object, "metadata.generation");
  const seen = at(object, "status.observedGeneration");
  if (typeof generation === "number" && typeof seen === "number" && generation !== seen)
    return inProgress(`${kind} generation is ${generation}, but latest observed generation is ${seen}`);
  for (const { type, status, message } of conditions) {
    if (type === "Reconciling" && status === "True") return inProgress(message);
    if (type === "Stalled" && status === "True") return failed(message);
  }
  return undefined;
}

/** What a `Ready` condition says of a kind without a rule of its own. */
function readyHealth({ conditions }: Observed): Health | undefined {
  for (const { type, status, message } of conditions) {
    if (type !== "Ready") continue;
    if (status === "True") return current("Resource is Ready");
    if (status === "False" || status === "Unknown") return inProgress(message);
  }
  return undefined;
}

function podsHealth({ pods = [], now }: HealthFacts): Health | undefined {
  const broken = pods.filter((pod) => computeHealth(pod, { now }).kind === "failed" && hasFailedForGood(pod));
  return broken.length > 0 ? failed(`${broken.length} pods have failed`) : undefined;
}
