import type { InventoryEntry } from "../../domain/inventory.ts";
import type { Kustomization, KustomizationStatus } from "../../flux/kustomization-object.ts";
import { parseKustomization } from "../../flux/kustomization-object.ts";
import { mergedInventory } from "../../plan/prune.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { refOfObject, writeStatus } from "../object-status.ts";

/** Who writes status and finalizers of Kustomizations: not the manager that applies, which takes over what it wrote otherwise. Source: reference 0.5. */
export const STATUS_MANAGER = "gotk-kustomize-controller";

/** The condition types that are ours; others belong to somebody else. */
const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "Healthy"] as const;

/** The Kustomization of a run as the server keeps it: what was written last is what the next write starts from. */
export type StatusOwner = {
  current(): Kustomization;
  /** `moved`: somebody changed what this run is about; `gone`: there is nothing to write to. Throws when the server refuses. */
  write(next: KustomizationStatus): Promise<"written" | "unchanged" | "moved" | "gone">;
  /**
   * Adds to the inventory that stands there now, whoever wrote it. A run that was overtaken has applied what the other one may have pruned
   * meanwhile; written down, it is pruned by the next.
   */
  addToInventory(entries: readonly InventoryEntry[]): Promise<void>;
};

/** How often somebody else may come in between. */
const TRIES = 4;

export function createStatusOwner(cluster: Cluster, object: Kustomization): StatusOwner {
  let current = object;
  return {
    current: () => current,
    write: async (next) => {
      const answer = await writeStatus(cluster, current, next, { manager: STATUS_MANAGER, owned: OWNED_CONDITIONS });
      if (answer.kind === "refused") throw new Error(`the status was refused: ${answer.message}`);
      if (answer.kind !== "written") return answer.kind;
      const parsed = parseKustomization(answer.object);
      if (parsed.ok) current = parsed.value;
      return "written";
    },
    addToInventory: async (entries) => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const answer = await cluster.get(refOfObject(object));
        const parsed = answer.kind === "found" ? parseKustomization(answer.object) : undefined;
        if (parsed?.ok !== true || parsed.value.metadata.uid !== object.metadata.uid) return;
        const { status } = parsed.value;
        const before = status.inventory?.entries ?? [];
        const inventory = { entries: mergedInventory(before, entries) };
        if (inventory.entries.length === before.length) return;
        const written = await writeStatus(cluster, parsed.value, { ...status, inventory }, { manager: STATUS_MANAGER, owned: OWNED_CONDITIONS });
        if (written.kind !== "moved") return;
      }
    },
  };
}
