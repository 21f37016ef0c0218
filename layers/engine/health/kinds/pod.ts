import type { Health } from "../../domain/health.ts";
import { isArray, isObject, type JsonObject } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import { parseTime } from "../../domain/time.ts";
import { current, failed, inProgress, unknown } from "../answers.ts";
import { at, conditionsOf, type HealthCondition, textAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

/** How long a Pod may be unschedulable before that counts as a failure: 15 s. */
const SCHEDULE_WINDOW_MS = 15_000;

export function podHealth(observed: Observed): Health {
  const phase = textAt(observed.object, "status.phase", "");
  switch (phase) {
    case "Succeeded":
      return current("Pod has completed successfully");
    case "Failed":
      return current("Pod has completed, but not successfully");
    case "Running":
      return runningHealth(observed);
    case "Pending":
      return pendingHealth(observed);
    case "":
      return inProgress("Pod phase not available");
    default:
      return unknown(`unknown phase ${phase}`);
  }
}

function runningHealth({ object, conditions }: Observed): Health {
  if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) return current("Pod is Ready");
  const looping = crashLooping(object);
  return looping.length > 0 ? failed(`Containers in CrashLoop state: ${looping.join(",")}`) : inProgress("Pod is running but is not Ready");
}

function pendingHealth({ object, conditions, now }: Observed): Health {
  const scheduling = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (scheduling?.reason !== "Unschedulable") return inProgress("Pod is in the Pending phase");
  const born = parseTime(textAt(object, "metadata.creationTimestamp", ""));
  const young = born !== undefined && now - SCHEDULE_WINDOW_MS < born;
  return young ? inProgress("Pod has not been scheduled") : failed("Pod could not be scheduled");
}

function crashLooping(object: JsonObject): readonly string[] {
  const statuses = at(object, "status.containerStatuses");
  if (!isArray(statuses)) return [];
  return statuses
    .filter(isObject)
    .filter((status) => textAt(status, "state.waiting.reason", "") === "CrashLoopBackOff")
    .map((status) => textAt(status, "name", ""))
    .filter((name) => name !== "");
}

const isUnschedulable = ({ type, status, reason }: HealthCondition): boolean => type === "PodScheduled" && status === "False" && reason === "Unschedulable";

/** False for Pods whose failure passes by itself: those being deleted, and those that wait for a node. */
export function hasFailedForGood(pod: Manifest): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const conditions = conditionsOf(jsonOf(pod));
  return conditions.ok && !conditions.value.some(isUnschedulable);
}
