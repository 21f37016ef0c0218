import type { NotifiedEvent } from "../domain/notified-event.ts";
import { COMMENT_TYPES, COMMIT_STATUS_TYPES, isOneOf, OWN_PROVIDER_TYPES } from "../domain/provider-type.ts";
import type { Provider } from "../flux/provider-object.ts";
import { annotatedMetadata, controllerMetadata } from "./metadata.ts";

/** A commit status type with it gets the events on the way, too, as pending statuses. Ours: Flux sends none. */
export const COMMIT_STATUS_ANNOTATION = "sluice.dev/commit-status";
const PENDING = "pending";
/** One of type github with it gets them, too: a deployment is in progress before it is a success. */
const DEPLOYMENTS_ANNOTATION = "sluice.dev/deployments";
const ENABLED = "enabled";

/** They get everything: whoever reads them is a machine. */
const FORWARDING_TYPES = ["generic", "generic-hmac", ...OWN_PROVIDER_TYPES] as const;

/** Why the event is nothing for that Provider, undefined when it is something. `event` has its keys as the controller wrote them. Source: reference 4.2. */
export function whyNotFor({ spec, metadata }: Provider, event: NotifiedEvent): string | undefined {
  if (spec.suspend) return "the provider is suspended";
  const isUpdate = controllerMetadata(event, "commit_status") === "update";
  if (isOneOf(COMMIT_STATUS_TYPES, spec.type)) {
    const { [COMMIT_STATUS_ANNOTATION]: statuses, [DEPLOYMENTS_ANNOTATION]: deployments } = metadata.annotations;
    const wantsPending = statuses === PENDING || (spec.type === "github" && deployments === ENABLED);
    const isPending = event.reason === "Progressing" && wantsPending;
    const isStatus = isUpdate || isPending || event.severity === "error" || (annotatedMetadata(event, "commit") ?? "") !== "";
    return isStatus ? undefined : "no commit status";
  }
  if (isUpdate && !isOneOf(FORWARDING_TYPES, spec.type)) return "a commit status only";
  if (isOneOf(COMMENT_TYPES, spec.type) && (annotatedMetadata(event, "change_request") ?? "") === "") return "no change request";
  return undefined;
}
