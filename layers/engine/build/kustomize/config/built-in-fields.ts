import type { FieldSpec } from "./config.ts";
import { fields } from "./field-spec-list.ts";

/** Where kustomize puts labels besides selectors. Source: kustomize api/internal/konfig/builtinpluginconsts, as everything here, in the order in which it stands there. */
const METADATA_LABELS: readonly FieldSpec[] = [
  ...fields({ create: true }, ["metadata/labels"]),
  ...fields({ version: "v1", kind: "ReplicationController", create: true }, ["spec/template/metadata/labels"]),
  ...fields({ kind: "Deployment", create: true }, ["spec/template/metadata/labels"]),
  ...fields({ kind: "ReplicaSet", create: true }, ["spec/template/metadata/labels"]),
  ...fields({ kind: "DaemonSet", create: true }, ["spec/template/metadata/labels"]),
  ...fields({ group: "apps", kind: "StatefulSet", create: true }, ["spec/template/metadata/labels", "spec/volumeClaimTemplates[]/metadata/labels"]),
  ...fields({ group: "batch", kind: "Job", create: true }, ["spec/template/metadata/labels"]),
  ...fields({ group: "batch", kind: "CronJob", create: true }, ["spec/jobTemplate/metadata/labels", "spec/jobTemplate/spec/template/metadata/labels"]),
];

export const NAME_PREFIX: readonly FieldSpec[] = [...fields({}, ["metadata/name"])];

export const NAME_SUFFIX: readonly FieldSpec[] = [...fields({}, ["metadata/name"])];

export const NAMESPACE: readonly FieldSpec[] = [
  ...fields({ kind: "Namespace", create: true }, ["metadata/name"]),
  ...fields({ group: "apiregistration.k8s.io", kind: "APIService", create: true }, ["spec/service/namespace"]),
  ...fields({ group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" }, ["spec/conversion/webhook/clientConfig/service/namespace"]),
];

export const COMMON_LABELS: readonly FieldSpec[] = [
  ...fields({ version: "v1", kind: "Service", create: true }, ["spec/selector"]),
  ...fields({ version: "v1", kind: "ReplicationController", create: true }, ["spec/selector"]),
  ...fields({ kind: "Deployment", create: true }, ["spec/selector/matchLabels"]),
  ...fields({ group: "apps", kind: "Deployment" }, [
    "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
  ]),
  ...fields({ kind: "ReplicaSet", create: true }, ["spec/selector/matchLabels"]),
  ...fields({ kind: "DaemonSet", create: true }, ["spec/selector/matchLabels"]),
  ...fields({ group: "apps", kind: "StatefulSet", create: true }, ["spec/selector/matchLabels"]),
  ...fields({ group: "apps", kind: "StatefulSet" }, [
    "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
  ]),
  ...fields({ group: "batch", kind: "Job" }, ["spec/selector/matchLabels"]),
  ...fields({ group: "batch", kind: "CronJob" }, ["spec/jobTemplate/spec/selector/matchLabels"]),
  ...fields({ group: "policy", kind: "PodDisruptionBudget" }, ["spec/selector/matchLabels"]),
  ...fields({ group: "networking.k8s.io", kind: "NetworkPolicy" }, [
    "spec/podSelector/matchLabels",
    "spec/ingress/from/podSelector/matchLabels",
    "spec/egress/to/podSelector/matchLabels",
  ]),
  ...METADATA_LABELS,
];

export const TEMPLATE_LABELS: readonly FieldSpec[] = METADATA_LABELS;

export const COMMON_ANNOTATIONS: readonly FieldSpec[] = [
  ...fields({ create: true }, ["metadata/annotations"]),
  ...fields({ version: "v1", kind: "ReplicationController", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ kind: "Deployment", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ kind: "ReplicaSet", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ kind: "DaemonSet", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ kind: "StatefulSet", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ group: "batch", kind: "Job", create: true }, ["spec/template/metadata/annotations"]),
  ...fields({ group: "batch", kind: "CronJob", create: true }, [
    "spec/jobTemplate/metadata/annotations",
    "spec/jobTemplate/spec/template/metadata/annotations",
  ]),
];

export const IMAGES: readonly FieldSpec[] = [
  ...fields({ create: true }, [
    "spec/containers[]/image",
    "spec/initContainers[]/image",
    "spec/volumes[]/image/reference",
    "spec/template/spec/containers[]/image",
    "spec/template/spec/initContainers[]/image",
    "spec/template/spec/volumes[]/image/reference",
  ]),
];

export const REPLICAS: readonly FieldSpec[] = [
  ...fields({ kind: "Deployment", create: true }, ["spec/replicas"]),
  ...fields({ kind: "ReplicationController", create: true }, ["spec/replicas"]),
  ...fields({ kind: "ReplicaSet", create: true }, ["spec/replicas"]),
  ...fields({ kind: "StatefulSet", create: true }, ["spec/replicas"]),
];
