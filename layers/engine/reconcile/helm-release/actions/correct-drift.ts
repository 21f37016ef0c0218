import { subjectOf } from "../../../domain/manifest.ts";
import { byApplyOrder } from "../../../plan/order.ts";
import type { ActionEnd, Drift, ReleaseAction } from "../action.ts";
import { HELM_MANAGER } from "../storage.ts";
import { correctionLine, refOfDrift } from "./drift.ts";
import { shownMessage } from "./refusal-message.ts";
import { failedWith, type Run } from "./run.ts";

/**
 * Puts right what drift was found: missing objects are created, others patched, without a new revision. What is refused holds up nothing else.
 * Where all of it went, the logs are what was done.
 * Source: helm-controller, internal/action ApplyDiff.
 */
export async function correctDrift(run: Run, { drift }: Extract<ReleaseAction, { readonly kind: "correct-drift" }>): Promise<ActionEnd> {
  const corrected: Drift[] = [];
  const problems: string[] = [];
  for (const one of inCorrectionOrder(drift)) {
    const problem = await correct(run, one);
    if (problem === undefined) corrected.push(one);
    else problems.push(problem);
  }
  if (problems.length === 0) return { kind: "succeeded", releases: run.journal.releases(), logs: corrected.map(correctionLine) };
  const done = corrected.length === 0 ? "" : `\n\nSuccessful corrections:\n${corrected.map(correctionLine).join("\n")}`;
  return failedWith(run, `${problems.join("\n")}${done}`);
}

/** What was created comes first, each in the order of an apply; the same order tells of it. */
export function inCorrectionOrder(drift: readonly Drift[]): readonly Drift[] {
  const sorted = drift.toSorted((a, b) => byApplyOrder(refOfDrift(a), refOfDrift(b)));
  return [...sorted.filter(({ kind }) => kind === "removed"), ...sorted.filter(({ kind }) => kind === "changed")];
}

async function correct(run: Run, one: Drift): Promise<string | undefined> {
  const ref = refOfDrift(one);
  const resource = { manifest: one.desired, ref };
  const name = subjectOf(ref);
  if (one.kind === "removed") {
    const answer = await run.cluster.create(one.desired, { manager: HELM_MANAGER });
    // An earlier call that was killed behind the request has created it.
    if (answer.kind !== "refused") return undefined;
    return `${name} creation failure: ${shownMessage(resource, answer.message)}`;
  }
  const answer = await run.cluster.patch(ref, { body: { type: "json", operations: one.operations }, manager: HELM_MANAGER });
  if (answer.kind === "patched") return undefined;
  return `${name} patch failure: ${answer.kind === "stale" ? "the object has been modified" : shownMessage(resource, answer.message)}`;
}
