import { hideValues } from "../../build/hide-secrets.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import { refOf, subjectOf } from "../../domain/manifest.ts";
import type { Snapshot } from "../../flux/helm-release-object.ts";
import { nextTurn, turnWindow } from "../../plan/due.ts";
import { latestOf } from "../../release/history.ts";
import { secretValuesOfRelease } from "../../release/secret-values.ts";
import type { Drift } from "./action.ts";
import type { End } from "./end.ts";
import { aboutSnapshot } from "./say.ts";
import * as texts from "./texts.ts";
import { settingsFor, type Target, type Turn } from "./turn.ts";

const HIDDEN = "*****";

export type Drifted =
  | { readonly kind: "none" }
  | { readonly kind: "drifted"; readonly drift: readonly Drift[] }
  | { readonly kind: "failed"; readonly message: string };

/** Compares the cluster with the release, and notes what differs. Source: reference 3.7. */
export async function noteDrift(turn: Turn, release: HelmStoredRelease, hidden: readonly string[]): Promise<Drifted> {
  const { draft, deps } = turn;
  const [{ detectDrift }, { createDriftStamps }] = await Promise.all([import("./actions/drift.ts"), import("./actions/drift-stamps.ts")]);
  const { metadata, spec } = draft.object();
  const { ignore, mode } = spec.driftDetection;
  const { fullLookEvery } = deps.settings;
  const window = turnWindow(metadata.uid, spec.interval, deps.clock.now());
  const look = {
    cluster: turn.cluster,
    origin: metadata,
    stamps: createDriftStamps(deps.renders, deps.kinds, metadata),
    isFullLook: nextTurn(metadata.uid, fullLookEvery, window.from) <= window.to,
  };
  const found = await detectDrift(deps, look, release, ignore);
  if (found.kind === "failed") return { kind: "failed", message: hideValues(found.message, [...hidden, ...secretValuesOfRelease(release)], HIDDEN) };
  const snapshot = latestOf(draft.object().status.history ?? []);
  if (snapshot === undefined || !found.drift.some(({ kind }) => kind !== "excluded")) {
    draft.mark("Drifted", { status: "False", reason: "NoDriftDetected", message: texts.NO_DRIFT });
    return { kind: "none" };
  }
  const message = texts.drifted(snapshot, found.drift.map(lineOf));
  draft.mark("Drifted", { status: "True", reason: "DriftDetected", message });
  draft.say({ type: "Warning", reason: "DriftDetected", message, ...(mode === "enabled" && { always: true }) });
  return { kind: "drifted", drift: found.drift };
}

/** `ConfigMap/apps/a changed (0 additions, 2 changes, 0 removals)`. */
function lineOf({ desired, kind, operations }: Drift): string {
  const subject = subjectOf(refOf(desired));
  if (kind !== "changed") return `${subject} ${kind}`;
  const count = (op: Drift["operations"][number]["op"]): number => operations.filter((operation) => operation.op === op).length;
  return `${subject} changed (${count("add")} additions, ${count("replace")} changes, ${count("remove")} removals)`;
}

export type Correction = { readonly release: HelmStoredRelease; readonly drift: readonly Drift[]; readonly hidden: readonly string[] };

export async function correctDrift(turn: Turn, target: Target, { release, drift, hidden }: Correction): Promise<End | undefined> {
  const { draft, deps } = turn;
  const { runAction } = await import("./actions/run-action.ts");
  const end = await runAction(deps, await settingsFor(turn, target), { kind: "correct-drift", release, drift });
  const snapshot = latestOf(draft.object().status.history ?? []);
  if (end.kind === "in-progress" || snapshot === undefined) return undefined;
  tell(
    turn,
    snapshot,
    end.kind === "succeeded" ? { lines: end.logs } : { problem: hideValues(end.message, [...hidden, ...secretValuesOfRelease(release)], HIDDEN) },
  );
  return undefined;
}

function tell({ draft }: Turn, snapshot: Snapshot, { lines, problem }: { readonly lines?: readonly string[]; readonly problem?: string }): void {
  const about = aboutSnapshot(snapshot);
  if (problem !== undefined)
    draft.say({ type: "Warning", reason: "DriftCorrectionFailed", message: texts.driftNotCorrected(snapshot, problem), about, always: true });
  else if (lines !== undefined && lines.length > 0)
    draft.say({ type: "Normal", reason: "DriftCorrected", message: texts.driftCorrected(snapshot, lines), about, always: true });
}
