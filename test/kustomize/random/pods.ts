import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { labelsOf, type Maker, maybe, NAMES, scalar, several, word } from "./maker.ts";

const IMAGES = ["nginx", "nginx:1.27", "registry.example.com:5000/team/app:v1", "busybox@sha256:0123", "team/app"] as const;

/** A pod's spec with all that may name other objects. */
export function podSpec(maker: Maker): JsonObject {
  const { chance, nameOf } = maker;
  return {
    ...maybe(chance, 0.3, () => ({ serviceAccountName: nameOf("ServiceAccount") })),
    ...maybe(chance, 0.15, () => ({ priorityClassName: nameOf("PriorityClass") })),
    ...maybe(chance, 0.2, () => ({ imagePullSecrets: [{ name: nameOf("Secret") }] })),
    ...maybe(chance, 0.2, () => ({ initContainers: [container(maker, "init")] })),
    containers: several(chance, 2, (index) => container(maker, index === 0 ? "main" : "side")),
    ...maybe(chance, 0.5, () => ({ volumes: several(chance, 3, (index) => volume(maker, `v${index}`)) })),
    ...maybe(chance, 0.15, () => ({ tolerations: [{ key: chance.one(NAMES), operator: "Exists" }] })),
    ...maybe(chance, 0.1, () => ({ hostAliases: [{ ip: "10.0.0.1", hostnames: ["a"] }] })),
    ...maybe(chance, 0.1, () => ({
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone", labelSelector: { matchLabels: labelsOf(chance) } }] },
      },
    })),
    ...maybe(chance, 0.1, () => ({
      topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: labelsOf(chance) } }],
    })),
  };
}

function container({ chance, nameOf }: Maker, name: string): JsonObject {
  return {
    name,
    image: chance.one(IMAGES),
    ...maybe(chance, 0.2, () => ({ args: several(chance, 3, () => word(chance)) })),
    ...maybe(chance, 0.5, () => ({
      env: several<Json>(chance, 3, (index) =>
        chance.one<Json>([
          { name: `E${index}`, value: word(chance) },
          { name: `E${index}`, valueFrom: { configMapKeyRef: { name: nameOf("ConfigMap"), key: "a" } } },
          { name: `E${index}`, valueFrom: { secretKeyRef: { name: nameOf("Secret"), key: "a" } } },
        ]),
      ),
    })),
    ...maybe(chance, 0.3, () => ({
      envFrom: several<Json>(chance, 2, () => chance.one<Json>([{ configMapRef: { name: nameOf("ConfigMap") } }, { secretRef: { name: nameOf("Secret") } }])),
    })),
    ...maybe(chance, 0.3, () => ({
      ports: several(chance, 2, (index) => ({ containerPort: 8080 + index, ...maybe(chance, 0.5, () => ({ protocol: "TCP" })) })),
    })),
    ...maybe(chance, 0.3, () => ({ volumeMounts: several(chance, 2, (index) => ({ name: `v${index}`, mountPath: `/mnt/${index}` })) })),
    ...maybe(chance, 0.15, () => ({ resources: { limits: { memory: "64Mi", cpu: scalar(chance) } } })),
  };
}

function volume({ chance, nameOf }: Maker, name: string): JsonObject {
  return chance.one<JsonObject>([
    { name, configMap: { name: nameOf("ConfigMap") } },
    { name, secret: { secretName: nameOf("Secret") } },
    { name, persistentVolumeClaim: { claimName: nameOf("PersistentVolumeClaim") } },
    { name, projected: { sources: [{ configMap: { name: nameOf("ConfigMap") } }, { secret: { name: nameOf("Secret") } }] } },
    { name, emptyDir: {} },
  ]);
}

/** `spec` of what runs pods. */
export function workload(maker: Maker, more: JsonObject = {}): JsonObject {
  const labels = labelsOf(maker.chance);
  return {
    ...maybe(maker.chance, 0.6, () => ({ replicas: maker.chance.int(4) })),
    ...maybe(maker.chance, 0.8, () => ({ selector: { matchLabels: labels } })),
    ...more,
    template: { ...maybe(maker.chance, 0.85, () => ({ metadata: { labels } })), spec: podSpec(maker) },
  };
}
