import { findCondition, isTrue } from "../../domain/condition.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { parseTime } from "../../domain/time.ts";
import type { HelmRelease, Snapshot } from "../../flux/helm-release-object.ts";
import { commonMetadataDigest, postRenderersDigest } from "../../release/digests.ts";
import { latestOf, truncate, truncateToNewest } from "../../release/history.ts";
import { type NextAction, nextAction, retriesExceeded } from "../../release/next-action.ts";
import { releaseDigest } from "../../release/observation.ts";
import { forceRequest } from "../../release/requests.ts";
import { activeHandling } from "../../release/retries.ts";
import type { ReleaseSecret } from "../../release/secret.ts";
import { releaseState } from "../../release/state.ts";
import type { Drift } from "./action.ts";
import { announcedAction, unseenEnd } from "./announced.ts";
import { correctDrift, noteDrift } from "./drift.ts";
import type { End } from "./end.ts";
import { recordUnlockEnd, withObservedDigests } from "./record.ts";
import type { ChartSource } from "./source.ts";
import type { FindAnswer } from "./storage.ts";
import { summarise } from "./summarise.ts";
import { noteEnd, type Taken, takeAction } from "./take-action.ts";
import * as texts from "./texts.ts";
import { type Material, settingsFor, storageOf, type Target, type Turn, targetOf } from "./turn.ts";

/** Actions of one kind are taken once in a pass. Source: fluxcd/helm-controller, ReconcilerType. */
export type ActionKind = "release" | "test" | "remediate" | "unlock" | "drift";
export const KIND_OF = {
  install: "release",
  upgrade: "release",
  test: "test",
  rollback: "remediate",
  "uninstall-remediation": "remediate",
} as const satisfies { readonly [Action in Taken["kind"]]: ActionKind };

type Loop = {
  readonly turn: Turn;
  readonly material: Material;
  readonly chart: NonNullable<ChartSource["chart"]>;
  readonly target: Target;
  /** What this pass has done, by kind. */
  readonly taken: Set<ActionKind>;
  /** The newest revision, where this pass has just stored it: it need not be read again. */
  written?: HelmStoredRelease | undefined;
};

/** Looks at the release, does the next thing, looks again, until nothing is left to do in this pass. Source: reference 3.5. */
export async function releaseLoop(turn: Turn, given: Pick<Loop, "material" | "chart" | "taken">): Promise<End> {
  const loop: Loop = { turn, ...given, target: targetOf(turn.draft.object()) };
  for (;;) {
    const end = await step(loop);
    if (end !== undefined) return end;
  }
}

async function step(loop: Loop): Promise<End | undefined> {
  const { turn, material, chart, taken } = loop;
  const { draft } = turn;
  const object = draft.object();
  const found = await newest(loop);
  if (found.kind === "failed") return stateError(`failed to retrieve last release from storage: ${found.message}`);
  const latest = found.kind === "found" ? ofOurs(object, found.secret) : undefined;
  if (await noteUnseen(loop, latest)) return undefined;
  const state = releaseState(object, latest, {
    chartName: chart.name,
    chartVersion: chart.version,
    configDigest: material.valuesDigest,
    postRenderersDigest: postRenderersDigest(object.manifest),
    commonMetadataDigest: commonMetadataDigest(object.manifest),
  });
  if (state.kind === "in-sync") forgetOld(loop);
  const force = forceRequest(draft.object());
  draft.change({ ...draft.object().status, ...force.handled });
  // An upgrade that was announced and never begun was asked for, whatever by.
  const isForced = force.is || (state.kind === "in-sync" && !taken.has("release") && announcedAction(object) === "upgrade");
  const next = nextAction(draft.object(), state, isForced);
  return next.kind === "none" ? atRest(loop, next.release) : act(loop, next, latest);
}

/** What a Secret says of an action under way counts while the status has announced one: else whoever may write Secrets would have us apply what he wrote. */
function ofOurs(object: HelmRelease, secret: ReleaseSecret): ReleaseSecret {
  if (secret.progress === undefined || announcedAction(object) !== undefined) return secret;
  const { progress: _forged, ...rest } = secret;
  return rest;
}

async function newest(loop: Loop): Promise<FindAnswer> {
  const { turn, target, written } = loop;
  loop.written = undefined;
  if (written !== undefined) return { kind: "found", secret: { release: written, labels: {} } };
  return storageOf(turn, target).latest(latestOf(turn.draft.object().status.history ?? [])?.version);
}

const stateError = (message: string): End => ({
  kind: "failed",
  cause: { reason: "StateError", message: `Could not determine release state: ${message}` },
});

/** What an earlier pass has done, and could not write down. */
async function noteUnseen(loop: Loop, latest: ReleaseSecret | undefined): Promise<boolean> {
  const { turn, target, taken } = loop;
  const unseen = unseenEnd(turn.draft.object(), latest);
  if (unseen === undefined || unseen.end.kind === "in-progress" || unseen.action === "uninstall") return false;
  taken.add(KIND_OF[unseen.action]);
  const began = parseTime(unseen.end.releases[0]?.info.last_deployed) ?? turn.deps.clock.now();
  await noteEnd(turn, target, { kind: unseen.action, hidden: loop.material.hidden }, unseen.end, began);
  // Told once: by now it is written, or will be at the end of this pass.
  turn.draft.unmark("Reconciling");
  return true;
}

/** History that no rollback needs. */
function forgetOld({ turn: { draft } }: Loop): void {
  const { spec, status } = draft.object();
  const handling = activeHandling(draft.object());
  const ignoreTests = handling?.remediation.ignoreTestFailures ?? spec.test.ignoreFailures;
  const history = status.history ?? [];
  const kept = handling?.strategy.name === "RetryOnFailure" ? truncateToNewest(history) : truncate(history, ignoreTests);
  if (kept.length < history.length) draft.change({ ...status, history: [...kept] });
}

async function act(loop: Loop, next: Exclude<NextAction, { readonly kind: "none" }>, latest: ReleaseSecret | undefined): Promise<End | undefined> {
  const { draft } = loop.turn;
  switch (next.kind) {
    case "unknown":
      return stateError(next.message);
    case "terminal":
      return { kind: "terminal", cause: { reason: next.reason, message: next.message } };
    case "continue":
      return once(loop, { kind: continued(next.progress.action), action: next, began: next.progress.began });
    case "install":
      return release(loop, "install", latest?.release, []);
    case "upgrade":
      return release(loop, "upgrade", next.release, next.forget ? [] : undefined, latest);
    case "test":
      putRight(loop);
      return once(loop, { kind: "test", action: next });
    case "unlock":
      return unlock(loop, next.release);
    case "uninstall-remediation":
      return once(loop, { kind: "uninstall-remediation", action: next, history: remediationHistory(draft.object()) });
    case "rollback":
      return rollback(loop, next.release, next.target);
  }
}

/** An uninstall that was begun for a target or an object that is wanted again has the same end. */
const continued = (action: NonNullable<ReleaseSecret["progress"]>["action"]): Taken["kind"] => (action === "uninstall" ? "uninstall-remediation" : action);

async function release(
  loop: Loop,
  kind: "install" | "upgrade",
  previous: HelmStoredRelease | undefined,
  history: readonly Snapshot[] | undefined,
  read?: ReleaseSecret,
): Promise<End | undefined> {
  const stopped = mayNot(loop, "release");
  if (stopped !== undefined) return stopped;
  const { material } = loop;
  const loaded = await material.load();
  if (loaded.kind === "end") return loaded.end;
  const { chart } = loaded;
  return once(loop, {
    kind,
    action: { kind, chart, values: material.values, integers: material.integers, previous, ...(read?.resourceVersion !== undefined && { stored: read }) },
    tried: { chart, valuesDigest: material.valuesDigest },
    ...(history !== undefined && { history }),
  });
}

/** Whatever the target was, it must still be what it was; else only another upgrade can help. */
async function rollback(loop: Loop, failed: HelmStoredRelease, target: Snapshot): Promise<End | undefined> {
  const answer = await storageOf(loop.turn, loop.target).read(target.version);
  if (answer.kind === "failed")
    return { kind: "failed", cause: { reason: "ReconcileError", message: `cannot verify previous release to roll back to: ${answer.message}` } };
  const isSame = answer.kind === "found" && releaseDigest(answer.secret.release, target.ociDigest) === target.digest;
  if (!isSame) return release(loop, "upgrade", failed, undefined);
  return once(loop, { kind: "rollback", action: { kind: "rollback", target: answer.secret.release }, history: remediationHistory(loop.turn.draft.object()) });
}

/** Failures before this one are no use to anybody. */
const remediationHistory = (object: HelmRelease): readonly Snapshot[] =>
  truncate(object.status.history ?? [], activeHandling(object)?.remediation.ignoreTestFailures ?? false);

/** Takes the action, if none of its kind was taken in this pass. */
async function once(loop: Loop, taken: Omit<Taken, "hidden">): Promise<End | undefined> {
  const kind = KIND_OF[taken.kind];
  const stopped = mayNot(loop, kind);
  if (stopped !== undefined) return stopped;
  const { end, written } = await takeAction(loop.turn, loop.target, { ...taken, hidden: loop.material.hidden });
  loop.taken.add(kind);
  loop.written = written;
  return end ?? (kind === "remediate" ? afterRemediation(loop.turn) : undefined);
}

/** A remediation ends the pass. */
export function afterRemediation({ draft }: Turn): End {
  const handling = activeHandling(draft.object());
  return handling?.isExhausted === true ? { kind: "terminal", cause: causeOf(retriesExceeded(handling)) } : { kind: "again" };
}

const causeOf = ({ reason, message }: ReturnType<typeof retriesExceeded>): { readonly reason: string; readonly message: string } => ({ reason, message });

/** How the pass ends when what is to be done next was done in it already. */
function mayNot({ turn: { draft }, taken }: Loop, kind: ActionKind): End | undefined {
  if (!taken.has(kind)) return undefined;
  const handling = activeHandling(draft.object());
  if (handling?.strategy.name === "RetryOnFailure") return { kind: "retry-later", after: handling.strategy.retryInterval };
  return { kind: "again" };
}

async function unlock(loop: Loop, pending: HelmStoredRelease): Promise<End | undefined> {
  const { turn, target } = loop;
  const stopped = mayNot(loop, "unlock");
  if (stopped !== undefined) return stopped;
  loop.taken.add("unlock");
  const { runAction } = await import("./actions/run-action.ts");
  const end = await runAction(turn.deps, await settingsFor(turn, target), { kind: "unlock", release: pending });
  if (end.kind === "in-progress") return { kind: "in-progress", retryIn: end.retryIn };
  recordUnlockEnd(turn.draft, end, pending);
  return end.kind === "failed" ? { kind: "action-failed", cause: { reason: "PendingRelease", message: end.message } } : undefined;
}

/** Nothing is left to do but to look whether the cluster is as the release says. */
async function atRest(loop: Loop, current: HelmStoredRelease): Promise<End | undefined> {
  const { draft } = loop.turn;
  const { mode } = draft.object().spec.driftDetection;
  putRight(loop);
  draft.change(withObservedDigests(draft));
  if (mode === "disabled") {
    draft.unmark("Drifted");
    return inSync(loop);
  }
  const drift = await noteDrift(loop.turn, current, loop.material.hidden);
  if (drift.kind === "failed") return stateError(`unable to determine cluster state: ${drift.message}`);
  if (drift.kind === "none" || mode === "warn") return inSync(loop);
  return correct(loop, current, drift.drift);
}

async function correct(loop: Loop, current: HelmStoredRelease, drift: readonly Drift[]): Promise<End | undefined> {
  const stopped = mayNot(loop, "drift");
  if (stopped !== undefined) return stopped;
  loop.taken.add("drift");
  return correctDrift(loop.turn, loop.target, { release: current, drift, hidden: loop.material.hidden });
}

function inSync({ turn: { draft } }: Loop): End {
  draft.unmark("Reconciling");
  summarise(draft);
  return { kind: "in-sync" };
}

/** What is in sync has come right, however it did: by a rollback to what is wanted now, or from outside. */
function putRight({ turn: { draft } }: Loop): void {
  const { status } = draft.object();
  const conditions = status.conditions ?? [];
  const snapshot = latestOf(status.history ?? []);
  const released = findCondition(conditions, "Released");
  if (snapshot === undefined || !(isTrue(conditions, "Remediated") || released?.status === "False")) return;
  const action = released?.reason.startsWith("Install") === true && !isTrue(conditions, "Remediated") ? "install" : "upgrade";
  draft.unmark("Remediated");
  const reason = action === "install" ? "InstallSucceeded" : "UpgradeSucceeded";
  draft.mark("Released", { status: "True", reason, message: texts.releaseSucceeded(action, snapshot) });
}
