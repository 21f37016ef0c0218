import type { Health } from "../../domain/health.ts";
import { current, inProgress } from "../answers.ts";
import { at, numberAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

/** Unlike other kinds it must have both generations: without them its controller has not seen it. */
export function daemonSetHealth({ object }: Observed): Health {
  if (at(object, "metadata.generation") === undefined) return inProgress("DaemonSet metadata.generation not found");
  if (at(object, "status.observedGeneration") === undefined) return inProgress("DaemonSet status.observedGeneration not found");
  const wanted = numberAt(object, "status.desiredNumberScheduled", -1);
  if (wanted === -1) return inProgress("Missing .status.desiredNumberScheduled");
  const counts: readonly (readonly [string, string])[] = [
    ["Current", "currentNumberScheduled"],
    ["Updated", "updatedNumberScheduled"],
    ["Available", "numberAvailable"],
    ["Ready", "numberReady"],
  ];
  for (const [word, field] of counts) {
    const count = numberAt(object, `status.${field}`, 0);
    if (wanted > count) return inProgress(`${word}: ${count}/${wanted}`);
  }
  return current(`All replicas scheduled as expected. Replicas: ${wanted}`);
}
