import { hideValues } from "../../build/hide-secrets.ts";
import type { Revision } from "../../domain/artifact.ts";
import type { InventoryEntry } from "../../domain/inventory.ts";
import type { Cause } from "../../domain/outcome.ts";
import type { Place } from "../../domain/place.ts";
import type { Milliseconds } from "../../domain/time.ts";
import type { Phase } from "./phase.ts";

/** What the stages of one run left, whatever came of it. Nothing in it is a guess: it is what the cluster has. */
export type Work = {
  /** sha256 of the final YAML, once it was built. */
  readonly digest?: string;
  /** What may exist because of this Kustomization; absent: as before. */
  readonly inventory?: readonly InventoryEntry[];
};

/** How one run over a Kustomization ended; `summarise` turns it into status, events and an Outcome. */
export type End =
  /** Somebody changed the object, or took it away, while it was worked on. */
  | { readonly kind: "moved"; readonly why: string; readonly work: Work }
  /** The source, or its artifact, is not there. */
  | { readonly kind: "no-source"; readonly cause: Cause; readonly retryIn: Milliseconds; readonly lostArtifact?: boolean }
  | { readonly kind: "dependency-not-ready"; readonly revision: Revision; readonly cause: Cause }
  | { readonly kind: "stalled"; readonly cause: Cause }
  | {
      readonly kind: "failed";
      readonly revision: Revision;
      readonly phase: Phase;
      readonly cause: Cause;
      readonly eventMessage?: string;
      /** For the log; conditions and events have Flux's words and nothing else. */
      readonly at?: Place;
      readonly work: Work;
    }
  /** Health checks did not pass in their time, or something they wait for has failed. `message` goes into `Healthy` as it is. */
  | { readonly kind: "unhealthy"; readonly revision: Revision; readonly message: string; readonly since: Milliseconds; readonly work: Work }
  /** A stage is applied, and the next one must wait until it is established. */
  | { readonly kind: "settling"; readonly revision: Revision; readonly work: Work }
  | { readonly kind: "checking"; readonly revision: Revision; readonly work: Work }
  /** `checked`: how long health was awaited; absent without health checks. */
  | { readonly kind: "succeeded"; readonly revision: Revision; readonly changed: boolean; readonly checked?: Milliseconds; readonly work: Work };

const HIDDEN = "*****";

/** The end with `values` hidden in all that it says: the server quotes what it will not have, and knows no secret in it. */
export function withoutValues(end: End, values: readonly string[]): End {
  if (values.length === 0) return end;
  const hide = (text: string): string => hideValues(text, values, HIDDEN);
  switch (end.kind) {
    case "failed":
      return {
        ...end,
        cause: { ...end.cause, message: hide(end.cause.message) },
        ...(end.eventMessage !== undefined && { eventMessage: hide(end.eventMessage) }),
      };
    case "unhealthy":
      return { ...end, message: hide(end.message) };
    case "moved":
    case "no-source":
    case "dependency-not-ready":
    case "stalled":
    case "settling":
    case "checking":
    case "succeeded":
      return end;
  }
}
