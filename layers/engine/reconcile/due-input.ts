import { findCondition } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Milliseconds, minutes } from "../domain/time.ts";
import { conditionsOf, handledRequestOf, isSuspended, objectMetaOf, partOf, requestedAt } from "../flux/object.ts";
import { createReader, ignore } from "../flux/reader.ts";
import type { DueInput } from "../plan/due.ts";

/** What is looked at every so often even where its interval cannot be read. */
const FALLBACK: Milliseconds = minutes(1);

/** What tells whether an object of any of Flux's kinds wants a look, out of the object as a LIST or a watch has it. */
export function dueInputOf(manifest: Manifest): DueInput {
  const spec = createReader(partOf(manifest, "spec") ?? {}, "spec", ignore);
  const conditions = conditionsOf(manifest);
  const ready = findCondition(conditions, "Ready");
  const { uid, generation, deletionTimestamp } = objectMetaOf(manifest);
  const interval = spec.duration("interval") ?? FALLBACK;
  return {
    uid,
    generation,
    seenGeneration: ready?.observedGeneration,
    ready: ready?.status,
    deleted: deletionTimestamp !== undefined,
    suspended: isSuspended(manifest),
    stalled: findCondition(conditions, "Stalled")?.status === "True",
    requestedAt: requestedAt(manifest),
    handledAt: handledRequestOf(manifest),
    interval,
    retryInterval: spec.duration("retryInterval") ?? interval,
  };
}
