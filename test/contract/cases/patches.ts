import type { ContractCase } from "../story.ts";
import { configMap } from "./objects.ts";

const template = (containers: readonly object[]) => ({ metadata: { labels: { a: "b" } }, spec: { containers } });
const deployment = (containers: readonly object[]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a" },
  spec: { replicas: 0, paused: true, selector: { matchLabels: { a: "b" } }, template: template(containers) },
});

export const patchCases: readonly ContractCase[] = [
  {
    title: "merge patches",
    managedFields: true,
    play: async (story) => {
      await story.post("configmaps", configMap("a", { x: "1", y: "2" }), { silent: true, query: "fieldManager=maker" });
      await story.patch("merge", "configmaps/a", { data: { x: null, z: "3" } }, { query: "fieldManager=patcher" });
      await story.patch("merge", "configmaps/a", { data: null });
      await story.patch("merge", "configmaps/a", "[]");
      await story.patch("merge", "configmaps/a", "{");
      await story.patch("merge", "configmaps/a", { data: { x: 1 } });
      await story.patch("merge", "configmaps/a", { kind: "Secret" });
    },
  },
  {
    title: "JSON patches",
    play: async (story) => {
      await story.post("configmaps", configMap("a", { x: "1" }), { silent: true });
      await story.patch("json", "configmaps/a", [
        { op: "add", path: "/data/y", value: "2" },
        { op: "replace", path: "/data/x", value: "3" },
        { op: "test", path: "/data/x", value: "3" },
      ]);
      await story.patch("json", "configmaps/a", [
        { op: "copy", from: "/data/x", path: "/data/z" },
        { op: "move", from: "/data/y", path: "/data/a~1b" },
      ]);
      await story.patch("json", "configmaps/a", [{ op: "remove", path: "/data/none" }]);
      await story.patch("json", "configmaps/a", [{ op: "test", path: "/data/x", value: "no" }]);
      await story.patch("json", "configmaps/a", [{ op: "replace", path: "/none/x", value: "1" }]);
      await story.patch("json", "configmaps/a", [{ op: "what", path: "/data/x" }]);
      await story.patch("json", "configmaps/a", { op: "add" });
      await story.patch("json", "configmaps/a", [{ op: "replace", path: "/metadata/name", value: "b" }]);
    },
  },
  {
    title: "strategic merge patches",
    play: async (story) => {
      await story.post(
        "apps/v1:deployments",
        deployment([
          { name: "a", image: "nginx", env: [{ name: "X", value: "1" }] },
          { name: "b", image: "busybox" },
        ]),
        { silent: true },
      );
      const containers = async (patch: object): Promise<void> => {
        const { code, body } = await story.patch("strategic-merge", "apps/v1:deployments/a", patch, { silent: true });
        const show = ({ name, image, env, args }: { name: string; image: string; env: object; args: object }) => ({ name, image, env, args });
        story.note(code === 200 ? JSON.stringify(body.spec.template.spec.containers.map(show)) : `${code} ${body.message}`);
      };
      const inPod = (list: readonly object[], more: object = {}) => ({ spec: { template: { spec: { containers: list, ...more } } } });
      await containers(inPod([{ name: "a", env: [{ name: "Y", value: "2" }] }]));
      await containers(inPod([{ name: "c", image: "redis", args: ["1", "2"] }]));
      await containers(inPod([{ name: "c", args: ["3"] }]));
      await containers(inPod([{ name: "b", $patch: "delete" }]));
      await containers(inPod([{ name: "a", env: [{ $patch: "replace" }, { name: "Z", value: "9" }] }]));
      await containers(inPod([], { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }] }));
      await containers(inPod([{ image: "x" }]));
      await containers({ spec: { template: { spec: { containers: [{ $patch: "replace" }, { name: "only", image: "x" }] } } } });
    },
  },
  {
    title: "content types that are no patch",
    play: async (story) => {
      await story.post("configmaps", configMap("a"), { silent: true });
      await story.patch("merge", "configmaps/a", {}, { contentType: "application/json" });
      const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
      await story.patch("strategic-merge", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/none", definition);
    },
  },
];
