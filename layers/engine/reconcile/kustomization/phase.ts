import type { Revision } from "../../domain/artifact.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Milliseconds } from "../../domain/time.ts";

/** How far a run got; it stands in `Reconciling`. */
export type Phase = "fetching" | "building" | "detecting" | "checking";

/** What Flux says while it is there. Source: reference 2.3. */
export function phaseMessage(phase: Phase, revision: Revision, timeout: Milliseconds): string {
  const rest = `for revision ${revision} with a timeout of ${formatDuration(timeout)}`;
  switch (phase) {
    case "fetching":
      return `Fetching manifests ${rest}`;
    case "building":
      return `Building manifests ${rest}`;
    case "detecting":
      return `Detecting drift ${rest}`;
    case "checking":
      return `Running health checks ${rest}`;
  }
}

/** The revision that `phaseMessage` made a message of; undefined of any other text. */
export const revisionInMessage = (message: string): string | undefined => / for revision (\S+) with a timeout of \S+$/.exec(message)?.[1];
