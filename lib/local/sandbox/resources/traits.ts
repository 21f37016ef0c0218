import type { ResourceKind } from "../kinds/kind.ts";

/** Built-in kinds whose objects count their generation. Source: the PrepareForCreate of the registries of kube-apiserver 1.35. */
const WITH_GENERATION = new Set([
  "/Pod",
  "/PodTemplate",
  "/ReplicationController",
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/CronJob",
  "batch/Job",
  "discovery.k8s.io/EndpointSlice",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/Ingress",
  "networking.k8s.io/IngressClass",
  "networking.k8s.io/NetworkPolicy",
  "policy/PodDisruptionBudget",
  "resource.k8s.io/DeviceClass",
  "resource.k8s.io/DeviceTaintRule",
  "resource.k8s.io/ResourceSlice",
  "scheduling.k8s.io/PriorityClass",
]);

/** A PUT to a name that is not there creates it. Source: AllowCreateOnUpdate of the registries. */
const CREATED_BY_UPDATE = new Set([
  "/Endpoints",
  "/Event",
  "events.k8s.io/Event",
  "/LimitRange",
  "/Service",
  "coordination.k8s.io/Lease",
  "node.k8s.io/RuntimeClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
]);

/** A PUT must carry a resourceVersion. Source: AllowUnconditionalUpdate of the registries; custom resources are such, too. */
const CONDITIONAL_ONLY = new Set([
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "coordination.k8s.io/Lease",
  "node.k8s.io/RuntimeClass",
  "policy/PodDisruptionBudget",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/CSIStorageCapacity",
  "storage.k8s.io/VolumeAttachment",
]);

/** A DELETE answers with the object and not with a Status. Source: ReturnDeletedObject of the registries. */
const RETURNED_WHEN_DELETED = new Set([
  "/Namespace",
  "/PersistentVolume",
  "/PersistentVolumeClaim",
  "/Pod",
  "/PodTemplate",
  "/ResourceQuota",
  "/Service",
  "/ServiceAccount",
  "resource.k8s.io/DeviceClass",
  "resource.k8s.io/DeviceTaintRule",
  "resource.k8s.io/ResourceClaim",
  "resource.k8s.io/ResourceClaimTemplate",
  "resource.k8s.io/ResourceSlice",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
  "storage.k8s.io/VolumeAttributesClass",
]);

/** Dependents are orphaned unless the request says otherwise. Source: DefaultGarbageCollectionPolicy. */
const ORPHANING = new Set(["/ReplicationController", "batch/Job"]);

type Kind = Pick<ResourceKind, "group" | "kind" | "custom">;
const traitKey = ({ group, kind }: Kind): string => `${group}/${kind}`;

export const hasGeneration = (kind: Kind): boolean => kind.custom || WITH_GENERATION.has(traitKey(kind));
export const isCreatedByUpdate = (kind: Kind): boolean => !kind.custom && CREATED_BY_UPDATE.has(traitKey(kind));
export const needsResourceVersion = (kind: Kind): boolean => kind.custom || CONDITIONAL_ONLY.has(traitKey(kind));
export const isReturnedWhenDeleted = (kind: Kind): boolean => !kind.custom && RETURNED_WHEN_DELETED.has(traitKey(kind));
export const orphansByDefault = (kind: Kind): boolean => !kind.custom && ORPHANING.has(traitKey(kind));
