import { configDigest } from "../../build/helm/values/config-digest.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { isObject } from "../../domain/json.ts";
import type { Milliseconds } from "../../domain/time.ts";
import type { HelmReleaseStatus, Snapshot } from "../../flux/helm-release-object.ts";
import { given } from "../../flux/reader.ts";
import { commonMetadataDigest, postRenderersDigest } from "../../release/digests.ts";
import { latestOf, recordRelease, recordRollback, recordTest, recordUninstall, recordUnlock } from "../../release/history.ts";
import { activeHandling, failureHandling, withFailure, withoutFailures } from "../../release/retries.ts";
import { isOf, snapshotOf } from "../../release/snapshot.ts";
import type { ActionEnd } from "./action.ts";
import type { Draft } from "./draft.ts";
import { type About, aboutSnapshot } from "./say.ts";
import { summarise } from "./summarise.ts";
import * as texts from "./texts.ts";

/** An action that has come to its end, one way or the other. */
export type Ended = Exclude<ActionEnd, { readonly kind: "in-progress" }>;

/** The chart that was tried. */
export type TriedChart = { readonly name: string; readonly version: string; readonly appVersion?: string };

export type ReleaseEnded = {
  readonly end: Ended;
  readonly chart: TriedChart;
  /** Of the values that were tried. */
  readonly values: string;
  readonly took: Milliseconds;
};

/** Writes down how an install or upgrade ended. Source: fluxcd/helm-controller, internal/reconcile/{install,upgrade}.go. */
export function recordReleaseEnd(draft: Draft, action: "install" | "upgrade", { end, chart, values, took }: ReleaseEnded): void {
  const { releases } = end;
  const before = draft.object();
  draft.change(
    given({
      ...withObservedDigests(draft),
      history: some(recordRelease(before.status.history ?? [], { releases, configDigest, action })),
      lastAttemptedReleaseAction: action,
      lastAttemptedReleaseActionDuration: formatDuration(took),
    }),
  );
  draft.unmark("TestSuccess", "Remediated");
  if (end.kind === "failed") releaseFailed(draft, action, end, chart, values);
  else releaseSucceeded(draft, action);
  summarise(draft);
}

function releaseFailed(draft: Draft, action: "install" | "upgrade", end: Ended & { readonly kind: "failed" }, chart: TriedChart, values: string): void {
  const reason = action === "install" ? "InstallFailed" : "UpgradeFailed";
  const message = texts.releaseFailed(action, draft.object(), chart, end.message);
  draft.change(withFailure(draft.object().status, end.releases.length > 0 ? action : undefined));
  draft.mark("Released", { status: "False", reason, message });
  const about = given({ revision: chart.version, token: values, "app-version": chart.appVersion });
  draft.say({ type: "Warning", reason, message: texts.withLogs(message, end.logs), about, always: true });
}

function releaseSucceeded(draft: Draft, action: "install" | "upgrade"): void {
  const { spec, status } = draft.object();
  const snapshot = latestOf(status.history ?? []);
  if (snapshot === undefined) throw new Error(`an ${action} that has succeeded has stored nothing`);
  const reason = action === "install" ? "InstallSucceeded" : "UpgradeSucceeded";
  const message = texts.releaseSucceeded(action, snapshot);
  draft.mark("Released", { status: "True", reason, message });
  if (spec.test.enable && snapshot.testHooks === undefined)
    draft.mark("TestSuccess", { status: "Unknown", reason: "AwaitingTests", message: texts.awaitingTests(snapshot) });
  if (failureHandling(draft.object(), action).strategy.name === "RetryOnFailure") draft.change(withoutFailures(draft.object().status));
  draft.say({ type: "Normal", reason, message, about: aboutSnapshot(snapshot), always: true });
}

/** How tests ended; a failure counts unless it is ignored. Source: fluxcd/helm-controller, internal/reconcile/test.go. */
export function recordTestEnd(draft: Draft, end: Ended): void {
  const { status } = draft.object();
  draft.change(given({ ...status, history: some(recordTest(status.history ?? [], { releases: end.releases, configDigest })) }));
  const snapshot = currentOf(draft);
  if (end.kind === "succeeded") {
    const message = texts.testsSucceeded(snapshot);
    draft.mark("TestSuccess", { status: "True", reason: "TestSucceeded", message });
    draft.say({ type: "Normal", reason: "TestSucceeded", message, about: aboutSnapshot(snapshot), always: true });
  } else {
    const message = texts.testsFailed(snapshot, end.message);
    const handling = activeHandling(draft.object());
    const counts = snapshot.testHooks !== undefined && handling?.remediation.ignoreTestFailures === false;
    draft.change(withFailure(draft.object().status, counts ? handling.action : undefined));
    draft.mark("TestSuccess", { status: "False", reason: "TestFailed", message });
    draft.say({ type: "Warning", reason: "TestFailed", message, about: aboutSnapshot(snapshot), always: true });
  }
  summarise(draft);
}

/** Source: fluxcd/helm-controller, internal/reconcile/rollback_remediation.go. */
export function recordRollbackEnd(draft: Draft, end: Ended, target: Snapshot): void {
  const { status } = draft.object();
  draft.change(given({ ...status, history: some(recordRollback(status.history ?? [], { releases: end.releases, configDigest })) }));
  const about: About = { ...aboutSnapshot(target), ...(status.lastAttemptedConfigDigest !== undefined && { token: status.lastAttemptedConfigDigest }) };
  if (end.kind === "succeeded") {
    const message = texts.rollbackSucceeded(target);
    draft.mark("Remediated", { status: "True", reason: "RollbackSucceeded", message });
    draft.say({ type: "Normal", reason: "RollbackSucceeded", message, about, always: true });
  } else {
    const message = texts.rollbackFailed(target, end.message);
    draft.change(withFailure(draft.object().status, undefined));
    draft.mark("Remediated", { status: "False", reason: "RollbackFailed", message });
    draft.say({ type: "Warning", reason: "RollbackFailed", message: texts.withLogs(message, end.logs), about, always: true });
  }
  summarise(draft);
}

/** Source: fluxcd/helm-controller, internal/reconcile/uninstall_remediation.go: Ready goes on to say what had failed. */
export function recordRemediationEnd(draft: Draft, end: Ended): void {
  const { status } = draft.object();
  draft.change(given({ ...status, history: some(recordUninstall(status.history ?? [], { releases: end.releases, configDigest }, "uninstall-remediation")) }));
  const snapshot = currentOf(draft);
  if (end.kind === "succeeded") {
    const message = texts.remediationSucceeded(snapshot);
    draft.mark("Remediated", { status: "True", reason: "UninstallSucceeded", message });
    draft.say({ type: "Normal", reason: "UninstallSucceeded", message, about: aboutSnapshot(snapshot), always: true });
  } else {
    const message = texts.remediationFailed(snapshot, end.message);
    draft.change(withFailure(draft.object().status, undefined));
    draft.mark("Remediated", { status: "False", reason: "UninstallFailed", message });
    draft.say({ type: "Warning", reason: "UninstallFailed", message: texts.withLogs(message, end.logs), about: aboutSnapshot(snapshot), always: true });
  }
  summarise(draft);
}

/** Of a release that nobody wants any more. `snapshot`: as it was known before. Source: fluxcd/helm-controller, internal/reconcile/uninstall.go. */
export function recordUninstallEnd(draft: Draft, end: Ended, snapshot: Snapshot): void {
  const { status } = draft.object();
  draft.change(given({ ...status, history: some(recordUninstall(status.history ?? [], { releases: end.releases, configDigest }, "uninstall")) }));
  if (end.kind === "succeeded") {
    const message = texts.uninstallSucceeded(snapshot);
    draft.mark("Released", { status: "False", reason: "UninstallSucceeded", message });
    draft.say({ type: "Normal", reason: "UninstallSucceeded", message, about: aboutSnapshot(snapshot), always: true });
  } else {
    const message = texts.uninstallFailed(snapshot, end.message);
    draft.change(withFailure(draft.object().status, undefined));
    draft.mark("Released", { status: "False", reason: "UninstallFailed", message });
    draft.say({ type: "Warning", reason: "UninstallFailed", message: texts.withLogs(message, end.logs), about: aboutSnapshot(snapshot), always: true });
  }
  summarise(draft);
}

/** `pending`: as it was found. Source: fluxcd/helm-controller, internal/reconcile/unlock.go. */
export function recordUnlockEnd(draft: Draft, end: Ended, pending: HelmStoredRelease): void {
  const { status } = draft.object();
  const known = (status.history ?? []).find((snapshot) => isOf(snapshot, pending));
  const snapshot = snapshotOf(pending, { configDigest, ...(known?.ociDigest !== undefined && { ociDigest: known.ociDigest }) });
  draft.change(given({ ...status, history: some(recordUnlock(status.history ?? [], { releases: end.releases, configDigest })) }));
  const reason = "PendingRelease";
  const message = end.kind === "succeeded" ? texts.unlocked(snapshot, pending.info.status) : texts.unlockFailed(snapshot, pending.info.status, end.message);
  if (end.kind === "failed") draft.change(withFailure(draft.object().status, undefined));
  draft.mark("Released", { status: "False", reason, message });
  draft.say({ type: end.kind === "succeeded" ? "Normal" : "Warning", reason, message, about: aboutSnapshot(snapshot), always: true });
  summarise(draft);
}

/** Of post-renderers and common metadata, from now on those of the spec are known. Recorded in helm/common-metadata-changes-later. */
export function withObservedDigests(draft: Draft): HelmReleaseStatus {
  const { status, manifest } = draft.object();
  const { observedPostRenderersDigest: _post, observedCommonMetadataDigest: _common, ...others } = status;
  return given({ ...others, observedPostRenderersDigest: postRenderersDigest(manifest), observedCommonMetadataDigest: commonMetadataDigest(manifest) });
}

/** What the chart of a stored release says of itself. */
export function triedChart({ chart }: HelmStoredRelease): TriedChart {
  const { name, version, appVersion } = isObject(chart.metadata) ? chart.metadata : {};
  return {
    name: typeof name === "string" ? name : "",
    version: typeof version === "string" ? version : "",
    ...(typeof appVersion === "string" && appVersion !== "" && { appVersion }),
  };
}

function currentOf(draft: Draft): Snapshot {
  const snapshot = latestOf(draft.object().status.history ?? []);
  if (snapshot === undefined) throw new Error("an action on a release that the status does not know");
  return snapshot;
}

const some = (history: readonly Snapshot[]): Snapshot[] | undefined => (history.length === 0 ? undefined : [...history]);
