import type { ObjectKey } from "./object-key.ts";
import type { EpochMs } from "./time.ts";

/** Hints about what may need a look; never truth. A lost one is made good by the sweep. */
export type WorkItem = ObjectItem | PushItem | ClusterItem;

/** One pass over one object. */
export type ObjectItem = {
  readonly kind: "object";
  readonly key: ObjectKey;
  readonly cause: string;
  /**
   * What makes this look distinct from others at the same object: the delivery of a push, the revision of a source, the value of a request. A queue may
   * swallow a second item with the same key and look for some minutes, so two looks that are both owed never share one.
   */
  readonly look: string;
  readonly attempt?: number;
  /** When the push arrived that this look follows from, if any; for measuring only. */
  readonly pushedAt?: EpochMs;
};

/** Somebody pushed: whichever sources follow `ref` of `repository` (a clone URL) are to ask their remotes. */
export type PushItem = {
  readonly kind: "push";
  readonly repository: string;
  readonly ref: string;
  readonly delivery: string;
  /** The one cluster whose sources are meant; absent: of all that the host knows. */
  readonly cluster?: string;
  /** When it arrived; for measuring only. */
  readonly pushedAt?: EpochMs;
};

/** Whatever became due in one cluster after `since` up to and with `until`. */
export type ClusterItem = { readonly kind: "cluster"; readonly cluster: string; readonly since: EpochMs; readonly until: EpochMs };

/** Causes that the object itself shows: a run that comes late finds them seen to, and ends at once. */
const HINTS = new Set(["new", "generation", "request"]);
export const isHint = (item: WorkItem): boolean => item.kind === "object" && HINTS.has(item.cause);

/** What makes the look of a sweep distinct: its window, and why the object was due in it. */
export const sweptLook = (until: EpochMs, cause: string): string => `sweep ${until} ${cause}`;

/** It came from a sweep, and the next one sends it again for as long as there is something to do. */
export const isSwept = ({ look }: ObjectItem): boolean => look.startsWith("sweep ");

/** The cause of a look at a source whose artifact somebody missed: whoever waits for it is sent when it is there again. */
export const LOST_ARTIFACT = "lost artifact";
