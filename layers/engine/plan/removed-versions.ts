import { apiVersionOf, groupOf } from "../domain/manifest.ts";

type Removed = { readonly kinds: readonly string[]; readonly in: string; readonly use: string };

/** Versions that Kubernetes no longer has, and what came instead. Source: Kubernetes, deprecated API migration guide. */
const REMOVED: ReadonlyMap<string, readonly Removed[]> = new Map([
  [
    "extensions/v1beta1",
    [
      { kinds: ["DaemonSet", "Deployment", "ReplicaSet"], in: "1.16", use: "apps/v1" },
      { kinds: ["NetworkPolicy"], in: "1.16", use: "networking.k8s.io/v1" },
      { kinds: ["Ingress"], in: "1.22", use: "networking.k8s.io/v1" },
    ],
  ],
  ["apps/v1beta1", [{ kinds: ["Deployment", "StatefulSet", "ControllerRevision"], in: "1.16", use: "apps/v1" }]],
  ["apps/v1beta2", [{ kinds: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet", "ControllerRevision"], in: "1.16", use: "apps/v1" }]],
  ["networking.k8s.io/v1beta1", [{ kinds: ["Ingress", "IngressClass"], in: "1.22", use: "networking.k8s.io/v1" }]],
  [
    "admissionregistration.k8s.io/v1beta1",
    [{ kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], in: "1.22", use: "admissionregistration.k8s.io/v1" }],
  ],
  ["apiextensions.k8s.io/v1beta1", [{ kinds: ["CustomResourceDefinition"], in: "1.22", use: "apiextensions.k8s.io/v1" }]],
  ["apiregistration.k8s.io/v1beta1", [{ kinds: ["APIService"], in: "1.22", use: "apiregistration.k8s.io/v1" }]],
  [
    "rbac.authorization.k8s.io/v1beta1",
    [{ kinds: ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], in: "1.22", use: "rbac.authorization.k8s.io/v1" }],
  ],
  [
    "rbac.authorization.k8s.io/v1alpha1",
    [{ kinds: ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], in: "1.23", use: "rbac.authorization.k8s.io/v1" }],
  ],
  ["scheduling.k8s.io/v1beta1", [{ kinds: ["PriorityClass"], in: "1.22", use: "scheduling.k8s.io/v1" }]],
  ["certificates.k8s.io/v1beta1", [{ kinds: ["CertificateSigningRequest"], in: "1.22", use: "certificates.k8s.io/v1" }]],
  ["coordination.k8s.io/v1beta1", [{ kinds: ["Lease"], in: "1.22", use: "coordination.k8s.io/v1" }]],
  [
    "storage.k8s.io/v1beta1",
    [
      { kinds: ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], in: "1.22", use: "storage.k8s.io/v1" },
      { kinds: ["CSIStorageCapacity"], in: "1.27", use: "storage.k8s.io/v1" },
    ],
  ],
  ["batch/v1beta1", [{ kinds: ["CronJob"], in: "1.25", use: "batch/v1" }]],
  ["batch/v2alpha1", [{ kinds: ["CronJob"], in: "1.21", use: "batch/v1" }]],
  ["discovery.k8s.io/v1beta1", [{ kinds: ["EndpointSlice"], in: "1.25", use: "discovery.k8s.io/v1" }]],
  ["events.k8s.io/v1beta1", [{ kinds: ["Event"], in: "1.25", use: "events.k8s.io/v1" }]],
  ["autoscaling/v2beta1", [{ kinds: ["HorizontalPodAutoscaler"], in: "1.25", use: "autoscaling/v2" }]],
  ["autoscaling/v2beta2", [{ kinds: ["HorizontalPodAutoscaler"], in: "1.26", use: "autoscaling/v2" }]],
  [
    "policy/v1beta1",
    [
      { kinds: ["PodDisruptionBudget"], in: "1.25", use: "policy/v1" },
      { kinds: ["PodSecurityPolicy"], in: "1.25", use: "" },
    ],
  ],
  ["node.k8s.io/v1beta1", [{ kinds: ["RuntimeClass"], in: "1.25", use: "node.k8s.io/v1" }]],
  ["flowcontrol.apiserver.k8s.io/v1beta1", [{ kinds: ["FlowSchema", "PriorityLevelConfiguration"], in: "1.26", use: "flowcontrol.apiserver.k8s.io/v1" }]],
  ["flowcontrol.apiserver.k8s.io/v1beta2", [{ kinds: ["FlowSchema", "PriorityLevelConfiguration"], in: "1.29", use: "flowcontrol.apiserver.k8s.io/v1" }]],
  ["flowcontrol.apiserver.k8s.io/v1beta3", [{ kinds: ["FlowSchema", "PriorityLevelConfiguration"], in: "1.32", use: "flowcontrol.apiserver.k8s.io/v1" }]],
]);

const removedVersion = (kind: string, apiVersion: string): Removed | undefined => REMOVED.get(apiVersion)?.find(({ kinds }) => kinds.includes(kind));

/** The group in which a removed kind lives on: whose versions to ask the cluster for. The kind's own group when nothing is known. */
export const successorGroup = (kind: string, apiVersion: string): string => groupOf(removedVersion(kind, apiVersion)?.use || apiVersion);

/**
 * What is said of a kind that the cluster does not serve in that version: Flux's words, and then the version to use.
 * `served`: the versions of the kind in `successorGroup` that the cluster has, preferred first (`["v2", "v1"]`).
 */
export function noMatchMessage(kind: string, apiVersion: string, served: readonly string[]): string {
  const text = `no matches for kind "${kind}" in version "${apiVersion}"`;
  const removed = removedVersion(kind, apiVersion);
  const [best] = served.map((version) => apiVersionOf(successorGroup(kind, apiVersion), version));
  const use = best ?? removed?.use;
  const gone = removed === undefined ? "" : `removed in Kubernetes ${removed.in}`;
  if (use === undefined || use === "") return gone === "" ? text : `${text} (${gone}; nothing takes its place)`;
  return gone === "" ? `${text}: use ${use}` : `${text}: use ${use} (${gone})`;
}
