import type { Cause } from "../../domain/outcome.ts";
import type { Milliseconds } from "../../domain/time.ts";

/** How a pass over a HelmRelease ended; `conclude` turns it into status and Outcome. */
export type End =
  /** Somebody changed the object, or took it away. */
  | { readonly kind: "moved"; readonly why: string }
  | { readonly kind: "in-sync" }
  /** An action waits for the cluster. */
  | { readonly kind: "in-progress"; readonly retryIn: Milliseconds }
  /** What must be done next may not be done in the same pass. */
  | { readonly kind: "again" }
  /** Of a release with RetryOnFailure. */
  | { readonly kind: "retry-later"; readonly after: Milliseconds }
  /** No attempt is left, or nothing to go back to. */
  | { readonly kind: "terminal"; readonly cause: Cause }
  /** The spec asks for what cannot be. `said`: what the event says, where that differs. */
  | { readonly kind: "stalled"; readonly cause: Cause; readonly said?: string }
  /** For others; they wake the object, or the time does. */
  | { readonly kind: "waiting"; readonly cause: Cause; readonly retryIn: Milliseconds; readonly event?: "Normal"; readonly lostArtifact?: boolean }
  /** Again with back-off. `event`: it is told, in the words of Ready unless `said` has others. */
  | { readonly kind: "failed"; readonly cause: Cause; readonly event?: "Warning"; readonly said?: string }
  /** An action has failed before it stored anything: all is said already. */
  | { readonly kind: "action-failed"; readonly cause: Cause };
