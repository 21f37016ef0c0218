import type { Health } from "../../domain/health.ts";
import { current, inProgress } from "../answers.ts";
import { numberAt, textAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

export function statefulSetHealth({ object }: Observed): Health {
  if (textAt(object, "spec.updateStrategy.type", "") === "OnDelete") return current("StatefulSet is using the ondelete update strategy");
  const wanted = numberAt(object, "spec.replicas", 1);
  const there = numberAt(object, "status.replicas", 0);
  const ready = numberAt(object, "status.readyReplicas", 0);
  if (wanted > there) return inProgress(`Replicas: ${there}/${wanted}`);
  if (wanted > ready) return inProgress(`Ready: ${ready}/${wanted}`);
  if (there > wanted) return inProgress(`Pending termination: ${there - wanted}`);
  const partition = numberAt(object, "spec.updateStrategy.rollingUpdate.partition", -1);
  return partition === -1 ? rolledOut(object, wanted, there) : partitionRolledOut(object, wanted - partition);
}

function partitionRolledOut(object: Observed["object"], wanted: number): Health {
  const updated = numberAt(object, "status.updatedReplicas", 0);
  return updated < wanted ? inProgress(`updated: ${updated}/${wanted}`) : current(`Partition rollout complete. updated: ${updated}`);
}

function rolledOut(object: Observed["object"], wanted: number, there: number): Health {
  const upToDate = numberAt(object, "status.currentReplicas", 0);
  if (wanted > upToDate) return inProgress(`current: ${upToDate}/${wanted}`);
  const same = textAt(object, "status.currentRevision", "") === textAt(object, "status.updateRevision", "");
  return same ? current(`All replicas scheduled as expected. Replicas: ${there}`) : inProgress("Waiting for updated revision to match current");
}
