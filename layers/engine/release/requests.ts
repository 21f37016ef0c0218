import type { HelmRelease, HelmReleaseStatus } from "../flux/helm-release-object.ts";
import { REQUESTED_AT } from "../flux/object.ts";

const FORCE_AT = "reconcile.fluxcd.io/forceAt";
const RESET_AT = "reconcile.fluxcd.io/resetAt";

type Handled = "lastHandledForceAt" | "lastHandledResetAt";

/** An annotation that asks for more than a look. `is`: it is to be done now. `handled` goes into the status, also when it asks for nothing. */
export type Request = { readonly is: boolean; readonly handled: Pick<HelmReleaseStatus, Handled> };

/** An install or upgrade once more, out of turn. Source: reference 0.3, 3.10. */
export const forceRequest = (object: HelmRelease): Request => requestOf(object, FORCE_AT, "lastHandledForceAt");

/** Counting failures from the beginning. */
export const resetRequest = (object: HelmRelease): Request => requestOf(object, RESET_AT, "lastHandledResetAt");

/** It counts when it says the same as the request for a look, and that was not answered yet. Source: fluxcd/helm-controller, api/v2 handleRequest. */
function requestOf({ metadata, status }: HelmRelease, annotation: string, field: Handled): Request {
  const asked = metadata.annotations[annotation];
  if (asked === undefined) return { is: false, handled: {} };
  const isNew = asked === metadata.annotations[REQUESTED_AT] && asked !== (status.lastHandledReconcileAt ?? "") && asked !== (status[field] ?? "");
  return { is: isNew, handled: { [field]: asked } };
}
