import { configurePlugin } from "@sluice/engine/build/kustomize/plugin/configure-plugin.ts";
import type { PluginRun } from "@sluice/engine/build/kustomize/plugin/load-plugins.ts";
import { nameOf, newResource } from "@sluice/engine/build/kustomize/resource/resource.ts";
import type { Node } from "@sluice/engine/build/node/node.ts";
import { expect, it } from "vitest";
import { loaderOf } from "../generate/loader-of.ts";

const run: PluginRun = {
  file: "app/kustomization.yaml",
  loader: loaderOf({}),
  readResources: () => ({ ok: true, value: [] }),
  schema: { isNamespaced: () => true, of: () => undefined },
};
const fieldSpecs: Node = [{ path: "metadata/name" }];

it.each<[string, { readonly [field: string]: Node }, string]>([
  ["AnnotationsTransformer", {}, "transform"],
  ["ConfigMapGenerator", { name: "a", literals: ["a=1"] }, "generate ConfigMap/a"],
  ["HashTransformer", {}, "transform"],
  ["HelmChartInflationGenerator", {}, "must specify --enable-helm"],
  ["IAMPolicyGenerator", { cloud: "gke", kubernetesService: { name: "k" }, serviceAccount: { name: "s", projectId: "p" } }, "generate ServiceAccount/k"],
  ["ImageTagTransformer", {}, "transform"],
  ["LabelTransformer", {}, "transform"],
  ["NamespaceTransformer", {}, "transform"],
  ["PatchJson6902Transformer", { target: { name: "a" } }, "empty file path and empty jsonOp"],
  ["PatchStrategicMergeTransformer", {}, "empty file path and empty patch content"],
  ["PatchTransformer", {}, "must specify one of patch and path in\napiVersion: builtin\nkind: PatchTransformer\nmetadata:\n  name: cfg\n"],
  ["PrefixTransformer", { fieldSpecs }, "transform"],
  ["SuffixTransformer", { fieldSpecs }, "transform"],
  ["PrefixSuffixTransformer", { prefix: "a-", suffix: "-b", fieldSpecs }, "transform"],
  ["PrefixSuffixTransformer", { prefix: "a-" }, "fieldSpecs is not expected to be nil"],
  ["ReplacementTransformer", {}, "transform"],
  ["ReplicaCountTransformer", {}, "transform"],
  ["SecretGenerator", { name: "s" }, "generate Secret/s"],
  ["ValueAddTransformer", {}, "must specify at least one target"],
  ["SortOrderTransformer", {}, "nothing"],
  ["constructor", {}, "nothing"],
])("%s %j", (kind, fields, want) => {
  const plugin = configurePlugin(kind, newResource({ apiVersion: "builtin", kind, metadata: { name: "cfg" }, ...fields }), run);
  if (plugin === undefined) return expect(want).toBe("nothing");
  if (!plugin.ok) return expect(plugin.problem.message).toBe(want);
  const { generate, transform } = plugin.value;
  const made = generate?.();
  const generated = made?.ok === true ? made.value.map(({ node: { kind: what, metadata } }) => `generate ${what}/${Object(metadata).name}`).join() : "";
  expect(generated || (transform && "transform")).toBe(want);
});

it("puts a prefix before and a suffix behind", () => {
  const config = newResource({ kind: "PrefixSuffixTransformer", prefix: "a-", suffix: "-b", fieldSpecs });
  const plugin = configurePlugin("PrefixSuffixTransformer", config, run);
  const changed =
    plugin?.ok === true ? plugin.value.transform?.([newResource({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } })], run.schema) : undefined;
  expect(changed?.ok === true && changed.value[0] && nameOf(changed.value[0])).toBe("a-x-b");
});
