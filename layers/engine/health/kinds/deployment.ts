import type { Health } from "../../domain/health.ts";
import { current, failed, inProgress } from "../answers.ts";
import { numberAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

/** What the deployment controller takes for "no deadline". */
const NO_DEADLINE = 2 ** 31 - 1;

export function deploymentHealth({ object, conditions }: Observed): Health {
  const progressing = conditions.filter(({ type }) => type === "Progressing");
  if (progressing.some(({ reason }) => reason === "ProgressDeadlineExceeded")) return failed("Progress deadline exceeded");
  const short = replicasMissing(object);
  if (short !== undefined) return inProgress(short);
  const endless = numberAt(object, "spec.progressDeadlineSeconds", NO_DEADLINE) === NO_DEADLINE;
  const arrived = endless || progressing.some(({ status, reason }) => status === "True" && reason === "NewReplicaSetAvailable");
  if (!arrived) return inProgress("ReplicaSet not Available");
  const available = conditions.some(({ type, status }) => type === "Available" && status === "True");
  return available ? current(`Deployment is available. Replicas: ${numberAt(object, "status.replicas", 0)}`) : inProgress("Deployment not Available");
}

function replicasMissing(object: Observed["object"]): string | undefined {
  const wanted = numberAt(object, "spec.replicas", 1);
  const there = numberAt(object, "status.replicas", 0);
  const updated = numberAt(object, "status.updatedReplicas", 0);
  const ready = numberAt(object, "status.readyReplicas", 0);
  const available = numberAt(object, "status.availableReplicas", 0);
  if (wanted > there) return `Replicas: ${there}/${wanted}`;
  if (wanted > updated) return `Updated: ${updated}/${wanted}`;
  if (there > wanted) return `Pending termination: ${there - wanted}`;
  if (updated > available) return `Available: ${available}/${updated}`;
  return wanted > ready ? `Ready: ${ready}/${wanted}` : undefined;
}
