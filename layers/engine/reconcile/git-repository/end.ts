import type { Artifact, Revision } from "../../domain/artifact.ts";
import type { Cause } from "../../domain/outcome.ts";
import type { GitRepositoryStatus } from "../../flux/git-repository-object.ts";

/** The condition that says what went wrong. Source: reference 1.1. */
export type FailCondition = "FetchFailed" | "IncludeUnavailable" | "StorageOperationFailed";

/** What a pass knew when it ended: it decides what `Reconciling` says while failing. Source: reference 1.1. */
export type Progress = {
  /** The artifact that status named is not in the store any more. */
  readonly lost: boolean;
  /** An included source stands elsewhere than at the last artifact. */
  readonly includesMoved: boolean;
  /** The revision that is new, once it is known. */
  readonly newRevision?: Revision;
};

/** How one pass over a GitRepository ended; `summarise` turns it into conditions, events and the outcome. */
export type End =
  /** `how`: by a question that needed no fetch, or by a look that found the same. */
  | { readonly kind: "unchanged"; readonly revision: Revision; readonly how: "probed" | "looked" }
  | { readonly kind: "stored"; readonly artifact: Artifact; readonly observed: Observed; readonly message: string }
  | { readonly kind: "failed"; readonly condition: FailCondition; readonly cause: Cause; readonly progress: Progress }
  | { readonly kind: "waiting"; readonly condition: FailCondition; readonly cause: Cause; readonly progress: Progress }
  | { readonly kind: "stalled"; readonly condition?: FailCondition; readonly cause: Cause };

/** The part of the spec that went into an artifact, as status keeps it. */
export type Observed = Pick<GitRepositoryStatus, "observedIgnore" | "observedInclude" | "observedSparseCheckout" | "includedArtifacts">;

/** What one rung of the ladder hands to the next, or the end of the pass. */
export type Step<Value> = { readonly kind: "next"; readonly value: Value } | { readonly kind: "end"; readonly end: End };

export const next = <Value>(value: Value): Step<Value> => ({ kind: "next", value });
export const failedEnd = (condition: FailCondition, reason: string, message: string, progress: Progress): { readonly kind: "end"; readonly end: End } => ({
  kind: "end",
  end: { kind: "failed", condition, cause: { reason, message }, progress },
});
export const stalledEnd = (reason: string, message: string, condition?: FailCondition): { readonly kind: "end"; readonly end: End } => ({
  kind: "end",
  end: { kind: "stalled", cause: { reason, message }, ...(condition !== undefined && { condition }) },
});
