import { type Condition, findCondition } from "../../domain/condition.ts";
import type { Draft } from "./draft.ts";

/**
 * Sets Ready to what counts most of a release: the newest of Remediated, TestSuccess and Released, in this order among those of one generation. A release that
 * had to be remediated is not ready. Source: reference 3.6; fluxcd/helm-controller, summarize.
 */
export function summarise(draft: Draft): void {
  const { spec, status } = draft.object();
  if (!spec.test.enable) draft.unmark("TestSuccess");
  const counting = spec.test.enable && !spec.test.ignoreFailures ? ["Remediated", "TestSuccess", "Released"] : ["Remediated", "Released"];
  const found = counting.flatMap((type) => findCondition(status.conditions ?? [], type) ?? []);
  const first = found.toSorted((a, b) => generationOf(b) - generationOf(a))[0];
  if (first === undefined) return;
  const ready = first.type === "Remediated" ? "False" : first.status;
  if (ready === "True") draft.unmark("Stalled");
  draft.mark("Ready", { status: ready, ...readyWords(first, status.conditions ?? []) });
}

const generationOf = ({ observedGeneration = 0 }: Condition): number => observedGeneration;

/** What an uninstall was to put right is still what went wrong. Recorded in helm/install-retries-uninstall. */
function readyWords(first: Condition, conditions: readonly Condition[]): Pick<Condition, "reason" | "message"> {
  const isUninstall = first.type === "Remediated" && first.reason.startsWith("Uninstall");
  const failures = ["TestSuccess", "Released"].map((type) => findCondition(conditions, type));
  const { reason, message } = (isUninstall ? failures.find((condition) => condition?.status === "False") : undefined) ?? first;
  return { reason, message };
}
