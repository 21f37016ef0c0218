import type { Resource } from "./resources.ts";

/** Webhooks first, so that none of them refuses what comes after it; namespaces last. Source: Helm 4, pkg/release/v1/util/kind_sorter.go. */
const UNINSTALL_ORDER: readonly string[] = [
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "Ingress",
  "IngressClass",
  "Service",
  "CronJob",
  "Job",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "Pod",
  "DaemonSet",
  "RoleBindingList",
  "RoleBinding",
  "RoleList",
  "Role",
  "ClusterRoleBindingList",
  "ClusterRoleBinding",
  "ClusterRoleList",
  "ClusterRole",
  "CustomResourceDefinition",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StorageClass",
  "ConfigMap",
  "SecretList",
  "Secret",
  "ServiceAccount",
  "PodDisruptionBudget",
  "PodSecurityPolicy",
  "LimitRange",
  "ResourceQuota",
  "NetworkPolicy",
  "PriorityClass",
  "Namespace",
];
const RANKS: ReadonlyMap<string, number> = new Map(UNINSTALL_ORDER.map((kind, rank) => [kind, rank]));

/** Kinds that nobody knows come last, by their names; objects of one kind stay in their order. */
export const inUninstallOrder = (resources: readonly Resource[]): readonly Resource[] =>
  resources.toSorted(({ ref: a }, { ref: b }) => {
    const [left, right] = [RANKS.get(a.kind) ?? RANKS.size, RANKS.get(b.kind) ?? RANKS.size];
    return left - right || (left === RANKS.size ? (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) : 0);
  });
