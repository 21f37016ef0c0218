/** Kinds that come before all others, in this order, because others need them. Source: kyaml resid/gvk.go; kustomize SortOrderTransformer has the same. */
export const ORDER_FIRST: readonly string[] = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];

/** Kinds that come after all others. */
export const ORDER_LAST: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** The rank of a kind: negative for the first ones, 0 for those that are not named. A kind that is named twice has its last rank. */
export function kindRanks(first: readonly string[], last: readonly string[]): (kind: string) => number {
  const ranks = new Map([
    ...first.map((kind, index): [string, number] => [kind, index - first.length]),
    ...last.map((kind, index): [string, number] => [kind, index + 1]),
  ]);
  return (kind) => ranks.get(kind) ?? 0;
}
