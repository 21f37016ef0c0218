import type { HelmStoredRelease } from "../domain/helm-release.ts";
import type { HelmRelease, Snapshot } from "../flux/helm-release-object.ts";
import { previousOf } from "./history.ts";
import type { ReleaseProgress } from "./progress.ts";
import { activeHandling, type FailureHandling, failureHandling } from "./retries.ts";
import type { ReleaseState } from "./state.ts";

export type NextAction =
  /** At rest; drift is another matter. */
  | { readonly kind: "none"; readonly release: HelmStoredRelease }
  | { readonly kind: "install" }
  /** `forget`: the history cannot be relied on any more. */
  | { readonly kind: "upgrade"; readonly release: HelmStoredRelease; readonly forget: boolean }
  | { readonly kind: "test" | "unlock"; readonly release: HelmStoredRelease }
  | { readonly kind: "continue"; readonly release: HelmStoredRelease; readonly progress: ReleaseProgress }
  /** If the target is in storage as we know it; else there must be another upgrade. */
  | { readonly kind: "rollback"; readonly release: HelmStoredRelease; readonly target: Snapshot }
  | { readonly kind: "uninstall-remediation"; readonly release: HelmStoredRelease }
  /** Nothing helps but a change by somebody. */
  | { readonly kind: "terminal"; readonly reason: "RetriesExceeded" | "MissingRollbackTarget"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string };

/** The table of reference 3.5: from the state, the failures so far and whether a release was asked for out of turn, to what is done next. */
export function nextAction(object: HelmRelease, state: ReleaseState, isForced: boolean): NextAction {
  switch (state.kind) {
    case "unknown":
      return state;
    case "in-progress":
      return { kind: "continue", release: state.release, progress: state.progress };
    case "locked":
      return { kind: "unlock", release: state.release };
    case "absent":
      return failureHandling(object, "install").isExhausted && !isForced ? exhausted(object) : { kind: "install" };
    case "unmanaged":
      return { kind: "upgrade", release: state.release, forget: true };
    case "out-of-sync":
      return failureHandling(object, "upgrade").isExhausted && !isForced ? exhausted(object) : upgrade(state.release);
    case "untested":
      return { kind: "test", release: state.release };
    case "in-sync":
      return isForced ? upgrade(state.release) : { kind: "none", release: state.release };
    case "failed":
      return afterFailure(object, state.release, isForced);
  }
}

function afterFailure(object: HelmRelease, release: HelmStoredRelease, isForced: boolean): NextAction {
  const handling = activeHandling(object);
  if (handling === undefined || handling.strategy.name === "RetryOnFailure") return upgrade(release);
  // What it failed of has changed since.
  if (handling.failures <= 0 || isForced) return upgrade(release);
  const { remediation } = handling;
  if (handling.isExhausted && !remediation.remediateLastFailure) return retriesExceeded(handling);
  if (remediation.strategy === "uninstall") return { kind: "uninstall-remediation", release };
  const target = previousOf(object.status.history ?? [], remediation.ignoreTestFailures);
  return target === undefined ? MISSING_TARGET : { kind: "rollback", release, target };
}

const upgrade = (release: HelmStoredRelease): NextAction => ({ kind: "upgrade", release, forget: false });

const MISSING_TARGET: NextAction = {
  kind: "terminal",
  reason: "MissingRollbackTarget",
  message: "Failed to perform remediation: missing target release for rollback: cannot remediate failed release",
};

/** Flux counts what was attempted last, whatever is out of retries. */
const exhausted = (object: HelmRelease): NextAction => retriesExceeded(activeHandling(object) ?? failureHandling(object, "install"));

export const retriesExceeded = ({ action, failures }: Pick<FailureHandling, "action" | "failures">): NextAction & { readonly kind: "terminal" } => ({
  kind: "terminal",
  reason: "RetriesExceeded",
  message: `Failed to ${action} after ${failures} attempt(s)`,
});
