import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { isObject } from "../../domain/json.ts";
import type { HelmRelease, Snapshot } from "../../flux/helm-release-object.ts";
import { chartText, releaseText } from "../../release/snapshot.ts";

/** What Flux says of actions, word for word. Source: reference 3.6; recorded in test/conformance/recorded/helm. */

/** `apps/shop.v3 with chart shop@1.0.0`. */
const both = (snapshot: Snapshot): string => `${releaseText(snapshot)} with chart ${chartText(snapshot)}`;

export const releaseSucceeded = (action: "install" | "upgrade", snapshot: Snapshot): string => `Helm ${action} succeeded for release ${both(snapshot)}`;

/** A failure is about the release as such, and the chart that was tried. */
export const releaseFailed = (
  action: "install" | "upgrade",
  { spec }: HelmRelease,
  chart: { readonly name: string; readonly version: string },
  message: string,
): string => `Helm ${action} failed for release ${spec.releaseNamespace}/${spec.releaseName} with chart ${chart.name}@${chart.version}: ${message.trim()}`;

export const awaitingTests = (snapshot: Snapshot): string => `Helm release ${both(snapshot)} is awaiting tests`;

export function testsSucceeded(snapshot: Snapshot): string {
  const count = Object.keys(snapshot.testHooks ?? {}).length;
  const hooks = count === 0 ? "no test hooks" : `${count} test ${count === 1 ? "hook" : "hooks"} completed successfully`;
  return `Helm test succeeded for release ${both(snapshot)}: ${hooks}`;
}

export const testsFailed = (snapshot: Snapshot, message: string): string => `Helm test failed for release ${both(snapshot)}: ${message.trim()}`;

export const rollbackSucceeded = (target: Snapshot): string => `Helm rollback to previous release ${both(target)} succeeded`;
export const rollbackFailed = (target: Snapshot, message: string): string => `Helm rollback to previous release ${both(target)} failed: ${message.trim()}`;

export const remediationSucceeded = (snapshot: Snapshot): string => `Helm uninstall remediation for release ${both(snapshot)} succeeded`;
export const remediationFailed = (snapshot: Snapshot, message: string): string =>
  `Helm uninstall remediation for release ${both(snapshot)} failed: ${message.trim()}`;

export const uninstallSucceeded = (snapshot: Snapshot): string => `Helm uninstall succeeded for release ${both(snapshot)}`;
export const uninstallFailed = (snapshot: Snapshot, message: string): string => `Helm uninstall failed for release ${both(snapshot)}: ${message.trim()}`;
export const alreadyGone = (snapshot: Snapshot): string => `Release ${releaseText(snapshot)} was not found, assuming it is uninstalled`;
export const alreadyUninstalled = (snapshot: Snapshot): string => `Release ${releaseText(snapshot)} was already uninstalled`;

export const unlocked = (snapshot: Snapshot, status: string): string => `Unlocked Helm release ${both(snapshot)} in ${status} state`;
export const unlockFailed = (snapshot: Snapshot, status: string, message: string): string =>
  `Unlock of Helm release ${both(snapshot)} in ${status} state failed: ${message.trim()}`;

export const drifted = (snapshot: Snapshot, lines: readonly string[]): string =>
  `Cluster state of release ${releaseText(snapshot)} has drifted from the desired state:\n${lines.join("\n")}`;
export const NO_DRIFT = "No drift detected against the cluster state";
export const driftCorrected = (snapshot: Snapshot, lines: readonly string[]): string =>
  `Cluster state of release ${releaseText(snapshot)} has been corrected:\n${lines.join("\n")}`;
export const driftNotCorrected = (snapshot: Snapshot, message: string): string =>
  `Failed to ${message.includes(PARTLY) ? "partially " : ""}correct cluster state of release ${releaseText(snapshot)}:\n${message}`;
const PARTLY = "Successful corrections:\n";

/** The event of a failure says more than the condition. */
export const withLogs = (message: string, logs: readonly string[]): string =>
  logs.length === 0 ? message : `${message}\n\nLast Helm logs:\n\n${logs.join("\n")}`;

/** Which chart a stored release is of. */
export function chartOf({ chart }: HelmStoredRelease): { readonly name: string; readonly version: string } {
  const { name, version } = isObject(chart.metadata) ? chart.metadata : {};
  return { name: typeof name === "string" ? name : "", version: typeof version === "string" ? version : "" };
}
