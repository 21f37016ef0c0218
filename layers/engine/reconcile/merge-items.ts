import type { ObjectKey } from "../domain/object-key.ts";
import { epochMs } from "../domain/time.ts";
import { type ClusterItem, isHint, isSwept, LOST_ARTIFACT, type ObjectItem, type WorkItem } from "../domain/work-item.ts";

/** `answers`: the places in the batch of all the items that this one run answers for; when it breaks off, they are what has failed. */
export type MergedRun = { readonly item: WorkItem; readonly answers: readonly number[] };

/**
 * The fewest runs that see to all of `items`, in the order in which each was first asked for: one per object, one per cluster over all of its windows, one
 * per pushed ref. Every run reads what stands there when it begins, so that the first look at an object would leave nothing to the second.
 */
export function mergeItems(items: readonly WorkItem[]): readonly MergedRun[] {
  const runs = new Map<string, MergedRun>();
  for (const [index, item] of items.entries()) {
    const subject = subjectOfItem(item);
    const before = runs.get(subject);
    runs.set(subject, before === undefined ? { item, answers: [index] } : { item: merged(before.item, item), answers: [...before.answers, index] });
  }
  return [...runs.values()];
}

/** What a run is about: items of the same subject merge. */
function subjectOfItem(item: WorkItem): string {
  switch (item.kind) {
    case "object":
      return JSON.stringify([item.kind, ...keyParts(item.key)]);
    case "push":
      return JSON.stringify([item.kind, item.cluster ?? null, item.repository, item.ref]);
    case "cluster":
      return JSON.stringify([item.kind, item.cluster]);
  }
}

const keyParts = ({ cluster, group, kind, namespace, name }: ObjectKey): readonly string[] => [cluster, group, kind, namespace, name];

function merged(before: WorkItem, next: WorkItem): WorkItem {
  if (before.kind === "object" && next.kind === "object") return mergedObjects(before, next);
  if (before.kind === "cluster" && next.kind === "cluster") return mergedWindows(before, next);
  return next; // pushes of one ref: the remote is asked in any case, and the later delivery names the look
}

/** What lies between two windows, if anything, is looked at too: that costs looks, and loses nothing. */
const mergedWindows = (before: ClusterItem, next: ClusterItem): ClusterItem => ({
  ...before,
  since: epochMs(Math.min(before.since, next.since)),
  until: epochMs(Math.max(before.until, next.until)),
});

/**
 * The item with the stronger cause; of two as strong ones the later. It counts its attempts as the one of them that has counted least: what is news
 * is tried anew, and soon. The look of a sweep is no news.
 */
function mergedObjects(before: ObjectItem, next: ObjectItem): ObjectItem {
  const { attempt: _, ...strongest } = strengthOf(next) < strengthOf(before) ? before : next;
  const attempts = [before, next].filter((item) => !isSwept(item)).map((item) => item.attempt ?? 0);
  const attempt = attempts.length === 0 ? 0 : Math.min(...attempts);
  return attempt === 0 ? strongest : { ...strongest, attempt };
}

/**
 * A hint ends at once when it has been seen to, so it must not stand for a look that is owed whatever the object says. What a sweep sent is not tried again
 * on its own account, as others are. A lost artifact tells others.
 */
function strengthOf(item: ObjectItem): number {
  if (isHint(item)) return 0;
  if (isSwept(item)) return 1;
  return item.cause === LOST_ARTIFACT ? 3 : 2;
}
