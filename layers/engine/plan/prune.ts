import { type InventoryEntry, refOfEntry } from "../domain/inventory.ts";
import { labelOf, type Manifest, type ObjectRef } from "../domain/manifest.ts";
import { OWNER_NAME, OWNER_NAMESPACE, type Owner } from "../domain/owner.ts";
import { isKeptFromPrune } from "./controls.ts";
import { inPruneOrder } from "./order.ts";

/** Entries whose id is in `before` and not in `after`; the version does not count. Source: reference 2.3 step 20, 2.6.5. */
export function leftInventory(before: readonly InventoryEntry[], after: readonly InventoryEntry[]): readonly InventoryEntry[] {
  const kept = new Set(after.map(({ id }) => id));
  return before.filter(({ id }) => !kept.has(id));
}

/** The objects that `entries` name, in the order in which they are deleted; entries that name nothing are left out. */
export const pruneRefs = (entries: readonly InventoryEntry[]): readonly ObjectRef[] => inPruneOrder(entries.map(refOfEntry).filter((ref) => ref !== undefined));

/** What to do with one candidate, going by what the cluster holds. `gone` counts as deleted. */
export type PruneVerdict = { readonly kind: "delete" } | { readonly kind: "gone" } | { readonly kind: "skip"; readonly why: "not-ours" | "kept" };

/** Source: reference 2.6.5: both owner labels with our values must be on the live object, and none of the three exclusions. */
export function pruneVerdict(live: Manifest | undefined, owner: Owner): PruneVerdict {
  if (live === undefined) return { kind: "gone" };
  const ours = labelOf(live, OWNER_NAME) === owner.name && labelOf(live, OWNER_NAMESPACE) === owner.namespace;
  if (!ours) return { kind: "skip", why: "not-ours" };
  return isKeptFromPrune(live) ? { kind: "skip", why: "kept" } : { kind: "delete" };
}

/** `entries` and those of `back` that are not among them: what could not be deleted stays in the inventory. Source: reference 2.3 step 20. */
export function mergedInventory(entries: readonly InventoryEntry[], back: readonly InventoryEntry[]): readonly InventoryEntry[] {
  const there = new Set(entries.map(({ id }) => id));
  return [...entries, ...back.filter(({ id }) => !there.has(id))];
}

export type DeletionPolicy = "MirrorPrune" | "Delete" | "WaitForTermination" | "Orphan";

/** What becomes of the inventory when its Kustomization is deleted. Source: reference 2.6.5. */
export function deletionVerdict(spec: {
  readonly suspend?: boolean;
  readonly prune: boolean;
  readonly deletionPolicy?: DeletionPolicy;
}): "leave" | "delete" | "delete-and-wait" {
  if (spec.suspend === true) return "leave";
  switch (spec.deletionPolicy ?? "MirrorPrune") {
    case "Orphan":
      return "leave";
    case "MirrorPrune":
      return spec.prune ? "delete" : "leave";
    case "Delete":
      return "delete";
    case "WaitForTermination":
      return "delete-and-wait";
  }
}
