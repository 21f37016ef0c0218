import type { Health } from "../../domain/health.ts";
import { current, failed, inProgress } from "../answers.ts";
import { at, numberAt, textAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

/** Flux's own rule: a Job that runs is not healthy yet, where kstatus calls it current. Source: reference 2.8. */
export function jobHealth({ object, conditions }: Observed): Health {
  if (at(object, "spec.suspend") === true) return current("Job is suspended");
  const parallelism = numberAt(object, "spec.parallelism", 1);
  const completions = numberAt(object, "spec.completions", parallelism);
  const [succeeded, active, lost] = ["succeeded", "active", "failed"].map((field) => numberAt(object, `status.${field}`, 0));
  for (const { type, status } of conditions) {
    if (type === "Complete" && status === "True") return current(`Job Completed. succeeded: ${succeeded}/${completions}`);
    if (type === "Failed" && status === "True") return failed(`Job Failed. failed: ${lost}/${completions}`);
  }
  if (textAt(object, "status.startTime", "") === "") return inProgress(`Job not started. active: 0/${parallelism}`);
  return inProgress(`Job in progress. success:${succeeded}, active: ${active}, failed: ${lost}`);
}
