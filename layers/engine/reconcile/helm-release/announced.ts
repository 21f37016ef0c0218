import { findCondition } from "../../domain/condition.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { type Milliseconds, parseTime } from "../../domain/time.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import { latestOf } from "../../release/history.ts";
import { releaseDigest } from "../../release/observation.ts";
import type { ReleaseSecret } from "../../release/secret.ts";
import type { ActionEnd, ReleaseProgress } from "./action.ts";

/** How Flux names an action, in Reconciling and elsewhere. */
export type ActionName = "install" | "upgrade" | "test" | "rollback" | "uninstall" | "unlock" | "correct cluster drift";

/** What stands in `Reconciling` from before an action begins until its end is written down. Source: reference 3.5, "While an action runs". */
export const runningText = (action: ActionName, timeout: Milliseconds): string => `Running '${action}' action with timeout of ${formatDuration(timeout)}`;

/** The action that was announced, and whose end is not written down: that stands in Ready, and of a remediation in Remediated. */
export function announcedAction({ status }: HelmRelease): string | undefined {
  const conditions = status.conditions ?? [];
  const [reconciling, ready] = [findCondition(conditions, "Reconciling"), findCondition(conditions, "Ready")];
  const action = reconciling?.reason === "Progressing" ? /^Running '([a-z ]+)' action /.exec(reconciling.message)?.[1] : undefined;
  const isRemediation = action === "rollback" || action === "uninstall";
  if (action !== "install" && action !== "upgrade") return isRemediation && findCondition(conditions, "Remediated") !== undefined ? undefined : action;
  return ready?.status === "Unknown" && ready.message === reconciling?.message ? action : undefined;
}

export type Unseen = { readonly action: ReleaseProgress["action"]; readonly end: ActionEnd };

/**
 * An action of ours that came to its end in storage, when the pass that brought it there was stopped before it could write that down: otherwise the release would be
 * taken for somebody else's. Undefined where nothing was announced, or nothing has come of it.
 */
export function unseenEnd(object: HelmRelease, latest: ReleaseSecret | undefined): Unseen | undefined {
  const action = announcedAction(object);
  const current = latestOf(object.status.history ?? []);
  if (action === undefined || latest?.progress !== undefined) return undefined;
  if (action === "uninstall") {
    const isGone = latest === undefined || latest.release.info.status === "uninstalled";
    return isGone && current !== undefined ? { action: "uninstall-remediation", end: succeeded(latest === undefined ? [] : [latest.release]) } : undefined;
  }
  if (latest === undefined || (action !== "install" && action !== "upgrade" && action !== "rollback")) return undefined;
  const { release } = latest;
  const wasBegun = current === undefined || release.version > current.version || (release.version === current.version && current.status.startsWith("pending-"));
  if (!wasBegun || !isSince(release, object) || (current !== undefined && current.digest === releaseDigest(release, current.ociDigest))) return undefined;
  if (release.info.status === "deployed") return { action, end: succeeded([release]) };
  if (release.info.status !== "failed") return undefined;
  return { action, end: { kind: "failed", message: messageIn(release), releases: [release], logs: [] } };
}

/** What is older than the announcement has come of something else. */
function isSince({ info }: HelmStoredRelease, { status }: HelmRelease): boolean {
  const announced = parseTime(findCondition(status.conditions ?? [], "Reconciling")?.lastTransitionTime);
  const deployed = parseTime(info.last_deployed);
  return announced !== undefined && deployed !== undefined && deployed >= announced;
}

const succeeded = (releases: readonly HelmStoredRelease[]): ActionEnd => ({ kind: "succeeded", releases, logs: [] });

/** Helm says why a release failed in its description. */
const messageIn = ({ info: { description = "" } }: HelmStoredRelease): string => description.replace(/^(?:Release|Upgrade|Rollback) "[^"]*" failed: /, "");
