import type { ObjectKey } from "./object-key.ts";

/** Hints about what may need a look; never truth. A lost one is made good by the sweep. */
export type WorkItem =
  | { readonly kind: "object"; readonly key: ObjectKey; readonly cause: string; readonly attempt?: number }
  | { readonly kind: "push"; readonly repository: string; readonly ref: string; readonly delivery: string };

/** Causes that the object itself shows: a run that comes late finds them seen to, and ends at once. */
const HINTS = new Set(["new", "generation", "request"]);
export const isHint = (item: WorkItem): boolean => item.kind === "object" && HINTS.has(item.cause);
