import type { Revision } from "../../domain/artifact.ts";
import { type Condition, setCondition, withoutCondition } from "../../domain/condition.ts";
import type { Cause, Outcome } from "../../domain/outcome.ts";
import { type EpochMs, type Milliseconds, seconds } from "../../domain/time.ts";
import type { GitRepository, GitRepositoryStatus } from "../../flux/git-repository-object.ts";
import type { FluxEvent } from "../../ports/event-sink.ts";
import { handledRequest, isRequested, reconciling, settled, stalled } from "../object-status.ts";
import type { End, FailCondition, Progress } from "./end.ts";

/** An event without its object. `fields` go into its metadata under the group. */
export type Saying = Pick<FluxEvent, "type" | "reason" | "message"> & { readonly fields: { readonly [key: string]: string } };
export type Summary = { readonly status: GitRepositoryStatus; readonly sayings: readonly Saying[]; readonly outcome: Outcome };

const FAILURES: readonly FailCondition[] = ["StorageOperationFailed", "FetchFailed", "IncludeUnavailable"];
const REQUEUE_DEPENDENCY = seconds(30);

/**
 * What the object says after a pass, which events there are, and when to look again. `object` is as it stands now, `before` as the pass
 * found it. The one place that knows the conditions of a GitRepository. Source: reference 1.1, 1.2.
 */
export function summarise(object: GitRepository, before: GitRepository, end: End, now: EpochMs, requeueDependency: Milliseconds = REQUEUE_DEPENDENCY): Summary {
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
        status: { ...failing(object, before, end, now), ...handled },
        sayings: [say("Warning", end.cause)],
        outcome: { kind: "failed", cause: end.cause },
      };
    case "waiting": {
      const outcome: Outcome = { kind: "waiting", cause: end.cause, retryIn: requeueDependency };
      return { status: { ...failing(object, before, end, now), ...handled }, sayings: [say("Normal", end.cause)], outcome };
    }
    case "stalled":
      return { status: { ...stalling(object, end, now), ...handled }, sayings: [say("Warning", end.cause)], outcome: { kind: "stalled", cause: end.cause } };
  }
}

/** The first of the two writes: work has begun. Nothing when the object says so already. Source: reference 1.1 steps 4 and 6. */
export function begun(object: GitRepository, newRevision: Revision | undefined, now: EpochMs): GitRepositoryStatus | undefined {
  const { metadata, status } = object;
  const { generation } = metadata;
  const conditions = status.conditions ?? [];
  const announced = conditions.find(({ type }) => type === "Reconciling")?.observedGeneration === generation;
  // Also while it is failing: a retry that fails the same way must write nothing.
  if (announced || (newRevision === undefined && !hasNewGeneration(object))) return undefined;
  const message = newRevision === undefined ? newGeneration(object) : buildingRevision(newRevision);
  const at = { reason: "Progressing", message, observedGeneration: generation };
  const started = reconciling(conditions, at, now);
  const unready = newRevision !== undefined || !started.some(({ type }) => type === "Ready");
  const ready = unready ? setCondition(started, { ...at, type: "Ready", status: "Unknown" }, now) : started;
  return { ...status, conditions: newRevision === undefined ? ready : withOutdated(object, ready, newRevision, now) };
}

/** `ArtifactOutdated`, which the first artifact does not have. */
function withOutdated(
  { metadata, status }: GitRepository,
  conditions: readonly Condition[],
  revision: Revision | undefined,
  now: EpochMs,
): readonly Condition[] {
  if (revision === undefined || status.artifact === undefined) return conditions;
  const outdated = { type: "ArtifactOutdated", status: "True", reason: "NewRevision", message: `new upstream revision '${revision}'` } as const;
  return setCondition(conditions, { ...outdated, observedGeneration: metadata.generation }, now);
}

/** What moves while suspended; an object that was never looked at stays as it is. Source: reference 1.1 step 3, recorded in sources/source-ready-later. */
export function suspendedStatus(object: GitRepository): GitRepositoryStatus {
  const { metadata, status } = object;
  const handled = handledRequest(object);
  if (status.conditions === undefined || status.conditions.length === 0) return { ...status, ...handled };
  const moved = withoutCondition(status.conditions, "Stalled").map(
    (condition): Condition => (["Ready", "Reconciling"].includes(condition.type) ? { ...condition, observedGeneration: metadata.generation } : condition),
  );
  return { ...status, conditions: moved, observedGeneration: metadata.generation, ...handled };
}

function succeeded({ metadata, status }: GitRepository, revision: Revision, now: EpochMs): GitRepositoryStatus {
  const { generation } = metadata;
  const gone = [...FAILURES, "ArtifactOutdated", "SourceVerified"];
  const kept = settled(status.conditions ?? []).filter(({ type }) => !gone.includes(type));
  const stored = { status: "True", reason: "Succeeded", message: `stored artifact for revision '${revision}'`, observedGeneration: generation } as const;
  const conditions = setCondition(setCondition(kept, { ...stored, type: "ArtifactInStorage" }, now), { ...stored, type: "Ready" }, now);
  return { observedGeneration: generation, conditions };
}

type Failing = { readonly condition: FailCondition; readonly cause: Cause; readonly progress: Progress };

function failing(object: GitRepository, before: GitRepository, { condition, cause, progress }: Failing, now: EpochMs): GitRepositoryStatus {
  const { generation } = object.metadata;
  const { artifact, ...withoutArtifact } = object.status;
  const failed = withFailure(object.status.conditions ?? [], condition, cause, generation, now);
  const stored = progress.lost ? withoutCondition(failed, "ArtifactInStorage") : failed;
  const upToDate = progress.newRevision === undefined || progress.lost;
  const kept = upToDate ? withoutCondition(stored, "ArtifactOutdated") : withOutdated(object, stored, progress.newRevision, now);
  const at = { reason: "ProgressingWithRetry", message: progressMessage(before, progress), observedGeneration: generation };
  return { ...(progress.lost ? withoutArtifact : object.status), conditions: reconciling(kept, at, now) };
}

function stalling({ metadata, status }: GitRepository, { condition, cause }: Extract<End, { kind: "stalled" }>, now: EpochMs): GitRepositoryStatus {
  const { generation } = metadata;
  const failed = withFailure(status.conditions ?? [], condition, cause, generation, now);
  return { ...status, observedGeneration: generation, conditions: stalled(failed, { ...cause, observedGeneration: generation }, now) };
}

/** Of the conditions that say what failed only this one stays: what an earlier pass met, this one did not get to or got over. */
function withFailure(
  conditions: readonly Condition[],
  failure: FailCondition | undefined,
  cause: Cause,
  generation: number,
  now: EpochMs,
): readonly Condition[] {
  const at = { ...cause, observedGeneration: generation };
  const others = conditions.filter(({ type }) => type === failure || !FAILURES.some((name) => name === type));
  const failed = failure === undefined ? others : setCondition(others, { ...at, type: failure, status: "True" }, now);
  return setCondition(failed, { ...at, type: "Ready", status: "False" }, now);
}

/** How far a failing pass came. Source: reference 1.1, "Message of `Reconciling`". */
function progressMessage(before: GitRepository, { lost, includesMoved, newRevision }: Progress): string {
  if (newRevision !== undefined) return buildingRevision(newRevision);
  if (includesMoved) return "building artifact: included artifacts differ from last observed includes";
  if (lost) return "building artifact: disappeared from storage";
  if (before.status.artifact === undefined) return "building artifact";
  return hasNewGeneration(before) ? newGeneration(before) : "reconciliation in progress";
}

const buildingRevision = (revision: Revision): string => `building artifact: new upstream revision '${revision}'`;
const observedGeneration = ({ status }: GitRepository): number => status.observedGeneration ?? -1;
export const hasNewGeneration = (object: GitRepository): boolean => observedGeneration(object) !== object.metadata.generation;
const newGeneration = (object: GitRepository): string => `processing object: new generation ${observedGeneration(object)} -> ${object.metadata.generation}`;

const say = (type: Saying["type"], { reason, message }: Cause): Saying => ({ type, reason, message: message.trimEnd(), fields: {} });

/** An object that had failed, and does not any more. */
const isRecovered = ({ status }: GitRepository): boolean => FAILURES.some((name) => status.conditions?.some(({ type }) => type === name));

function sayStored(before: GitRepository, { artifact, message }: Extract<End, { kind: "stored" }>): readonly Saying[] {
  const fields = { revision: artifact.revision, digest: artifact.digest };
  const text = `stored artifact for commit '${message}'`;
  if (before.status.artifact?.digest !== artifact.digest) return [{ type: "Normal", reason: "NewArtifact", message: text, fields }];
  return isRecovered(before) ? [{ type: "Normal", reason: "Succeeded", message: text, fields }] : [];
}

/** Told only when somebody asked, or something had been wrong: a look by the clock that finds nothing writes nothing. */
function sayUnchanged(before: GitRepository, { revision, how }: Extract<End, { kind: "unchanged" }>): readonly Saying[] {
  const recovered = isRecovered(before);
  if (!recovered && !isRequested(before) && !hasNewGeneration(before)) return [];
  const trace: Saying =
    how === "probed"
      ? { type: "Trace", reason: "GitOperationSucceeded", message: `no changes since last reconciliation: observed revision '${revision}'`, fields: {} }
      : { type: "Trace", reason: "ArtifactUpToDate", message: `artifact up-to-date with remote revision: '${revision}'`, fields: {} };
  if (!recovered) return [trace];
  const fields = { revision, digest: before.status.artifact?.digest ?? "" };
  return [trace, { type: "Normal", reason: "Succeeded", message: `stored artifact for commit '${revision}'`, fields }];
}
