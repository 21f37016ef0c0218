import type { Health } from "../../domain/health.ts";
import { current, inProgress } from "../answers.ts";
import { textAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

export function persistentVolumeClaimHealth({ object }: Observed): Health {
  const phase = textAt(object, "status.phase", "unknown");
  return phase === "Bound" ? current("PVC is Bound") : inProgress(`PVC is not Bound. phase: ${phase}`);
}
