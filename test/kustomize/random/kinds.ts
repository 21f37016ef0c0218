import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { labelsOf, type Maker, maybe, NAMES, NAMESPACES, number, scalar, several, word } from "./maker.ts";
import { podSpec, workload } from "./pods.ts";

export type Kind = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isCluster?: true;
  /** What stands beside `metadata`. */
  readonly body: (maker: Maker) => JsonObject;
};

const RBAC = "rbac.authorization.k8s.io";

const kind = (apiVersion: string, name: string, body: Kind["body"]): Kind => ({ apiVersion, kind: name, body });
const cluster = (apiVersion: string, name: string, body: Kind["body"]): Kind => ({ apiVersion, kind: name, isCluster: true, body });

const data = ({ chance }: Maker): JsonObject => ({ data: Object.fromEntries(several(chance, 3, (index) => ["abc".charAt(index), word(chance)])) });
const subject = ({ chance, nameOf }: Maker): Json => {
  const kindOf = chance.one(["ServiceAccount", "ServiceAccount", "ServiceAccount", "User"]);
  return {
    kind: kindOf,
    name: kindOf === "User" ? "jane" : chance.happens(0.2) ? "default" : nameOf("ServiceAccount"),
    ...maybe(chance, 0.5, () => ({ namespace: chance.one(NAMESPACES) })),
  };
};
const binding =
  (roles: readonly string[]): Kind["body"] =>
  (maker) => {
    const role = maker.chance.one(roles);
    return {
      roleRef: { apiGroup: RBAC, kind: role, name: maker.nameOf(role) },
      ...maybe(maker.chance, 0.9, () => ({ subjects: several(maker.chance, 3, () => subject(maker)) })),
    };
  };
const rules: Kind["body"] = ({ chance, nameOf }) => ({
  rules: several(chance, 2, () => {
    const of = chance.one(["ConfigMap", "Secret"]);
    return {
      apiGroups: [""],
      resources: [`${of.toLowerCase()}s`],
      verbs: ["get"],
      ...maybe(chance, 0.6, () => ({ resourceNames: several(chance, 2, () => nameOf(of)) })),
    };
  }),
});
const webhooks: Kind["body"] = ({ chance, nameOf }) => ({
  webhooks: several(chance, 2, (index) => ({
    name: `h${index}.example.com`,
    clientConfig: { service: { name: nameOf("Service"), ...maybe(chance, 0.7, () => ({ namespace: chance.one(NAMESPACES) })) } },
  })),
});

export const KINDS: readonly Kind[] = [
  kind("v1", "ConfigMap", data),
  kind("v1", "ConfigMap", data),
  kind("v1", "Secret", (maker) => ({ ...maybe(maker.chance, 0.3, () => ({ type: "Opaque" })), stringData: data(maker).data ?? {} })),
  kind("v1", "ServiceAccount", ({ chance, nameOf }) => maybe(chance, 0.4, () => ({ imagePullSecrets: [{ name: nameOf("Secret") }] }))),
  kind("v1", "Service", ({ chance }) => ({
    spec: {
      ...maybe(chance, 0.8, () => ({ selector: labelsOf(chance) })),
      ports: several(chance, 3, (index) => ({
        port: 80 + index,
        ...maybe(chance, 0.4, () => ({ protocol: "TCP" })),
        ...maybe(chance, 0.4, () => ({ name: `p${index}` })),
      })),
    },
  })),
  kind("apps/v1", "Deployment", (maker) => ({ spec: workload(maker) })),
  kind("apps/v1", "Deployment", (maker) => ({ spec: workload(maker) })),
  kind("apps/v1", "DaemonSet", (maker) => ({ spec: workload(maker) })),
  kind("apps/v1", "ReplicaSet", (maker) => ({ spec: workload(maker) })),
  kind("apps/v1", "StatefulSet", (maker) => ({
    spec: workload(maker, {
      serviceName: maker.nameOf("Service"),
      ...maybe(maker.chance, 0.5, () => ({ volumeClaimTemplates: [{ metadata: { name: "own" }, spec: { storageClassName: maker.nameOf("StorageClass") } }] })),
    }),
  })),
  kind("v1", "ReplicationController", (maker) => ({ spec: { selector: labelsOf(maker.chance), template: { spec: podSpec(maker) } } })),
  kind("v1", "Pod", (maker) => ({ spec: podSpec(maker) })),
  kind("batch/v1", "Job", (maker) => ({ spec: { template: { spec: podSpec(maker) } } })),
  kind("batch/v1", "CronJob", (maker) => ({ spec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: podSpec(maker) } } } } })),
  kind("v1", "PodTemplate", (maker) => ({ template: { spec: podSpec(maker) } })),
  kind("v1", "PersistentVolumeClaim", ({ chance, nameOf }) => ({
    spec: { storageClassName: nameOf("StorageClass"), ...maybe(chance, 0.4, () => ({ volumeName: nameOf("PersistentVolume") })) },
  })),
  cluster("v1", "PersistentVolume", ({ nameOf }) => ({ spec: { storageClassName: nameOf("StorageClass") } })),
  cluster("storage.k8s.io/v1", "StorageClass", ({ chance, nameOf }) => ({
    provisioner: "x",
    ...maybe(chance, 0.4, () => ({ parameters: { secretName: nameOf("Secret") } })),
  })),
  cluster("scheduling.k8s.io/v1", "PriorityClass", ({ chance }) => ({ value: number(chance) })),
  kind(`${RBAC}/v1`, "Role", rules),
  cluster(`${RBAC}/v1`, "ClusterRole", rules),
  kind(`${RBAC}/v1`, "RoleBinding", binding(["Role", "ClusterRole"])),
  cluster(`${RBAC}/v1`, "ClusterRoleBinding", binding(["ClusterRole"])),
  kind("autoscaling/v2", "HorizontalPodAutoscaler", ({ chance, nameOf }) => {
    const of = chance.one(["Deployment", "StatefulSet"]);
    return { spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: of, name: nameOf(of) }, maxReplicas: 3 } };
  }),
  kind("networking.k8s.io/v1", "Ingress", ({ chance, nameOf }) => ({
    spec: {
      ...maybe(chance, 0.3, () => ({ ingressClassName: nameOf("IngressClass") })),
      ...maybe(chance, 0.4, () => ({ tls: [{ hosts: ["a.example.com"], secretName: nameOf("Secret") }] })),
      rules: [{ host: word(chance), http: { paths: [{ path: "/", backend: { service: { name: nameOf("Service"), port: { number: 80 } } } }] } }],
    },
  })),
  cluster("networking.k8s.io/v1", "IngressClass", () => ({ spec: { controller: "example.com/x" } })),
  kind("policy/v1", "PodDisruptionBudget", ({ chance }) => ({ spec: { minAvailable: 1, selector: { matchLabels: labelsOf(chance) } } })),
  kind("networking.k8s.io/v1", "NetworkPolicy", ({ chance }) => ({
    spec: {
      podSelector: { matchLabels: labelsOf(chance) },
      ingress: [{ from: [{ podSelector: { matchLabels: labelsOf(chance) } }, { namespaceSelector: {} }] }],
    },
  })),
  cluster("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", webhooks),
  cluster("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", webhooks),
  cluster("apiregistration.k8s.io/v1", "APIService", ({ chance, nameOf }) => ({
    spec: { group: "x", service: { name: nameOf("Service"), namespace: chance.one(NAMESPACES) } },
  })),
  cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", ({ chance, nameOf }) => ({
    spec: {
      group: "example.com",
      ...maybe(chance, 0.4, () => ({ conversion: { webhook: { clientConfig: { service: { name: nameOf("Service"), namespace: "x" } } } } })),
    },
  })),
  cluster("v1", "Namespace", () => ({})),
  kind("v1", "LimitRange", ({ chance }) => ({ spec: { limits: [{ type: "Pod", max: { cpu: scalar(chance) } }] } })),
  kind("v1", "ResourceQuota", ({ chance }) => ({ spec: { hard: { pods: number(chance) } } })),
  kind("example.com/v1", "Widget", ({ chance }) => ({
    spec: {
      size: number(chance),
      note: word(chance),
      parts: several(chance, 3, (index) => ({ name: NAMES[index] ?? "z", v: scalar(chance) })),
      map: { a: scalar(chance), b: { c: scalar(chance) } },
    },
  })),
  kind("example.com/v1", "Widget", ({ chance }) => ({ spec: { list: several(chance, 3, () => scalar(chance)), lists: [[scalar(chance)], []] } })),
  kind("other.example.com/v1beta1", "Gadget", ({ chance, nameOf }) => ({
    spec: { config: nameOf("ConfigMap"), when: scalar(chance) },
    status: { x: scalar(chance) },
  })),
];
