import type { Revision } from "../../domain/artifact.ts";
import { setCondition } from "../../domain/condition.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { type EpochMs, type Milliseconds, seconds } from "../../domain/time.ts";
import type { GitRepository, GitRepositoryStatus } from "../../flux/git-repository-object.ts";
import { handledRequest, isRequested, settled } from "../object-status.ts";
import { failing, hasNewGeneration, isRecovered, type News, progressMessage, sayCause, stalling } from "../source/source-conditions.ts";
import type { Saying } from "../source/source-object.ts";
import type { SourceSummary } from "../source/source-pass.ts";
import type { End, FailCondition } from "./end.ts";

const FAILURES: readonly FailCondition[] = ["StorageOperationFailed", "FetchFailed", "IncludeUnavailable"];
const REQUEUE_DEPENDENCY = seconds(30);

/**
 * What the object says after a pass, which events there are, and when to look again. `object` is as it stands now, `before` as the pass
 * found it. The one place that knows the conditions of a GitRepository. Source: reference 1.1, 1.2.
 */
export function summarise(
  object: GitRepository,
  before: GitRepository,
  end: End,
  now: EpochMs,
  requeueDependency: Milliseconds = REQUEUE_DEPENDENCY,
): SourceSummary<GitRepository> {
  const handled = handledRequest(before);
  switch (end.kind) {
    case "unchanged": {
      const status = { ...object.status, ...succeeded(object, end.revision, now), ...handled };
      return { status, sayings: sayUnchanged(before, end), outcome: { kind: "succeeded", revision: end.revision } };
    }
    case "stored": {
      const { observedIgnore, observedInclude, observedSparseCheckout, observedRecurseSubmodules, includedArtifacts, ...rest } = object.status;
      const { revision } = end.artifact;
      const status = { ...rest, ...end.observed, artifact: end.artifact, ...succeeded(object, revision, now), ...handled };
      return { status, sayings: sayStored(before, end), outcome: { kind: "succeeded", revision } };
    }
    case "failed":
      return {
        status: { ...failed(object, before, end, now), ...handled },
        sayings: [sayCause("Warning", end.cause)],
        outcome: { kind: "failed", cause: end.cause },
      };
    case "waiting": {
      const outcome: Outcome = { kind: "waiting", cause: end.cause, retryIn: requeueDependency };
      return { status: { ...failed(object, before, end, now), ...handled }, sayings: [sayCause("Normal", end.cause)], outcome };
    }
    case "stalled":
      return {
        status: { ...stalling(object, end, FAILURES, now), ...handled },
        sayings: [sayCause("Warning", end.cause)],
        outcome: { kind: "stalled", cause: end.cause },
      };
  }
}

export const newsOf = (revision: Revision): News => ({ reason: "NewRevision", message: `new upstream revision '${revision}'` });

function succeeded({ metadata, status }: GitRepository, revision: Revision, now: EpochMs): GitRepositoryStatus {
  const { generation } = metadata;
  const gone = [...FAILURES, "ArtifactOutdated", "SourceVerified"];
  const kept = settled(status.conditions ?? []).filter(({ type }) => !gone.includes(type));
  const stored = { status: "True", reason: "Succeeded", message: `stored artifact for revision '${revision}'`, observedGeneration: generation } as const;
  const conditions = setCondition(setCondition(kept, { ...stored, type: "ArtifactInStorage" }, now), { ...stored, type: "Ready" }, now);
  return { observedGeneration: generation, conditions };
}

function failed(object: GitRepository, before: GitRepository, end: Extract<End, { kind: "failed" | "waiting" }>, now: EpochMs): GitRepositoryStatus {
  const { artifact, ...withoutArtifact } = object.status;
  const { lost, includesMoved, newRevision } = end.progress;
  const progress = { lost, ...(newRevision !== undefined && { news: newsOf(newRevision) }) };
  const moved = includesMoved && newRevision === undefined;
  const message = moved ? "building artifact: included artifacts differ from last observed includes" : progressMessage(before, progress);
  return { ...(lost ? withoutArtifact : object.status), conditions: failing(object, end, { ...progress, message }, FAILURES, now) };
}

function sayStored(before: GitRepository, { artifact, message }: Extract<End, { kind: "stored" }>): readonly Saying[] {
  const fields = { revision: artifact.revision, digest: artifact.digest };
  const text = `stored artifact for commit '${message}'`;
  if (before.status.artifact?.digest !== artifact.digest) return [{ type: "Normal", reason: "NewArtifact", message: text, fields }];
  return isRecovered(before, FAILURES) ? [{ type: "Normal", reason: "Succeeded", message: text, fields }] : [];
}

/** Told only when somebody asked, or something had been wrong: a look by the clock that finds nothing writes nothing. */
function sayUnchanged(before: GitRepository, { revision, how }: Extract<End, { kind: "unchanged" }>): readonly Saying[] {
  const recovered = isRecovered(before, FAILURES);
  if (!recovered && !isRequested(before) && !hasNewGeneration(before)) return [];
  const trace: Saying =
    how === "probed"
      ? { type: "Trace", reason: "GitOperationSucceeded", message: `no changes since last reconciliation: observed revision '${revision}'`, fields: {} }
      : { type: "Trace", reason: "ArtifactUpToDate", message: `artifact up-to-date with remote revision: '${revision}'`, fields: {} };
  if (!recovered) return [trace];
  const fields = { revision, digest: before.status.artifact?.digest ?? "" };
  return [trace, { type: "Normal", reason: "Succeeded", message: `stored artifact for commit '${revision}'`, fields }];
}
