import type { Kustomization, KustomizationStatus } from "../../flux/kustomization-object.ts";
import { parseKustomization } from "../../flux/kustomization-object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { writeStatus } from "../object-status.ts";

/** Who writes status and finalizers of Kustomizations: not the manager that applies, which takes over what it wrote otherwise. Source: reference 0.5. */
export const STATUS_MANAGER = "gotk-kustomize-controller";

/** The condition types that are ours; others belong to somebody else. */
const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "Healthy"] as const;

/** The Kustomization of a run as the server keeps it: what was written last is what the next write starts from. */
export type StatusOwner = {
  current(): Kustomization;
  /** `moved`: somebody changed what this run is about; `gone`: there is nothing to write to. Throws when the server refuses. */
  write(next: KustomizationStatus): Promise<"written" | "unchanged" | "moved" | "gone">;
};

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
  };
}
