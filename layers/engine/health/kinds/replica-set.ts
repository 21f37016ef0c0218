import type { Health } from "../../domain/health.ts";
import { current, inProgress } from "../answers.ts";
import { numberAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

export function replicaSetHealth({ object, conditions }: Observed): Health {
  if (conditions.some(({ type, status }) => type === "ReplicaFailure" && status === "True")) return inProgress("Replica Failure condition. Check Pods");
  const wanted = numberAt(object, "spec.replicas", 1);
  const there = numberAt(object, "status.replicas", 0);
  const labelled = numberAt(object, "status.fullyLabeledReplicas", 0);
  const available = numberAt(object, "status.availableReplicas", 0);
  const ready = numberAt(object, "status.readyReplicas", 0);
  if (wanted > labelled) return inProgress(`Labelled: ${labelled}/${wanted}`);
  if (wanted > available) return inProgress(`Available: ${available}/${wanted}`);
  if (wanted > ready) return inProgress(`Ready: ${ready}/${wanted}`);
  if (there > wanted) return inProgress(`Pending termination: ${there - wanted}`);
  return current(`ReplicaSet is available. Replicas: ${there}`);
}
