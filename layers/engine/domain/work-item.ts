import type { ObjectKey } from "./object-key.ts";

/** Hints about what may need a look; never truth. A lost one is made good by the sweep. */
export type WorkItem =
  | { readonly kind: "object"; readonly key: ObjectKey; readonly cause: string; readonly attempt?: number }
  | { readonly kind: "push"; readonly repository: string; readonly ref: string; readonly delivery: string };
