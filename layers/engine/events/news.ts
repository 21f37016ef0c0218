import type { NotifiedEvent } from "../domain/notified-event.ts";

/** Reasons that say that an object is well. An event on the way (`Progressing`), at a deletion, or of a roll-back says nothing of the kind. Source: reference, appendix E. */
const WELL: ReadonlySet<string> = new Set([
  "ReconciliationSucceeded",
  "Succeeded",
  "NewArtifact",
  "InstallSucceeded",
  "UpgradeSucceeded",
  "TestSucceeded",
  "ChartPullSucceeded",
  "ChartPackageSucceeded",
]);

export type News = "failure" | "well" | "nothing";

/** What an event says about how its object does. */
export function newsOf({ severity, reason }: NotifiedEvent): News {
  if (severity === "error") return "failure";
  return severity === "info" && WELL.has(reason) ? "well" : "nothing";
}
