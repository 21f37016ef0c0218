import type { Artifact, Revision } from "../../domain/artifact.ts";
import type { SourceFailure, SourceProgress } from "../source/source-conditions.ts";

/** How one pass over a HelmRepository ended; `summarise` turns it into conditions, events and the outcome. */
export type End =
  | { readonly kind: "unchanged"; readonly revision: Revision }
  | { readonly kind: "stored"; readonly artifact: Artifact; readonly url: string }
  | ({ readonly kind: "failed"; readonly progress: SourceProgress } & SourceFailure)
  | ({ readonly kind: "stalled" } & SourceFailure);

export type Ended = { readonly kind: "end"; readonly end: End };

/** What one rung of the ladder hands to the next, or the end of the pass. */
export type Step<Value> = { readonly kind: "next"; readonly value: Value } | Ended;

export const next = <Value>(value: Value): Step<Value> => ({ kind: "next", value });
export const failedEnd = (reason: string, message: string, progress: SourceProgress): Ended => ({
  kind: "end",
  end: { kind: "failed", condition: "FetchFailed", cause: { reason, message }, progress },
});
export const stalledEnd = (reason: string, message: string): Ended => ({
  kind: "end",
  end: { kind: "stalled", condition: "FetchFailed", cause: { reason, message } },
});
