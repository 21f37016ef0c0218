import type { Outcome } from "../domain/outcome.ts";
import type { HelmRelease } from "../flux/helm-release-object.ts";
import type { HelmReleaseDeps } from "./helm-release/deps.ts";

/** One pass over one HelmRelease. Source: reference 3.4. */
export async function reconcileHelmRelease(_deps: HelmReleaseDeps, object: HelmRelease): Promise<Outcome> {
  return { kind: "stalled", cause: { reason: "UnsupportedKind", message: `${object.kind} is not implemented yet: Sluice does nothing with this object` } };
}
