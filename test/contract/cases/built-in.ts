import type { Body } from "../client.ts";
import type { ContractCase } from "../story.ts";

const pods = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "nginx" }] } };
const selector = { matchLabels: { a: "b" } };

/** Minimal objects of every kind whose defaults matter; dry-run, so that nothing runs. */
const minimal: readonly (readonly [string, Body])[] = [
  ["configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }],
  ["secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { x: "y" } }],
  ["services", { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { clusterIP: "None", ports: [{ port: 80 }] } }],
  ["serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "a" } }],
  [
    "pods",
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: {
        serviceAccountName: "default",
        automountServiceAccountToken: false,
        containers: [
          { name: "a", image: "nginx:1", resources: { limits: { cpu: 1 } }, livenessProbe: { httpGet: { port: 80 } }, ports: [{ containerPort: 80 }] },
        ],
        volumes: [{ name: "v", configMap: { name: "c" } }],
      },
    },
  ],
  [
    "persistentvolumeclaims",
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "a" },
      spec: { storageClassName: "x", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } },
    },
  ],
  ["limitranges", { apiVersion: "v1", kind: "LimitRange", metadata: { name: "a" }, spec: { limits: [{ type: "Container", max: { cpu: "1000m" } }] } }],
  ["resourcequotas", { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "a" }, spec: { hard: { pods: 5 } } }],
  ["apps/v1:deployments", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { selector, template: pods } }],
  [
    "apps/v1:statefulsets",
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "a" },
      spec: {
        selector,
        serviceName: "a",
        template: pods,
        volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }],
      },
    },
  ],
  ["apps/v1:daemonsets", { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "a" }, spec: { selector, template: pods } }],
  ["apps/v1:replicasets", { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "a" }, spec: { selector, template: pods } }],
  [
    "batch/v1:cronjobs",
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "a" },
      spec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "nginx" }] } } } } },
    },
  ],
  [
    "autoscaling/v2:horizontalpodautoscalers",
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "a" },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
    },
  ],
  [
    "networking.k8s.io/v1:ingresses",
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "a" },
      spec: { rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "a", port: { number: 80 } } } }] } }] },
    },
  ],
  [
    "networking.k8s.io/v1:networkpolicies",
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "a" }, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
  ],
  [
    "policy/v1:poddisruptionbudgets",
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "a" }, spec: { minAvailable: "50%", selector } },
  ],
  [
    "rbac.authorization.k8s.io/v1:roles",
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "a" }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
  ],
  [
    "rbac.authorization.k8s.io/v1:rolebindings",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "a" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" },
      subjects: [
        { kind: "ServiceAccount", name: "a" },
        { kind: "User", name: "u" },
      ],
    },
  ],
  ["coordination.k8s.io/v1:leases", { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "a" } }],
  ["/apis/storage.k8s.io/v1/storageclasses", { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "contract-a" }, provisioner: "x.y/z" }],
  ["/apis/scheduling.k8s.io/v1/priorityclasses", { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "contract-a" }, value: 5 }],
  [
    "/api/v1/persistentvolumes",
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "contract-a" },
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } },
    },
  ],
  ["/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "contract-a" } }],
];

const broken: readonly (readonly [string, string, Body])[] = [
  ["a deployment without anything", "apps/v1:deployments", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } }],
  [
    "a deployment whose selector does not select its pods",
    "apps/v1:deployments",
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { replicas: -1, selector: { matchLabels: { x: "y" } }, template: pods } },
  ],
  ["a pod without containers", "pods", { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { containers: [] } }],
  [
    "a container without a name, a port out of range, a bad pull policy",
    "pods",
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { restartPolicy: "Sometimes", containers: [{ image: "x", imagePullPolicy: "Maybe", ports: [{ containerPort: 70000 }] }] },
    },
  ],
  [
    "two containers of one name",
    "apps/v1:deployments",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a" },
      spec: {
        selector,
        template: {
          ...pods,
          spec: {
            containers: [
              { name: "a", image: "x" },
              { name: "a", image: "x" },
            ],
          },
        },
      },
    },
  ],
  ["a service without ports", "services", { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: {} }],
  [
    "a service with two unnamed ports and a bad type",
    "services",
    { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { type: "Odd", ports: [{ port: 80 }, { port: 81 }] } },
  ],
  ["a service whose name begins with a digit", "services", { apiVersion: "v1", kind: "Service", metadata: { name: "1a" }, spec: { ports: [{ port: 0 }] } }],
  ["a config map key with a slash", "configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { "a/b": "c" } }],
  ["a secret that is not base64", "secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, data: { x: "not base64!" } }],
  ["a TLS secret without a certificate", "secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, type: "kubernetes.io/tls", data: {} }],
  [
    "a job whose pods restart always",
    "batch/v1:jobs",
    { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" }, spec: { template: { spec: { containers: [{ name: "a", image: "x" }] } } } },
  ],
  [
    "a cron job with a bad schedule",
    "batch/v1:cronjobs",
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "a" },
      spec: { schedule: "often", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } } } } },
    },
  ],
  [
    "an autoscaler without a maximum",
    "autoscaling/v2:horizontalpodautoscalers",
    { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "a" }, spec: { scaleTargetRef: {} } },
  ],
  ["an ingress without a rule", "networking.k8s.io/v1:ingresses", { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "a" }, spec: {} }],
  [
    "an ingress path without a type",
    "networking.k8s.io/v1:ingresses",
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "a" }, spec: { rules: [{ http: { paths: [{ path: "x", backend: {} }] } }] } },
  ],
  ["a claim without access modes", "persistentvolumeclaims", { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "a" }, spec: {} }],
  [
    "a quantity that is none",
    "pods",
    { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { containers: [{ name: "a", image: "x", resources: { limits: { cpu: "lots" } } }] } },
  ],
  [
    "a role binding without a role",
    "rbac.authorization.k8s.io/v1:rolebindings",
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "a" }, subjects: [{ kind: "Thing", name: "" }] },
  ],
  [
    "a budget with both limits",
    "policy/v1:poddisruptionbudgets",
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "a" }, spec: { minAvailable: 1, maxUnavailable: 1 } },
  ],
];

export const builtInCases: readonly ContractCase[] = [
  ...minimal.map(
    ([path, body]): ContractCase => ({
      title: `defaults of ${body.kind}`,
      play: async (story) => {
        if (body.kind === "Pod") await story.until("serviceaccounts/default", ({ code }) => code === 200);
        await story.post(path, body, { query: "dryRun=All" });
      },
    }),
  ),
  ...broken.map(
    ([what, path, body]): ContractCase => ({ title: `refused: ${what}`, play: async (story) => void (await story.post(path, body, { query: "dryRun=All" })) }),
  ),
  {
    title: "immutable fields",
    play: async (story) => {
      await story.post(
        "apps/v1:deployments",
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { replicas: 0, selector, template: pods } },
        { silent: true },
      );
      await story.patch("merge", "apps/v1:deployments/a", { spec: { selector: { matchLabels: { c: "d" } }, template: { metadata: { labels: { c: "d" } } } } });
      await story.post(
        "services",
        { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { clusterIP: "None", ports: [{ port: 80 }] } },
        { silent: true },
      );
      await story.patch("merge", "services/a", { spec: { clusterIP: "10.0.0.77", clusterIPs: ["10.0.0.77"] } });
      await story.post("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, immutable: true, data: { x: "y" } }, { silent: true });
      await story.patch("merge", "configmaps/a", { data: { x: "z" } });
      await story.patch("merge", "configmaps/a", { immutable: false });
      await story.post("secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, type: "Opaque" }, { silent: true });
      await story.patch("merge", "secrets/a", { type: "other" });
      await story.post(
        "apps/v1:statefulsets",
        { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "a" }, spec: { replicas: 0, serviceName: "a", selector, template: pods } },
        { silent: true },
      );
      await story.patch("merge", "apps/v1:statefulsets/a", { spec: { serviceName: "b" } });
      await story.post(
        "batch/v1:jobs",
        {
          apiVersion: "batch/v1",
          kind: "Job",
          metadata: { name: "a" },
          spec: { suspend: true, completions: 1, template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } } },
        },
        { silent: true },
      );
      await story.patch("strategic-merge", "batch/v1:jobs/a", { spec: { completions: 2 } });
      await story.post(
        "rbac.authorization.k8s.io/v1:rolebindings",
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: { name: "a" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" },
        },
        { silent: true },
      );
      await story.patch("merge", "rbac.authorization.k8s.io/v1:rolebindings/a", { roleRef: { name: "b" } });
      await story.post(
        "persistentvolumeclaims",
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "a" },
          spec: { storageClassName: "x", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
        { silent: true },
      );
      await story.patch("merge", "persistentvolumeclaims/a", { spec: { storageClassName: "y" } });
    },
  },
  {
    title: "stringData becomes data",
    play: async (story) => {
      await story.apply("secrets/a", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { x: "y" } }, "one");
      await story.patch("merge", "secrets/a", { stringData: { z: "w" } });
    },
  },
  {
    title: "one object in two versions",
    play: async (story) => {
      await story.post(
        "autoscaling/v2:horizontalpodautoscalers",
        {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "a" },
          spec: {
            maxReplicas: 3,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "none" },
            metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
          },
        },
        { silent: true },
      );
      const { body } = await story.get("autoscaling/v1:horizontalpodautoscalers/a", { silent: true });
      story.note(JSON.stringify({ apiVersion: body.apiVersion, spec: body.spec }));
    },
  },
];
