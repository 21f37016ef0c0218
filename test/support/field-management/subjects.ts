import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";

/** A kind to try server-side apply on: how to reach it, and what may be in an applied object. */
export type Subject = {
  readonly name: string;
  readonly path: (namespace: string) => string;
  readonly apiVersion: string;
  readonly kind: string;
  /** What every object of it needs. */
  readonly base: JsonObject;
  /** Each may be there or not, in one of its forms. */
  readonly slots: readonly (readonly JsonObject[])[];
  /** For the status subresource. */
  readonly statuses?: readonly JsonObject[];
};

const labels = (...names: readonly string[]): JsonObject => ({ metadata: { labels: Object.fromEntries(names.map((name) => [name, name])) } });
const common: readonly (readonly JsonObject[])[] = [
  [labels("a"), labels("a", "b"), labels("b", "c")],
  [{ metadata: { annotations: { one: "1" } } }, { metadata: { annotations: { one: "2", two: "2" } } }, { metadata: { annotations: {} } }],
  [{ metadata: { finalizers: ["x.io/a"] } }, { metadata: { finalizers: ["x.io/b", "x.io/a"] } }],
];
const containers = (...items: readonly Json[]): JsonObject => ({ spec: { template: { spec: { containers: items } } } });
const spec = (fields: JsonObject): JsonObject => ({ spec: fields });

export const GROUP = "fields.sluice.test";

export const subjects: readonly Subject[] = [
  {
    name: "configmap",
    path: (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
    apiVersion: "v1",
    kind: "ConfigMap",
    base: {},
    slots: [
      ...common,
      [{ data: { a: "1" } }, { data: { a: "2", b: "1" } }, { data: { b: "1", c: "<&>" } }, { data: {} }],
      [{ binaryData: { z: "AA==" } }],
      [{ data: { d: "1" } }, { data: { d: "2" } }],
    ],
  },
  {
    name: "deployment",
    path: (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
    apiVersion: "apps/v1",
    kind: "Deployment",
    base: {
      spec: { selector: { matchLabels: { app: "x" } }, template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "a", image: "i:1" }] } } },
    },
    slots: [
      ...common,
      [spec({ replicas: 0 }), spec({ replicas: 2 })],
      [spec({ strategy: {} }), spec({ strategy: { type: "Recreate" } }), spec({ strategy: { rollingUpdate: { maxSurge: 1 } } })],
      [spec({ minReadySeconds: 3 })],
      [
        containers({ name: "a", image: "i:2" }),
        containers({ name: "b", image: "j" }, { name: "a", image: "i:1" }),
        containers({ name: "c", image: "k" }, { name: "b", image: "j" }),
      ],
      [
        containers({ name: "a", ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }] }),
        containers({ name: "a", ports: [{ containerPort: 80, protocol: "TCP", name: "http" }] }),
        containers({ name: "a", ports: [{ containerPort: 81 }] }),
      ],
      [
        containers({ name: "a", env: [{ name: "E", value: "1" }, { name: "F" }] }),
        containers({
          name: "a",
          env: [
            { name: "F", value: "2" },
            { name: "E", value: "1" },
          ],
        }),
      ],
      [
        containers({ name: "a", resources: {} }),
        containers({ name: "a", resources: { limits: { cpu: "1000m" } } }),
        containers({ name: "a", resources: { limits: { cpu: "1" }, requests: { memory: "1Gi" } } }),
      ],
      [containers({ name: "a", args: ["x"] }), containers({ name: "a", args: ["x", "y"] })],
      [spec({ template: { spec: { nodeSelector: { k: "v" } } } }), spec({ template: { spec: { nodeSelector: { k: "v", l: "w" } } } })],
      [
        spec({ template: { spec: { volumes: [{ name: "v", emptyDir: {} }] } } }),
        spec({ template: { spec: { volumes: [{ name: "v", configMap: { name: "c", items: [{ key: "k", path: "p" }] } }] } } }),
      ],
      [spec({ template: { spec: { tolerations: [{ key: "t", operator: "Exists" }] } } })],
      [spec({ template: { spec: { securityContext: {} } } }), spec({ template: { spec: { securityContext: { runAsUser: 0 } } } })],
    ],
    statuses: [{ replicas: 1, observedGeneration: 1 }, { conditions: [{ type: "Available", status: "True" }] }],
  },
  {
    name: "service",
    path: (namespace) => `/api/v1/namespaces/${namespace}/services`,
    apiVersion: "v1",
    kind: "Service",
    base: spec({ ports: [{ port: 80, name: "a" }] }),
    slots: [
      ...common,
      [spec({ selector: { app: "x" } }), spec({ selector: { app: "y", tier: "z" } })],
      [
        spec({ ports: [{ port: 81, name: "b", targetPort: "web" }] }),
        spec({
          ports: [
            { port: 80, name: "a", protocol: "TCP" },
            { port: 80, name: "u", protocol: "UDP" },
          ],
        }),
      ],
      [spec({ sessionAffinity: "ClientIP" })],
      [spec({ externalIPs: ["1.2.3.4"] })],
    ],
    statuses: [{ conditions: [{ type: "A", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z", reason: "R", message: "" }] }],
  },
  {
    name: "serviceaccount",
    path: (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
    apiVersion: "v1",
    kind: "ServiceAccount",
    base: {},
    slots: [
      ...common,
      [{ imagePullSecrets: [{ name: "a" }] }, { imagePullSecrets: [{ name: "b" }] }],
      [{ secrets: [{ name: "s" }] }, { secrets: [{ name: "t" }, { name: "s" }] }],
      [{ automountServiceAccountToken: false }],
    ],
  },
  {
    name: "networkpolicy",
    path: (namespace) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    base: spec({ podSelector: {} }),
    slots: [
      ...common,
      [spec({ podSelector: { matchLabels: { a: "b" } } })],
      [spec({ policyTypes: ["Ingress"] }), spec({ policyTypes: ["Egress", "Ingress"] })],
      [spec({ ingress: [{}] })],
    ],
  },
  {
    name: "custom",
    path: (namespace) => `/apis/${GROUP}/v1/namespaces/${namespace}/things`,
    apiVersion: `${GROUP}/v1`,
    kind: "Thing",
    base: {},
    slots: [
      ...common,
      [spec({ text: "a" }), spec({ text: "b" }), spec({ text: null })],
      [spec({ count: 1 }), spec({ count: 2 }), spec({ port: "http" }), spec({ port: 80 })],
      [spec({ atomicList: ["a", "b"] }), spec({ atomicList: ["b"] }), spec({ atomicList: [] })],
      [spec({ set: ["a", "b"] }), spec({ set: ["c", "a"] }), spec({ set: [] })],
      [
        spec({ keyed: [{ name: "a", value: "1" }] }),
        spec({
          keyed: [
            { name: "b", value: "1" },
            { name: "a", value: "2" },
          ],
        }),
        spec({
          keyed: [
            { name: "b", protocol: "UDP" },
            { name: "b", value: "3" },
          ],
        }),
      ],
      [spec({ atomicMap: { a: "1" } }), spec({ atomicMap: { a: "1", b: "2" } }), spec({ atomicMap: {} })],
      [spec({ granular: { a: "1", b: "2" } }), spec({ granular: { b: "3" } }), spec({ granular: {} })],
      [spec({ struct: { x: "1" } }), spec({ struct: { y: "1" } }), spec({ struct: {} })],
      [spec({ free: { deep: { a: 1, list: [1, { a: 2 }] } } }), spec({ free: { deep: { b: true } } }), spec({ free: { deep: "text" } }), spec({ free: {} })],
      [
        spec({ embedded: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "e", labels: { a: "b" } }, data: { a: "1" } } }),
        spec({ embedded: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "e" }, data: { b: "1" } } }),
      ],
      [spec({ withDefault: { x: "1" } })],
    ],
    statuses: [{ phase: "A" }, { phase: "B", list: ["x"] }, {}],
  },
];

const string: JsonObject = { type: "string" };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "object", properties, ...more });

export const thingCrd: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `things.${GROUP}` },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: { kind: "Thing", listKind: "ThingList", plural: "things", singular: "thing" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: object({
            apiVersion: string,
            kind: string,
            metadata: { type: "object" },
            spec: object({
              text: { type: "string", nullable: true },
              count: { type: "integer" },
              port: { "x-kubernetes-int-or-string": true },
              atomicList: { type: "array", items: string },
              set: { type: "array", items: string, "x-kubernetes-list-type": "set" },
              keyed: {
                type: "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name", "protocol"],
                items: object({ name: string, protocol: { type: "string", default: "TCP" }, value: string }, { required: ["name"] }),
              },
              atomicMap: { type: "object", additionalProperties: string, "x-kubernetes-map-type": "atomic" },
              granular: { type: "object", additionalProperties: string },
              struct: object({ x: string, y: string }),
              free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              embedded: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
              withDefault: object({ x: string, y: { type: "string", default: "why" } }),
            }),
            status: object({ phase: string, list: { type: "array", items: string } }),
          }),
        },
      },
    ],
  },
};

const thing = (fields: JsonObject): JsonObject => ({ apiVersion: `${GROUP}/v1`, kind: "Thing", metadata: { name: "broken" }, spec: fields });
const map = (fields: JsonObject): JsonObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "broken" }, ...fields });
const deployment = (fields: JsonObject): JsonObject => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "broken" }, spec: fields });

/** Applied objects that do not fit their schema. */
export const broken: readonly { readonly subject: string; readonly body: JsonObject }[] = [
  ...[
    { sparkle: 1 },
    { data: { b: 1.5 } },
    { data: { a: true } },
    { data: ["a"] },
    { data: "text" },
    { immutable: "yes" },
    { metadata: { name: "broken", labels: { a: {} } } },
    { metadata: { name: "broken", finalizers: ["a", "a"] } },
  ].map((fields) => ({
    subject: "configmap",
    body: map(fields),
  })),
  ...[
    { replicas: "one" },
    { replicas: [1] },
    { replicas: { a: 1 } },
    { unknown: true },
    { template: { spec: { containers: [{ image: "i" }] } } },
    { template: { spec: { containers: [null] } } },
    { template: { spec: { containers: ["a"] } } },
    { template: { spec: { containers: {} } } },
    { template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } },
    { template: { spec: { containers: [{ name: "a", ports: [{ name: "x" }] }] } } },
    { paused: "no" },
    { minReadySeconds: "3" },
  ].map((fields) => ({ subject: "deployment", body: deployment(fields) })),
  ...[
    { text: 1 },
    { set: ["a", "a"] },
    { set: [{}] },
    { set: [[]] },
    { set: [null] },
    { keyed: [{ value: "a" }] },
    { keyed: [{ name: "a" }, { name: "a", protocol: "TCP" }] },
    { free: 1 },
    { port: {} },
    { granular: { a: 1 } },
    { struct: { z: 1 } },
    { atomicList: {} },
    { count: 1.5 },
  ].map((fields) => ({
    subject: "custom",
    body: thing(fields),
  })),
];
