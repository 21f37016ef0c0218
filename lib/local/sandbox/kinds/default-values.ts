import type { Json } from "@sluice/engine/domain/json.ts";

const CORE = "io.k8s.api.core.v1";
const FILE_MODE = 0o644;
const rbd = { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" };
const scaleIo = { storageMode: "ThinProvisioned", fsType: "xfs" };
const webhook = { failurePolicy: "Fail", matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {}, timeoutSeconds: 10 };
const admission = "io.k8s.api.admissionregistration.v1";

/**
 * What the server fills in where a struct has no such field, whatever else the object says. Source: SetDefaults_* in
 * kubernetes/pkg/apis; tests hold it to recorded dry-run creations.
 */
export const defaultValues: { readonly [definition: string]: { readonly [field: string]: Json } } = {
  [`${CORE}.Container`]: { terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  [`${CORE}.EphemeralContainer`]: { terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  [`${CORE}.ContainerPort`]: { protocol: "TCP" },
  [`${CORE}.ServicePort`]: { protocol: "TCP" },
  [`${CORE}.EndpointPort`]: { protocol: "TCP" },
  [`${CORE}.Probe`]: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  [`${CORE}.HTTPGetAction`]: { path: "/", scheme: "HTTP" },
  [`${CORE}.GRPCAction`]: { service: "" },
  [`${CORE}.PodSpec`]: {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
  },
  [`${CORE}.SecretVolumeSource`]: { defaultMode: FILE_MODE },
  [`${CORE}.ConfigMapVolumeSource`]: { defaultMode: FILE_MODE },
  [`${CORE}.DownwardAPIVolumeSource`]: { defaultMode: FILE_MODE },
  [`${CORE}.ProjectedVolumeSource`]: { defaultMode: FILE_MODE },
  [`${CORE}.ServiceAccountTokenProjection`]: { expirationSeconds: 3600 },
  [`${CORE}.HostPathVolumeSource`]: { type: "" },
  [`${CORE}.ISCSIVolumeSource`]: { iscsiInterface: "default" },
  [`${CORE}.ISCSIPersistentVolumeSource`]: { iscsiInterface: "default" },
  [`${CORE}.RBDVolumeSource`]: rbd,
  [`${CORE}.RBDPersistentVolumeSource`]: rbd,
  [`${CORE}.AzureDiskVolumeSource`]: { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false },
  [`${CORE}.ScaleIOVolumeSource`]: scaleIo,
  [`${CORE}.ScaleIOPersistentVolumeSource`]: scaleIo,
  [`${CORE}.ObjectFieldSelector`]: { apiVersion: "v1" },
  [`${CORE}.Secret`]: { type: "Opaque" },
  [`${CORE}.ServiceSpec`]: { sessionAffinity: "None", type: "ClusterIP" },
  [`${CORE}.PersistentVolumeSpec`]: { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" },
  [`${CORE}.PersistentVolumeClaimSpec`]: { volumeMode: "Filesystem" },
  [`${CORE}.ReplicationControllerSpec`]: { replicas: 1 },
  "io.k8s.api.apps.v1.DeploymentSpec": { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
  "io.k8s.api.apps.v1.DeploymentStrategy": { type: "RollingUpdate" },
  "io.k8s.api.apps.v1.RollingUpdateDeployment": { maxUnavailable: "25%", maxSurge: "25%" },
  "io.k8s.api.apps.v1.DaemonSetSpec": { revisionHistoryLimit: 10 },
  "io.k8s.api.apps.v1.DaemonSetUpdateStrategy": { type: "RollingUpdate" },
  "io.k8s.api.apps.v1.RollingUpdateDaemonSet": { maxUnavailable: 1, maxSurge: 0 },
  "io.k8s.api.apps.v1.StatefulSetSpec": {
    podManagementPolicy: "OrderedReady",
    replicas: 1,
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  },
  "io.k8s.api.apps.v1.StatefulSetUpdateStrategy": { type: "RollingUpdate" },
  "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy": { partition: 0 },
  "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": { whenDeleted: "Retain", whenScaled: "Retain" },
  "io.k8s.api.apps.v1.ReplicaSetSpec": { replicas: 1 },
  "io.k8s.api.batch.v1.CronJobSpec": { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec": { minReplicas: 1 },
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": { minReplicas: 1 },
  "io.k8s.api.networking.v1.NetworkPolicyPort": { protocol: "TCP" },
  "io.k8s.api.networking.v1.IngressClassParametersReference": { scope: "Cluster" },
  "io.k8s.api.rbac.v1.RoleRef": { apiGroup: "rbac.authorization.k8s.io" },
  "io.k8s.api.scheduling.v1.PriorityClass": { preemptionPolicy: "PreemptLowerPriority" },
  "io.k8s.api.storage.v1.StorageClass": { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
  "io.k8s.api.storage.v1.CSIDriverSpec": {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    volumeLifecycleModes: ["Persistent"],
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    requiresRepublish: false,
    seLinuxMount: false,
  },
  "io.k8s.api.discovery.v1.EndpointPort": { name: "", protocol: "TCP" },
  [`${admission}.ValidatingWebhook`]: webhook,
  [`${admission}.MutatingWebhook`]: { ...webhook, reinvocationPolicy: "Never" },
  [`${admission}.ServiceReference`]: { port: 443 },
  [`${admission}.RuleWithOperations`]: { scope: "*" },
  [`${admission}.NamedRuleWithOperations`]: { scope: "*" },
  [`${admission}.ValidatingAdmissionPolicySpec`]: { failurePolicy: "Fail" },
  [`${admission}.MatchResources`]: { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} },
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference": { port: 443 },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference": { port: 443 },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": { conversion: { strategy: "None" } },
  "io.k8s.api.flowcontrol.v1.FlowSchemaSpec": { matchingPrecedence: 1000 },
};
