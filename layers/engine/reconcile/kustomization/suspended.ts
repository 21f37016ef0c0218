import { isTrue } from "../../domain/condition.ts";
import type { Kustomization, KustomizationStatus } from "../../flux/kustomization-object.ts";
import { handledRequest } from "../object-status.ts";

/** All that moves while suspended: the answered request, and the observed generation if Ready is True. Source: reference 2.3 step 3. */
export function suspendedStatus(object: Kustomization): KustomizationStatus {
  const { metadata, status } = object;
  const moved = isTrue(status.conditions ?? [], "Ready") ? { observedGeneration: metadata.generation } : {};
  return { ...status, ...moved, ...handledRequest(object) };
}
