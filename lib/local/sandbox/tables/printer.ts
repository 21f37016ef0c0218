import type { Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { ageOf } from "./age.ts";
import { listAt, textAt } from "./read.ts";

/** The cells of one object's row, in the order of the kind's columns. `now` is what ages count from. */
export type Printer = (object: Json, now: EpochMs) => readonly Json[];

export const nameOf = (object: Json): string => textAt(object, "metadata", "name");
export const age = (object: Json, now: EpochMs): string => ageOf(textAt(object, "metadata", "creationTimestamp") || undefined, now);
export const created = (object: Json): string => textAt(object, "metadata", "creationTimestamp");

/** Names and images of a pod's containers, each joined by commas: the last two columns of every workload. */
export function containerCells(podSpec: Json | undefined): readonly [string, string] {
  const containers = listAt(podSpec, "containers");
  return [containers.map((container) => textAt(container, "name")).join(","), containers.map((container) => textAt(container, "image")).join(",")];
}
