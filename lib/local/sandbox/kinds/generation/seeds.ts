import type { JsonObject } from "@sluice/engine/domain/json.ts";

const object = (apiVersion: string, kind: string, rest: JsonObject = {}): JsonObject => ({ apiVersion, kind, metadata: { name: "s2-seed" }, ...rest });
const labels = { matchLabels: { app: "x" } };
const pod: JsonObject = { containers: [{ name: "a", image: "i" }] };
const template: JsonObject = { metadata: { labels: { app: "x" } }, spec: pod };
const full: JsonObject = {
  serviceAccountName: "default",
  initContainers: [{ name: "init", image: "r.io:5000/i:latest" }],
  containers: [
    {
      name: "a",
      image: "i:1",
      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }],
      env: [
        { name: "N", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      ],
      livenessProbe: { httpGet: { port: 80 } },
      readinessProbe: { grpc: { port: 80 } },
      startupProbe: { tcpSocket: { port: "web" }, periodSeconds: 3 },
      lifecycle: { preStop: { httpGet: { port: 80 } } },
      resources: { limits: { cpu: "1000m" } },
      securityContext: {},
    },
    { name: "b", image: "i@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
  ],
  volumes: [
    { name: "none" },
    { name: "secret", secret: { secretName: "s" } },
    { name: "config", configMap: { name: "c" } },
    { name: "host", hostPath: { path: "/" } },
    { name: "down", downwardAPI: { items: [{ path: "p", fieldRef: { fieldPath: "metadata.name" } }] } },
    { name: "proj", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    { name: "claim", ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } } } } },
  ],
};
const service = (spec: JsonObject): JsonObject => object("v1", "Service", { spec });

/** Minimal objects, and some with many fields, whose dry-run creation shows what the server fills in. */
export const seeds: readonly JsonObject[] = [
  object("v1", "Pod", {
    spec: { ...pod, automountServiceAccountToken: false, serviceAccountName: "default", tolerations: [{ operator: "Exists" }], hostNetwork: true },
  }),
  object("v1", "PodTemplate", { template: { spec: full } }),
  object("v1", "PodTemplate", { template: { spec: { hostNetwork: true, containers: [{ name: "a", image: "i", ports: [{ containerPort: 80 }] }] } } }),
  object("v1", "ReplicationController", { spec: { template } }),
  object("v1", "Secret", { stringData: {} }),
  object("v1", "Endpoints", { subsets: [{ addresses: [{ ip: "1.2.3.4" }], ports: [{ port: 80 }] }] }),
  object("v1", "LimitRange", {
    spec: {
      limits: [
        { type: "Container", max: { cpu: "2" }, min: { memory: "1Mi" } },
        { type: "Pod", max: { cpu: "2" } },
      ],
    },
  }),
  object("v1", "PersistentVolume", { spec: { capacity: { storage: "1024Mi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/" } } }),
  object("v1", "PersistentVolumeClaim", { spec: { storageClassName: "", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }),
  service({ ports: [{ port: 80 }] }),
  service({ ports: [{ port: 80 }], sessionAffinity: "ClientIP", externalIPs: ["1.2.3.4"] }),
  service({ ports: [{ port: 80, nodePort: 30_123 }], type: "NodePort" }),
  service({ type: "ExternalName", externalName: "a.example.com" }),
  object("apps/v1", "Deployment", { spec: { selector: labels, template } }),
  object("apps/v1", "Deployment", { spec: { selector: labels, template, strategy: { type: "Recreate" } } }),
  object("apps/v1", "Deployment", { spec: { selector: labels, template, strategy: { rollingUpdate: { maxSurge: 1 } } } }),
  object("apps/v1", "DaemonSet", { spec: { selector: labels, template } }),
  object("apps/v1", "ReplicaSet", { spec: { selector: labels, template } }),
  object("apps/v1", "StatefulSet", {
    spec: {
      selector: labels,
      template,
      serviceName: "x",
      volumeClaimTemplates: [{ metadata: { name: "v" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }],
    },
  }),
  object("apps/v1", "StatefulSet", { spec: { selector: labels, template, updateStrategy: { type: "OnDelete" } } }),
  object("batch/v1", "CronJob", { spec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: "Never" } } } } } }),
  object("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" } } }),
  object("autoscaling/v2", "HorizontalPodAutoscaler", {
    spec: {
      maxReplicas: 2,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" },
      behavior: { scaleDown: { stabilizationWindowSeconds: 5 } },
    },
  }),
  object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } }),
  object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, egress: [{}] } }),
  object("networking.k8s.io/v1", "Ingress", { spec: { defaultBackend: { service: { name: "x", port: { number: 80 } } } } }),
  object("networking.k8s.io/v1", "IngressClass", { spec: { controller: "x.io/y", parameters: { kind: "K", name: "n" } } }),
  object("rbac.authorization.k8s.io/v1", "Role", {}),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
  object("rbac.authorization.k8s.io/v1", "RoleBinding", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [
      { kind: "User", name: "u" },
      { kind: "ServiceAccount", name: "s", namespace: "n" },
    ],
  }),
  object("policy/v1", "PodDisruptionBudget", { spec: { minAvailable: 1, selector: labels } }),
  object("scheduling.k8s.io/v1", "PriorityClass", { value: 1 }),
  object("storage.k8s.io/v1", "StorageClass", { provisioner: "x.io/y" }),
  object("storage.k8s.io/v1", "CSIDriver", { spec: {} }),
  object("discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", endpoints: [{ addresses: ["1.2.3.4"] }], ports: [{ port: 80 }] }),
  object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
    webhooks: [
      {
        name: "a.x.io",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        clientConfig: { service: { name: "s", namespace: "n" } },
        rules: [{ apiGroups: ["x.io"], apiVersions: ["v1"], resources: ["xs"], operations: ["CREATE"] }],
      },
    ],
  }),
  object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", {
    webhooks: [{ name: "a.x.io", sideEffects: "None", admissionReviewVersions: ["v1"], clientConfig: { url: "https://x.io" } }],
  }),
  object("v1", "ConfigMap"),
  object("v1", "ServiceAccount"),
  object("v1", "ResourceQuota", { spec: { hard: { cpu: "1000m" } } }),
  object("v1", "Namespace"),
  object("coordination.k8s.io/v1", "Lease"),
  object("node.k8s.io/v1", "RuntimeClass", { handler: "h" }),
  object("apiregistration.k8s.io/v1", "APIService", {
    metadata: { name: "v1.seed.x.io" },
    spec: {
      group: "seed.x.io",
      version: "v1",
      groupPriorityMinimum: 1,
      versionPriority: 1,
      insecureSkipTLSVerify: true,
      service: { name: "s", namespace: "n" },
    },
  }),
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "seeds.x.io" },
    spec: {
      group: "x.io",
      scope: "Cluster",
      names: { kind: "Seed", plural: "seeds" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  },
  object("batch/v1", "Job", { spec: { template: { spec: { ...pod, restartPolicy: "Never" } } } }),
];
