/**
 * Sends strategic merge patches to a real API server and writes its answers down for the unit test.
 *
 *     node test/support/field-management/strategic-merge.ts --kubeconfig FILE --record FILE
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import { createApiClient } from "../../../lib/local/sandbox/kinds/generation/api-client.ts";

const { values } = parseArgs({ options: { kubeconfig: { type: "string" }, record: { type: "string" } } });
if (values.kubeconfig === undefined || values.record === undefined) throw new Error("--kubeconfig FILE and --record FILE are needed");
const api = createApiClient(values.kubeconfig);
const root = "/api/v1/namespaces/default/podtemplates";
const name = "s2-strategic-merge";

const live: JsonObject = {
  apiVersion: "v1",
  kind: "PodTemplate",
  metadata: { name, labels: { a: "1", b: "2" }, finalizers: ["x.io/a", "x.io/b"] },
  template: {
    metadata: { labels: { app: "x" } },
    spec: {
      containers: [
        {
          name: "a",
          image: "i:1",
          args: ["x", "y"],
          env: [
            { name: "E", value: "1" },
            { name: "F", value: "2" },
          ],
          ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }],
        },
        { name: "b", image: "j:1" },
        { name: "c", image: "k:1" },
      ],
      nodeSelector: { k: "v", l: "w" },
      tolerations: [{ key: "t", operator: "Exists" }],
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "w", hostPath: { path: "/" } },
      ],
    },
  },
};
const spec = (fields: JsonObject): JsonObject => ({ template: { spec: fields } });
const patches: readonly JsonObject[] = [
  { metadata: { labels: { a: null, c: "3" } } },
  { metadata: { labels: null } },
  { metadata: { labels: { $patch: "replace", z: "1" } } },
  { metadata: { labels: { $patch: "delete" } } },
  { metadata: { labels: { $patch: "sparkle" } } },
  { metadata: { finalizers: ["x.io/c", "x.io/a"] } },
  { metadata: { "$deleteFromPrimitiveList/finalizers": ["x.io/a"] } },
  { metadata: { "$deleteFromPrimitiveList/finalizers": ["x.io/a"], "$setElementOrder/finalizers": ["x.io/d", "x.io/b"], finalizers: ["x.io/d"] } },
  { metadata: { "$setElementOrder/finalizers": ["x.io/b", "x.io/a"] } },
  spec({ containers: [{ name: "a", image: "i:2" }] }),
  spec({ containers: [{ name: "d", image: "l:1" }] }),
  spec({ containers: [{ name: "b", $patch: "delete" }] }),
  spec({ containers: [{ $patch: "replace" }, { name: "z", image: "z:1" }] }),
  spec({ containers: [{ $patch: "merge" }, { name: "z", image: "z:1" }] }),
  spec({ containers: [{ image: "nameless" }] }),
  spec({ "$setElementOrder/containers": [{ name: "c" }, { name: "a" }, { name: "b" }] }),
  spec({
    "$setElementOrder/containers": [{ name: "d" }, { name: "c" }, { name: "a" }],
    containers: [
      { name: "d", image: "l:1" },
      { name: "a", image: "i:9" },
    ],
  }),
  spec({
    "$setElementOrder/containers": [{ name: "a" }, { name: "d" }],
    containers: [
      { name: "d", image: "l:1" },
      { name: "a", image: "i:9" },
    ],
  }),
  spec({ "$setElementOrder/containers": [{ name: "c" }, { name: "a" }], containers: [{ name: "b", $patch: "delete" }] }),
  spec({
    containers: [
      {
        name: "a",
        env: [
          { name: "F", $patch: "delete" },
          { name: "G", value: "3" },
        ],
      },
    ],
  }),
  spec({
    containers: [
      {
        name: "a",
        "$setElementOrder/env": [{ name: "F" }, { name: "E" }],
        env: [{ name: "E", value: null, valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
      },
    ],
  }),
  spec({ containers: [{ name: "a", args: ["z"] }] }),
  spec({ containers: [{ name: "a", args: null, ports: [{ containerPort: 80, name: "web" }] }] }),
  spec({ containers: [{ name: "a", resources: { limits: { cpu: "1000m" } } }] }),
  spec({ nodeSelector: { k: null, m: "n" } }),
  spec({ nodeSelector: null }),
  spec({ tolerations: [{ key: "u", operator: "Exists" }] }),
  spec({ volumes: [{ name: "w", $retainKeys: ["name", "emptyDir"], emptyDir: {} }] }),
  spec({ volumes: [{ name: "w", $retainKeys: ["name"], emptyDir: {} }] }),
  spec({ volumes: [{ name: "w", hostPath: null, emptyDir: { medium: "Memory" } }] }),
  spec({ affinity: { podAntiAffinity: null, nodeAffinity: { $patch: "replace" } } }),
  spec({ securityContext: { runAsUser: 0, fsGroup: null } }),
  { metadata: { "$deleteFromPrimitiveList/finalizers": "x.io/a" } },
  { metadata: { "$setElementOrder/finalizers": "x.io/a" } },
  spec({ volumes: [{ name: "w", $retainKeys: "name" }] }),
];

await api.send("POST", root, live);
const before = (await api.get(`${root}/${name}`)).body;
const cases: JsonObject[] = [];
for (const patch of patches) {
  const { code, body } = await api.send("PATCH", `${root}/${name}?dryRun=All&fieldValidation=Ignore`, patch, "application/strategic-merge-patch+json");
  // A patch that was understood and left an invalid object behind says nothing here.
  if (code === 422 && isObject(body.details)) continue;
  cases.push({ patch, code, ...(code === 200 ? { metadata: body.metadata ?? {}, template: body.template ?? {} } : { message: body.message ?? "" }) });
}
await api.send("PATCH", `${root}/${name}`, { metadata: { finalizers: null } }, "application/merge-patch+json");
await api.send("DELETE", `${root}/${name}`, {});
api.close();
writeFileSync(values.record, `{"live":${JSON.stringify(before)},\n"cases":[\n${cases.map((one) => JSON.stringify(one)).join(",\n")}\n]}\n`);
process.stdout.write(`${cases.length} of ${patches.length} patches recorded\n`);
