import type { ResourceKind } from "../kinds/kind.ts";
import type { ResetFields } from "./ownership.ts";

/**
 * What a write to `subresource` (absent: the object itself) of this kind cannot change. Source: GetResetFields of the strategies in
 * kubernetes/pkg/registry and of apiextensions-apiserver's custom resources.
 */
export function resetFieldsOf(kind: ResourceKind, subresource?: string): ResetFields {
  if (!kind.hasStatus) return [];
  if (subresource === undefined || subresource === "") return [["status"]];
  if (subresource !== "status") return [];
  return kind.custom ? [["spec"]] : [["spec"], ...(RESET_METADATA[`${kind.group}/${kind.kind}`] ?? [])];
}

const ALL_METADATA: ResetFields = [["metadata"]];

/** Of built-in kinds, what a write of the status leaves as it is beside the spec. */
const RESET_METADATA: { readonly [kind: string]: ResetFields } = {
  "apps/Deployment": [["metadata", "labels"]],
  "/Pod": [
    ["metadata", "deletionTimestamp"],
    ["metadata", "ownerReferences"],
  ],
  "resource.k8s.io/ResourceClaim": ALL_METADATA,
  "storage.k8s.io/VolumeAttachment": ALL_METADATA,
  "flowcontrol.apiserver.k8s.io/FlowSchema": ALL_METADATA,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": ALL_METADATA,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": ALL_METADATA,
  "apiregistration.k8s.io/APIService": ALL_METADATA,
  "apiextensions.k8s.io/CustomResourceDefinition": ALL_METADATA,
};
