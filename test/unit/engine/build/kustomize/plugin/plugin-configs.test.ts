import type { BuildProblem } from "@sluice/engine/build/kustomize/build-problem.ts";
import {
  annotationsConfig,
  configMapGeneratorConfig,
  iamPolicyConfig,
  imageConfig,
  labelsConfig,
  namespaceConfig,
  patchJson6902PluginConfig,
  patchPluginConfig,
  patchStrategicMergePluginConfig,
  prefixConfig,
  replacementPluginConfig,
  replicaConfig,
  secretGeneratorConfig,
  suffixConfig,
  valueAddConfig,
} from "@sluice/engine/build/kustomize/plugin/plugin-configs.ts";
import { type Node, scalar } from "@sluice/engine/build/node/node.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { expect, it } from "vitest";

const WHILE = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
const odd = { group: "", version: "", kind: "", path: "true", create: true };
const spec = { group: "", version: "", kind: "", path: "a/b", create: false };

/** Checked against kustomize api 0.21.1. */
it.each<[(config: Node) => Result<unknown, BuildProblem>, Node, string | object]>([
  [annotationsConfig, { annotations: { a: 1 }, fieldSpecs: [{ path: "a/b" }] }, { annotations: new Map([["a", "1"]]), fieldSpecs: [spec] }],
  [annotationsConfig, { annotations: "a" }, `${WHILE} string into Go struct field AnnotationsTransformerPlugin.annotations of type map[string]string`],
  [labelsConfig, { labels: { a: true }, apiVersion: "builtin", kind: "LabelTransformer" }, { labels: new Map([["a", "true"]]), fieldSpecs: [] }],
  [labelsConfig, { fieldSpecs: [{ kind: 1 }] }, `${WHILE} number into Go struct field FieldSpec.fieldSpecs.Gvk.kind of type string`],
  [imageConfig, { imageTag: { name: "a", newTag: 2 } }, { image: { name: "a", newTag: "2", newName: "", tagSuffix: "", digest: "" }, fieldSpecs: [] }],
  [replicaConfig, { replica: { name: "a", count: 3 } }, { replica: { name: "a", count: 3n }, fieldSpecs: [] }],
  [replicaConfig, { replica: { count: "3" } }, `${WHILE} string into Go struct field Replica.replica.count of type int64`],
  [prefixConfig, { prefix: "a-", fieldSpecs: [{ path: "a/b" }] }, { prefix: "a-", fieldSpecs: [spec] }],
  [prefixConfig, { prefix: "a-", fieldSpecs: [] }, { prefix: "a-", fieldSpecs: [] }],
  [prefixConfig, { prefix: "a-" }, "fieldSpecs is not expected to be nil"],
  [suffixConfig, { suffix: "-a", fieldSpecs: null }, "fieldSpecs is not expected to be nil"],
  [suffixConfig, { suffix: scalar("0644", 420), fieldSpecs: [null, { Path: "x", path: true, create: "yes" }] }, { suffix: "0644", fieldSpecs: [odd] }],
  [prefixConfig, { kind: "PrefixTransformer", prefix: { a: "b" } }, "yaml: unmarshal errors:\n  line 3: cannot unmarshal !!map into string"],
  [
    suffixConfig,
    { fieldSpecs: [{ kind: ["x"], create: "perhaps this" }, "text", 7, 1.5, true, []], suffix: [] },
    `yaml: unmarshal errors:
  line 2: cannot unmarshal !!str \`perhaps...\` into bool
  line 4: cannot unmarshal !!seq into string
  line 5: cannot unmarshal !!str \`text\` into types.FieldSpec
  line 6: cannot unmarshal !!int \`7\` into types.FieldSpec
  line 7: cannot unmarshal !!float \`1.5\` into types.FieldSpec
  line 8: cannot unmarshal !!bool \`true\` into types.FieldSpec
  line 9: cannot unmarshal !!seq into types.FieldSpec
  line 10: cannot unmarshal !!seq into string`,
  ],
  [prefixConfig, { fieldSpecs: { path: "a" } }, "yaml: unmarshal errors:\n  line 2: cannot unmarshal !!map into types.FsSlice"],
  [
    namespaceConfig,
    { metadata: { name: "x", namespace: "n" }, unsetOnly: true },
    { namespace: "n", unsetOnly: true, setRoleBindingSubjects: "defaultOnly", fieldSpecs: [] },
  ],
  [
    namespaceConfig,
    { setRoleBindingSubjects: 'a"' },
    'invalid value "a\\"" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"',
  ],
  [
    namespaceConfig,
    { unsetOnly: "x" },
    `unmarshalling NamespaceTransformer config: ${WHILE} string into Go struct field NamespaceTransformerPlugin.unsetOnly of type bool`,
  ],
  [
    configMapGeneratorConfig,
    { metadata: { name: "m", namespace: "n" }, literals: ["a=1"], env: "ignored" },
    { name: "m", namespace: "n", literals: ["a=1"], envs: [], files: [], type: "" },
  ],
  [configMapGeneratorConfig, { metadata: { name: "m" }, name: "own", namespace: "o", type: "x" }, { name: "own", namespace: "o", type: "" }],
  [
    configMapGeneratorConfig,
    { literals: [1] },
    `${WHILE} number into Go struct field ConfigMapGeneratorPlugin.ConfigMapArgs.GeneratorArgs.KvPairSources.literals of type string`,
  ],
  [secretGeneratorConfig, { metadata: { name: "m" }, type: "x", behavior: "merge" }, { name: "m", type: "x", behavior: "merge" }],
  [iamPolicyConfig, { cloud: "gke", kubernetesService: { name: "k" } }, { cloud: "gke", kubernetesService: { name: "k", namespace: "" } }],
  [
    iamPolicyConfig,
    { kubernetesService: { name: 1 } },
    `${WHILE} number into Go struct field KubernetesService.IAMPolicyGeneratorArgs.kubernetesService.name of type string`,
  ],
  [patchPluginConfig, { patch: "p", target: { labelSelector: 1 }, options: { allowNameChange: true } }, { patch: "p", target: { labelSelector: "1" } }],
  [patchPluginConfig, { target: { name: 1 } }, `${WHILE} number into Go struct field Selector.target.ResId.name of type string`],
  [patchJson6902PluginConfig, { jsonOp: "[]", target: { name: "a" } }, { patch: "[]", path: "", target: { name: "a" } }],
  [patchStrategicMergePluginConfig, { paths: ["a"], patches: "b" }, { paths: ["a"], patches: "b" }],
  [replacementPluginConfig, { replacements: [{ path: "a" }] }, [{ path: "a", source: undefined, targets: [] }]],
  [valueAddConfig, { value: 1, targets: [{ filePathPosition: "x" }] }, `${WHILE} string into Go struct field Target.targets.filePathPosition of type int`],
])("%o %j", (read, config, want) => {
  const decoded = read(config);
  if (typeof want === "string") expect(decoded.ok ? "accepted" : decoded.problem.message).toBe(want);
  else expect(decoded.ok ? decoded.value : decoded.problem.message).toMatchObject(want);
});
