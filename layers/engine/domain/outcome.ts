import type { Revision } from "./artifact.ts";
import type { Place } from "./place.ts";
import type { Milliseconds } from "./time.ts";

/** Why a run ended as it did, in the words that go into conditions and events. */
export type Cause = { readonly reason: string; readonly message: string };

/** How a run over one object ends. The host decides from it when to look again; `summarise` what the object says. */
export type Outcome =
  /** All done at `revision`: look again after the interval. */
  | { readonly kind: "succeeded"; readonly revision?: Revision }
  /** Applied, not yet healthy; or out of time. */
  | { readonly kind: "progressing"; readonly cause: Cause; readonly retryIn: Milliseconds }
  /** Source or dependency not ready: not our failure. `lostArtifact`: of the source that has it in its status, and not in the store. */
  | { readonly kind: "waiting"; readonly cause: Cause; readonly retryIn: Milliseconds; readonly lostArtifact?: boolean }
  /** Again after the retry interval, or with back-off where `retryIn` is absent. `at`: where in the artifact the cause stands. */
  | { readonly kind: "failed"; readonly cause: Cause; readonly at?: Place; readonly retryIn?: Milliseconds }
  /** A person must change something. */
  | { readonly kind: "stalled"; readonly cause: Cause }
  /** Nothing to do: suspended, gone, deleted. `again`: look again at once (the finalizer was added, the object had moved on). */
  | { readonly kind: "skipped"; readonly why: string; readonly again?: boolean };
