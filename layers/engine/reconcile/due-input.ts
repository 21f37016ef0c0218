import { findCondition } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Milliseconds, minutes } from "../domain/time.ts";
import { KINDS } from "../flux/kinds.ts";
import { conditionsOf, handledRequestOf, isSuspended, objectMetaOf, observedGenerationOf, partOf, requestedAt } from "../flux/object.ts";
import { createReader, ignore } from "../flux/reader.ts";
import type { DueInput } from "../plan/due.ts";
import { findUserKind } from "./dependents/references.ts";
import { revisionInMessage } from "./kustomization/phase.ts";

/** What others say that the object refers to. A host that hears of their changes by itself gives none of it. */
export type Surroundings = Pick<DueInput, "sourceRevision" | "unblocked">;

/** What is looked at every so often even where its interval cannot be read. */
const FALLBACK: Milliseconds = minutes(1);

/** What tells whether an object of any of Flux's kinds wants a look, out of the object as a LIST or a watch has it. */
export function dueInputOf(manifest: Manifest, around: Surroundings = {}): DueInput {
  const spec = createReader(partOf(manifest, "spec") ?? {}, "spec", ignore);
  const conditions = conditionsOf(manifest);
  const ready = findCondition(conditions, "Ready");
  const { uid, generation, deletionTimestamp } = objectMetaOf(manifest);
  const interval = spec.duration("interval") ?? FALLBACK;
  const attempted = attemptedRevisionOf(manifest);
  const observed = observedGenerationOf(manifest);
  return {
    uid,
    generation,
    ...(observed !== undefined && { observedGeneration: observed }),
    seenGeneration: ready?.observedGeneration,
    ready: ready?.status,
    deleted: deletionTimestamp !== undefined,
    suspended: isSuspended(manifest),
    stalled: findCondition(conditions, "Stalled")?.status === "True" && !isLifted(manifest, attempted, around.sourceRevision),
    requestedAt: requestedAt(manifest),
    handledAt: handledRequestOf(manifest),
    interval,
    retryInterval: spec.duration("retryInterval") ?? interval,
    ...(attempted !== undefined && { attemptedRevision: attempted }),
    ...around,
  };
}

/** A chart that cannot be found, or whose release failed once too often: another revision of the source is tried at once. Source: reference 1.5, 3.5. */
const isLifted = ({ kind }: Manifest, attempted: string | undefined, revision: string | undefined): boolean =>
  (kind === KINDS.HelmChart.kind || kind === KINDS.HelmRelease.kind) && attempted !== undefined && revision !== undefined && revision !== attempted;

/** The revision that was tried last. A run that got no further than fetching leaves `lastAttemptedRevision` as it was; what it tried stands in `Reconciling`. */
function attemptedRevisionOf(manifest: Manifest): string | undefined {
  const retrying = findCondition(conditionsOf(manifest), "Reconciling");
  const tried = retrying?.reason === "ProgressingWithRetry" ? revisionInMessage(retrying.message) : undefined;
  return tried ?? findUserKind(manifest.kind)?.attempted(manifest);
}
