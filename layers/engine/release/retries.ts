import type { FailureStrategy, Remediation } from "../flux/helm-release-actions.ts";
import type { HelmRelease, HelmReleaseStatus } from "../flux/helm-release-object.ts";

/** What is done about failures of `action`, and how many of them count. Source: reference 3.5, "Failed handling" and "Counting". */
export type FailureHandling = {
  readonly action: "install" | "upgrade";
  readonly strategy: FailureStrategy;
  readonly remediation: Remediation;
  readonly failures: number;
  /** No attempt is left. Never under RetryOnFailure, which has no end. */
  readonly isExhausted: boolean;
};

export function failureHandling({ spec, status }: Pick<HelmRelease, "spec" | "status">, action: "install" | "upgrade"): FailureHandling {
  const { strategy, remediation } = spec[action];
  const failures = (action === "install" ? status.installFailures : status.upgradeFailures) ?? 0;
  const isExhausted = strategy.name === "RemediateOnFailure" && remediation.retries >= 0 && failures > remediation.retries;
  return { action, strategy, remediation, failures, isExhausted };
}

/** That of the action that was attempted last; undefined before the first. */
export const activeHandling = (object: Pick<HelmRelease, "spec" | "status">): FailureHandling | undefined =>
  object.status.lastAttemptedReleaseAction === undefined ? undefined : failureHandling(object, object.status.lastAttemptedReleaseAction);

/** `counts`: the failure has left a release in storage, or a failed test that is not ignored. */
export function withFailure(status: HelmReleaseStatus, counts: "install" | "upgrade" | undefined): HelmReleaseStatus {
  const { failures = 0, installFailures = 0, upgradeFailures = 0 } = status;
  return {
    ...status,
    failures: failures + 1,
    ...(counts === "install" && { installFailures: installFailures + 1 }),
    ...(counts === "upgrade" && { upgradeFailures: upgradeFailures + 1 }),
  };
}

export function withoutFailures({ failures: _, installFailures: _install, upgradeFailures: _upgrade, ...status }: HelmReleaseStatus): HelmReleaseStatus {
  return status;
}
