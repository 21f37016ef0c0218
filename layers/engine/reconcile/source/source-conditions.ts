import { type Condition, setCondition, withoutCondition } from "../../domain/condition.ts";
import type { Cause } from "../../domain/outcome.ts";
import type { EpochMs } from "../../domain/time.ts";
import { handledRequest, reconciling, stalled } from "../object-status.ts";
import type { Saying, SourceObject, SourceStatus } from "./source-object.ts";

/** What is new at the remote, in the words of `ArtifactOutdated`; `Reconciling` says them after `building artifact: `. */
export type News = { readonly reason: string; readonly message: string };

/** The first of the two writes: work has begun. Nothing when the object says so already. Source: reference 1.1 steps 4 and 6. */
export function begun<Status extends SourceStatus>(object: SourceObject<Status>, news: News | undefined, now: EpochMs): Status | undefined {
  const { metadata, status } = object;
  const { generation } = metadata;
  const conditions = status.conditions ?? [];
  const announced = conditions.find(({ type }) => type === "Reconciling")?.observedGeneration === generation;
  // Also while it is failing: a retry that fails the same way must write nothing.
  if (announced || (news === undefined && !hasNewGeneration(object))) return undefined;
  const message = news === undefined ? newGeneration(object) : buildingNews(news);
  const at = { reason: "Progressing", message, observedGeneration: generation };
  const started = reconciling(conditions, at, now);
  const unready = news !== undefined || !started.some(({ type }) => type === "Ready");
  const ready = unready ? setCondition(started, { ...at, type: "Ready", status: "Unknown" }, now) : started;
  return { ...status, conditions: withOutdated(object, ready, news, now) };
}

/** `ArtifactOutdated`, which the first artifact does not have. */
export function withOutdated({ metadata, status }: SourceObject, conditions: readonly Condition[], news: News | undefined, now: EpochMs): readonly Condition[] {
  if (news === undefined || status.artifact === undefined) return conditions;
  return setCondition(conditions, { ...news, type: "ArtifactOutdated", status: "True", observedGeneration: metadata.generation }, now);
}

/** What moves while suspended; an object that was never looked at stays as it is. Source: reference 1.1 step 3, recorded in sources/source-ready-later. */
export function suspendedStatus<Status extends SourceStatus>(object: SourceObject<Status>): Status {
  const { metadata, status } = object;
  const handled = handledRequest(object);
  if (status.conditions === undefined || status.conditions.length === 0) return { ...status, ...handled };
  const moved = withoutCondition(status.conditions, "Stalled").map(
    (condition): Condition => (["Ready", "Reconciling"].includes(condition.type) ? { ...condition, observedGeneration: metadata.generation } : condition),
  );
  return { ...status, conditions: moved, observedGeneration: metadata.generation, ...handled };
}

/** Why a pass failed. `condition` says `shown` where it is not the same as what the event and `Stalled` say, which are told of the `cause`. */
export type SourceFailure = { readonly condition?: string; readonly cause: Cause; readonly shown?: Cause };

/** How a stalled object's status reads: it is looked at no more until something changes. */
export function stalling<Status extends SourceStatus>(object: SourceObject<Status>, failure: SourceFailure, failures: readonly string[], now: EpochMs): Status {
  const { metadata, status } = object;
  const { generation } = metadata;
  const failed = withFailure(status.conditions ?? [], failure, failures, generation, now);
  return { ...status, observedGeneration: generation, conditions: stalled(failed, { ...failure.cause, observedGeneration: generation }, now) };
}

/** Of the conditions that say what failed only this one stays: what an earlier pass met, this one did not get to or got over. */
export function withFailure(
  conditions: readonly Condition[],
  { condition, cause, shown = cause }: SourceFailure,
  failures: readonly string[],
  generation: number,
  now: EpochMs,
): readonly Condition[] {
  const at = { ...shown, observedGeneration: generation };
  const others = conditions.filter(({ type }) => type === condition || !failures.includes(type));
  const failed = condition === undefined ? others : setCondition(others, { ...at, type: condition, status: "True" }, now);
  return setCondition(failed, { ...at, type: "Ready", status: "False" }, now);
}

/** What a failing pass knew when it ended. `lost`: the artifact that status named is not in the store any more. */
export type SourceProgress = { readonly lost: boolean; readonly news?: News };

/** The conditions of a failing object. `message` is what `Reconciling` says. */
export function failing(
  object: SourceObject,
  failure: SourceFailure,
  { lost, news, message }: SourceProgress & { readonly message: string },
  failures: readonly string[],
  now: EpochMs,
): readonly Condition[] {
  const { generation } = object.metadata;
  const failed = withFailure(object.status.conditions ?? [], failure, failures, generation, now);
  const stored = lost ? withoutCondition(failed, "ArtifactInStorage") : failed;
  const kept = news === undefined || lost ? withoutCondition(stored, "ArtifactOutdated") : withOutdated(object, stored, news, now);
  const at = { reason: "ProgressingWithRetry", message, observedGeneration: generation };
  return reconciling(kept, at, now);
}

/** How far a failing pass came. Source: reference 1.1, "Message of `Reconciling`". */
export function progressMessage(before: SourceObject, { lost, news }: SourceProgress): string {
  if (news !== undefined) return buildingNews(news);
  if (lost) return "building artifact: disappeared from storage";
  if (before.status.artifact === undefined) return "building artifact";
  return hasNewGeneration(before) ? newGeneration(before) : "reconciliation in progress";
}

const buildingNews = ({ message }: News): string => `building artifact: ${message}`;
const observedGeneration = ({ status }: SourceObject): number => status.observedGeneration ?? -1;
export const hasNewGeneration = (object: SourceObject): boolean => observedGeneration(object) !== object.metadata.generation;
const newGeneration = (object: SourceObject): string => `processing object: new generation ${observedGeneration(object)} -> ${object.metadata.generation}`;

export const sayCause = (type: Saying["type"], { reason, message }: Cause): Saying => ({ type, reason, message: message.trimEnd(), fields: {} });

/** An object that had failed, and does not any more. */
export const isRecovered = ({ status }: SourceObject, failures: readonly string[]): boolean =>
  failures.some((name) => status.conditions?.some(({ type }) => type === name));
