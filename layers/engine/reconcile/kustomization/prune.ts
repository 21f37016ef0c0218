import { entryOf, type InventoryEntry } from "../../domain/inventory.ts";
import { type ObjectRef, subjectOf } from "../../domain/manifest.ts";
import type { Owner } from "../../domain/owner.ts";
import type { Change } from "../../plan/change.ts";
import { pruneRefs, pruneVerdict } from "../../plan/prune.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { LiveObjects } from "./live-objects.ts";

export type Pruned = {
  /** What was deleted, was gone, or was skipped, in the order of deletion. */
  readonly changes: readonly Change[];
  /** Something was there and is deleted since this run. */
  readonly deletedNow: boolean;
  /** What could not be deleted; it stays in the inventory. */
  readonly left: readonly InventoryEntry[];
  /** Flux's text of all that was refused, or undefined. */
  readonly problem: string | undefined;
};

/** Deletes the objects of `entries` as far as they are ours and may go. Every one is tried. Source: reference 2.6.5. */
export async function pruneObjects(cluster: Cluster, live: LiveObjects, entries: readonly InventoryEntry[], owner: Owner): Promise<Pruned> {
  const changes: Change[] = [];
  const left: InventoryEntry[] = [];
  const problems: string[] = [];
  let deletedNow = false;
  for (const ref of pruneRefs(entries)) {
    const result = await pruneOne(cluster, live, ref, owner);
    if (result.kind !== "refused") {
      changes.push({ ref, kind: result.kind });
      deletedNow ||= result.kind === "delete" && result.now;
    } else {
      left.push(entryOf(ref));
      problems.push(`${subjectOf(ref)} delete failed: ${result.message}`);
    }
  }
  return { changes, deletedNow, left, problem: problems.length === 0 ? undefined : `delete failed, errors: ${problems.join("; ")}` };
}

/** `now`: by this run, and not before. */
type Result = { readonly kind: "delete"; readonly now: boolean } | { readonly kind: "skip" } | { readonly kind: "refused"; readonly message: string };

async function pruneOne(cluster: Cluster, live: LiveObjects, ref: ObjectRef, owner: Owner): Promise<Result> {
  const found = await live.find(ref);
  if (found.kind === "refused") return found.why === "unknown-kind" ? { kind: "delete", now: false } : found;
  const verdict = pruneVerdict(found.kind === "found" ? found.object : undefined, owner);
  if (verdict.kind === "skip") return { kind: "skip" };
  if (verdict.kind === "gone" || (found.kind === "found" && found.object.metadata.deletionTimestamp !== undefined)) return { kind: "delete", now: false };
  const answer = await cluster.delete(ref, { propagation: "Background" });
  return answer.kind === "refused" ? answer : { kind: "delete", now: true };
}
