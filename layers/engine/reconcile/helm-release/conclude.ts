import { revision } from "../../domain/artifact.ts";
import { findCondition } from "../../domain/condition.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { handledRequest } from "../object-status.ts";
import type { Draft } from "./draft.ts";
import type { End } from "./end.ts";

export const PREREQUISITES = { status: "True", reason: "Progressing", message: "Fulfilling prerequisites" } as const;

/** The one place where the end of a pass becomes Ready, Reconciling, Stalled, observedGeneration, the next look and what is told. Source: reference 3.2, 3.4-3.6. */
export async function conclude(draft: Draft, end: End): Promise<Outcome> {
  if (end.kind === "moved") return { kind: "skipped", why: end.why, ...(end.why !== "gone" && { again: true }) };
  // Its answer is not there yet, and it is written already.
  if (end.kind === "in-progress") return { kind: "progressing", cause: reconcilingCause(draft), retryIn: end.retryIn };
  const outcome = apply(draft, end);
  const object = draft.object();
  draft.change({ ...object.status, ...handledRequest(object) });
  const written = await draft.writeOver();
  if (written === "moved") return { kind: "skipped", why: "the object has moved on", again: true };
  return written === "gone" ? { kind: "skipped", why: "gone" } : outcome;
}

function apply(draft: Draft, end: Exclude<End, { readonly kind: "moved" | "in-progress" }>): Outcome {
  switch (end.kind) {
    case "in-sync": {
      observed(draft);
      const { lastAttemptedRevision } = draft.object().status;
      return { kind: "succeeded", ...(lastAttemptedRevision !== undefined && { revision: revision(lastAttemptedRevision) }) };
    }
    case "again":
      return { kind: "skipped", why: "what comes next has a pass of its own", again: true };
    case "retry-later": {
      const message = `retrying after ${formatDuration(end.after)}`;
      draft.mark("Reconciling", { status: "True", reason: "ProgressingWithRetry", message });
      observed(draft);
      return { kind: "failed", cause: readyCause(draft), retryIn: end.after };
    }
    case "terminal":
      draft.mark("Stalled", { status: "True", ...end.cause });
      observed(draft);
      return { kind: "stalled", cause: end.cause };
    case "stalled":
      draft.mark("Stalled", { status: "True", ...end.cause });
      draft.mark("Ready", { status: "False", ...end.cause });
      draft.say({ type: "Warning", reason: end.cause.reason, message: end.said ?? end.cause.message });
      observed(draft);
      return { kind: "stalled", cause: end.cause };
    case "waiting":
      draft.mark("Reconciling", PREREQUISITES);
      draft.mark("Ready", { status: "False", ...end.cause });
      if (end.event !== undefined) draft.say({ type: end.event, ...end.cause });
      return { kind: "waiting", cause: end.cause, retryIn: end.retryIn, ...(end.lostArtifact === true && { lostArtifact: true }) };
    case "failed":
      draft.mark("Reconciling", PREREQUISITES);
      draft.mark("Ready", { status: "False", ...end.cause });
      if (end.event !== undefined) draft.say({ type: end.event, reason: end.cause.reason, message: end.said ?? end.cause.message });
      return { kind: "failed", cause: end.cause };
    case "action-failed":
      return { kind: "failed", cause: end.cause };
  }
}

function observed(draft: Draft): void {
  const { metadata, status } = draft.object();
  draft.change({ ...status, observedGeneration: metadata.generation });
}

const readyCause = (draft: Draft): { readonly reason: string; readonly message: string } => causeOf(draft, "Ready");
const reconcilingCause = (draft: Draft): { readonly reason: string; readonly message: string } => causeOf(draft, "Reconciling");

function causeOf(draft: Draft, type: string): { readonly reason: string; readonly message: string } {
  const condition = findCondition(draft.object().status.conditions ?? [], type);
  return { reason: condition?.reason ?? "Progressing", message: condition?.message ?? "" };
}
