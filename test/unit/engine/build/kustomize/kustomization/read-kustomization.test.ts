import { readKustomization, readLoosely } from "@sluice/engine/build/kustomize/kustomization/read-kustomization.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

/** What kustomize api 0.21.1 says, by its own library. */
describe("a kustomization file that is refused", () => {
  it.each<[string, string]>([
    ["kind: 1", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.TypeMeta.kind of type string"],
    ["kind: Foo\nresources: [a]", "Failed to read kustomization file under /app:\nkind should be Kustomization or Component"],
    [
      "kind: Component\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [a]",
      "Failed to read kustomization file under /app:\napiVersion for Component should be kustomize.config.k8s.io/v1alpha1",
    ],
    [
      "kind: Foo\napiVersion: v9\nresources: [a]",
      "Failed to read kustomization file under /app:\nkind should be Kustomization or Component\napiVersion for Foo should be kustomize.config.k8s.io/v1beta1",
    ],
    [
      "apiVersion: yes\nresources: [a]",
      "invalid Kustomization: json: cannot unmarshal bool into Go struct field Kustomization.TypeMeta.apiVersion of type string",
    ],
    ["", "kustomization.yaml is empty"],
    ["# nothing", "kustomization.yaml is empty"],
    ["{}", "kustomization.yaml is empty"],
    ["kind: Kustomization", "kustomization.yaml is empty"],
    ["null", "kustomization.yaml is empty"],
    ["resources: null", "kustomization.yaml is empty"],
    ["bases: []", "kustomization.yaml is empty"],
    ["imageTags: []", "kustomization.yaml is empty"],
    ["helmChartInflationGenerator: []", "kustomization.yaml is empty"],
    ["namePrefix: ''", "kustomization.yaml is empty"],
    ["- a", "invalid Kustomization: json: cannot unmarshal array into Go value of type types.Kustomization"],
    ["just text", "invalid Kustomization: json: cannot unmarshal string into Go value of type types.Kustomization"],
    ["7", "invalid Kustomization: json: cannot unmarshal number into Go value of type types.Kustomization"],
    ["true", "invalid Kustomization: json: cannot unmarshal bool into Go value of type types.Kustomization"],
    ["unknown: 1", 'invalid Kustomization: json: unknown field "unknown"'],
    ["résumé: 1", 'invalid Kustomization: json: unknown field "résumé"'],
    ['"a\\"b": 1', 'invalid Kustomization: json: unknown field "a\\"b"'],
    ["resources: []\nzzz: 1", 'invalid Kustomization: json: unknown field "zzz"'],
    ["zzz: 1\nresources: 3", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.resources of type []string"],
    ["resources: a", "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string"],
    ["resources: [1]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.resources of type string"],
    ["resources: [true]", "invalid Kustomization: json: cannot unmarshal bool into Go struct field Kustomization.resources of type string"],
    ["resources: [[a]]", "invalid Kustomization: json: cannot unmarshal array into Go struct field Kustomization.resources of type string"],
    ["resources: [{a: b}]", "invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.resources of type string"],
    ["resources: {a: b}", "invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.resources of type []string"],
    ["namePrefix: 12", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.namePrefix of type string"],
    ["namePrefix: [a]", "invalid Kustomization: json: cannot unmarshal array into Go struct field Kustomization.namePrefix of type string"],
    ["namespace: {a: b}", "invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.namespace of type string"],
    ["commonLabels: {a: 1}", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.commonLabels of type string"],
    ["commonLabels: [a]", "invalid Kustomization: json: cannot unmarshal array into Go struct field Kustomization.commonLabels of type map[string]string"],
    ["commonLabels: a", "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.commonLabels of type map[string]string"],
    ["openapi: {path: 1.5}", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.openapi of type string"],
    ["metadata: a", "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.metadata of type types.ObjectMeta"],
    ["metadata: {name: 1}", "invalid Kustomization: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"],
    ["metadata: {labels: {a: true}}", "invalid Kustomization: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string"],
    [
      "patchesStrategicMerge: [1]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.patchesStrategicMerge of type types.PatchStrategicMerge",
    ],
    [
      "patchesStrategicMerge: a",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.patchesStrategicMerge of type []types.PatchStrategicMerge",
    ],
    ["patches: [a]", "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.patches of type types.Patch"],
    ["patches: {path: a}", "invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.patches of type []types.Patch"],
    ["patches: [{path: 1}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Patch.patches.path of type string"],
    [
      "patches: [{target: {kind: 1}}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field Selector.patches.target.ResId.Gvk.kind of type string",
    ],
    [
      "patches: [{target: {labelSelector: 1}}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field Selector.patches.target.labelSelector of type string",
    ],
    ["patches: [{target: a}]", "invalid Kustomization: json: cannot unmarshal string into Go struct field Patch.patches.target of type types.Selector"],
    [
      "patches: [{options: {allowNameChange: 'yes'}}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field PatchArgs.patches.options.allowNameChange of type bool",
    ],
    ["patches: [{options: {other: true}}]", 'invalid Kustomization: json: unknown field "other"'],
    ["images: [{name: a, newTag: 1.0}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Image.images.newTag of type string"],
    ["images: [{newName: [a]}]", "invalid Kustomization: json: cannot unmarshal array into Go struct field Image.images.newName of type string"],
    ["replicas: [{name: a, count: '3'}]", "invalid Kustomization: json: cannot unmarshal string into Go struct field Replica.replicas.count of type int64"],
    ["replicas: [{count: 1.5}]", "invalid Kustomization: json: cannot unmarshal number 1.5 into Go struct field Replica.replicas.count of type int64"],
    ["replicas: [{count: 1e30}]", "invalid Kustomization: json: cannot unmarshal number 1e+30 into Go struct field Replica.replicas.count of type int64"],
    ["replicas: [{count: true}]", "invalid Kustomization: json: cannot unmarshal bool into Go struct field Replica.replicas.count of type int64"],
    [
      "replicas: [{count: 9223372036854775808}]",
      "invalid Kustomization: json: cannot unmarshal number 9223372036854775808 into Go struct field Replica.replicas.count of type int64",
    ],
    ["labels: [{pairs: {a: 1}}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Label.labels.pairs of type string"],
    ["labels: [{includeSelectors: 1}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Label.labels.includeSelectors of type bool"],
    [
      "labels: [{fields: [{kind: 1}]}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field FieldSpec.labels.fields.Gvk.kind of type string",
    ],
    [
      "labels: [{fields: [{path: 1}]}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field FieldSpec.labels.fields.path of type string",
    ],
    ["labels: [{fields: a}]", "invalid Kustomization: json: cannot unmarshal string into Go struct field Label.labels.fields of type []types.FieldSpec"],
    [
      "configMapGenerator: [{literals: a}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field ConfigMapArgs.configMapGenerator.GeneratorArgs.KvPairSources.literals of type []string",
    ],
    [
      "configMapGenerator: [{literals: [1]}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field ConfigMapArgs.configMapGenerator.GeneratorArgs.KvPairSources.literals of type string",
    ],
    ["configMapGenerator: [{type: a}]", 'invalid Kustomization: json: unknown field "type"'],
    [
      "secretGenerator: [{type: 1}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field SecretArgs.secretGenerator.type of type string",
    ],
    [
      "secretGenerator: [{behavior: 1}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field SecretArgs.secretGenerator.GeneratorArgs.behavior of type string",
    ],
    [
      "configMapGenerator: [{options: {immutable: 'true'}}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field GeneratorOptions.configMapGenerator.GeneratorArgs.options.immutable of type bool",
    ],
    [
      "configMapGenerator: [{options: {labels: {a: 1}}}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field GeneratorOptions.configMapGenerator.GeneratorArgs.options.labels of type string",
    ],
    [
      "configMapGenerator: a",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.configMapGenerator of type []types.ConfigMapArgs",
    ],
    [
      "generatorOptions: {disableNameSuffixHash: 1}",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field GeneratorOptions.generatorOptions.disableNameSuffixHash of type bool",
    ],
    [
      "generatorOptions: []",
      "invalid Kustomization: json: cannot unmarshal array into Go struct field Kustomization.generatorOptions of type types.GeneratorOptions",
    ],
    [
      "replacements: [{source: {kind: 1}}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field SourceSelector.replacements.Replacement.source.ResId.Gvk.kind of type string",
    ],
    [
      "replacements: [{source: {options: {index: a}}}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field FieldOptions.replacements.Replacement.source.options.index of type int",
    ],
    [
      "replacements: [{targets: [{select: {name: 1}}]}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field Selector.replacements.Replacement.targets.select.ResId.name of type string",
    ],
    [
      "replacements: [{targets: [{reject: [a]}]}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field TargetSelector.replacements.Replacement.targets.reject of type types.Selector",
    ],
    [
      "replacements: [{targets: a}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field ReplacementField.replacements.Replacement.targets of type []*types.TargetSelector",
    ],
    [
      "replacements: [{sourceValue: 1}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field ReplacementField.replacements.Replacement.sourceValue of type string",
    ],
    [
      "replacements: [{path: 1}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field ReplacementField.replacements.path of type string",
    ],
    [
      "replacements: [{source: {options: {index: 1.5}}}]",
      "invalid Kustomization: json: cannot unmarshal number 1.5 into Go struct field FieldOptions.replacements.Replacement.source.options.index of type int",
    ],
    ["vars: [{name: 1}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Var.vars.name of type string"],
    ["vars: [{objref: {kind: 1}}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Target.vars.objref.Gvk.kind of type string"],
    ["vars: [{objref: {name: 1}}]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Target.vars.objref.name of type string"],
    [
      "vars: [{fieldref: {fieldPath: 1}}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field FieldSelector.vars.fieldref.fieldPath of type string",
    ],
    ["vars: [{fieldref: {fieldpath: a, other: b}}]", 'invalid Kustomization: json: unknown field "other"'],
    [
      "sortOptions: {order: 1}",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field SortOptions.sortOptions.order of type types.SortOrder",
    ],
    [
      "sortOptions: {legacySortOptions: {orderFirst: a}}",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field LegacySortOptions.sortOptions.legacySortOptions.orderFirst of type []string",
    ],
    ["sortOptions: a", "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.sortOptions of type types.SortOptions"],
    [
      "helmCharts: [{valuesInline: a}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field HelmChart.helmCharts.valuesInline of type map[string]interface {}",
    ],
    [
      "helmCharts: [{includeCRDs: a}]",
      "invalid Kustomization: json: cannot unmarshal string into Go struct field HelmChart.helmCharts.includeCRDs of type bool",
    ],
    [
      "helmGlobals: {chartHome: 1}",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field HelmGlobals.helmGlobals.chartHome of type string",
    ],
    [
      "helmChartInflationGenerator: [{extraArgs: [1]}]",
      "invalid Kustomization: json: cannot unmarshal number into Go struct field HelmChartArgs.helmChartInflationGenerator.extraArgs of type string",
    ],
    ["buildMetadata: {a: b}", "invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.buildMetadata of type []string"],
    ["Resources: [a]\nRESOURCES: 1", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.resources of type []string"],
    ["Resources: [1]\nresources: [a]", "invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.resources of type string"],
  ])("%j", (text, want) => {
    const read = readKustomization(text, "/app");
    expect(read.ok ? "accepted" : read.problem.message).toBe(want);
  });

  it.each<[string, string | undefined, number | undefined]>([
    ["patches:\n- path: a\n- target:\n    kind: 1", "patches[1].target.kind", 4],
    ["unknown: 1", "unknown", 1],
    ["kind: Foo\nresources: [a]", "kind", 1],
    ["apiVersion: v9\nresources: [a]", "apiVersion", 1],
    ["namePrefix: a\nkind: Foo\nresources: [a]", "kind", 2],
    ["# first\n\nresources:\n- a\n- 1", "resources[1]", 5],
    ["resources:\n- a\n  b: c: d", undefined, 3],
    ["- a", undefined, undefined],
  ])("says where: %j", (text, field, line) => {
    const read = readKustomization(text, "/app");
    expect(read.ok ? undefined : [read.problem.at?.field, read.problem.at?.line]).toEqual([field, line]);
  });

  it("says what is deprecated before it fails", () => {
    const read = readKustomization("bases: []", "/app");
    expect(read.ok ? [] : read.problem.warnings).toHaveLength(1);
  });
});

describe("a kustomization file", () => {
  it.each<[string, JsonObject]>([
    ["resources: []", { resources: [], kind: "Kustomization", apiVersion: "kustomize.config.k8s.io/v1beta1" }],
    ["kind: Component\nresources: [a]", { kind: "Component", apiVersion: "kustomize.config.k8s.io/v1alpha1" }],
    ["apiVersion: kustomize.config.k8s.io/v1beta1\nnamePrefix: a-", { namePrefix: "a-", kind: "Kustomization" }],
    ["metadata: {}", { resources: [] }],
    ["RESOURCES: [a]\nnamePREFIX: b", { resources: ["a"], namePrefix: "b" }],
    ["Resources: [a]\nresources: [b, c]", { resources: ["b", "c"] }],
    ["namePrefix: a\nnamePrefix: b", { namePrefix: "b" }],
    ["namePrefix: a\n---\nnamePrefix: b: c", { namePrefix: "a" }],
    ["resources: [a]\nbases: [b]", { resources: ["a", "b"] }],
    ["images: [{name: a, newTag: '1'}]\nimageTags: [{name: b}]", { images: [image("a", "1"), image("b", "")] }],
    ["vars: [{name: V, objref: {kind: Pod, name: p, apiVersion: v1}}]", { vars: [variable("")] }],
    ["vars: [{name: V, objref: {kind: Pod, name: p, apiVersion: v1}, fieldref: {fieldPath: spec.x}}]", { vars: [variable("spec.x")] }],
  ])("%j", (text, want) => {
    const read = readKustomization(text, "/app");
    expect(read.ok ? read.value.kustomization : read.problem.message).toMatchObject(want);
  });

  it("has the old field env of both generators behind envs", () => {
    const read = readKustomization("configMapGenerator: [{name: a, envs: [x], env: w}]\nsecretGenerator: [{name: b, env: z, type: t}]", "/app");
    const { configMapGenerator, secretGenerator } = read.ok ? read.value.kustomization : { configMapGenerator: [], secretGenerator: [] };
    expect([...configMapGenerator, ...secretGenerator].map(({ name, envs, type }) => [name, envs, type])).toEqual([
      ["a", ["x", "w"], ""],
      ["b", ["z"], "t"],
    ]);
  });

  it("keeps large counts", () => {
    const read = readKustomization("replicas: [{name: a, count: 9007199254740991}]", "/app");
    expect(read.ok ? read.value.kustomization.replicas : []).toEqual([{ name: "a", count: 9007199254740991n }]);
  });

  it.each<[string, readonly string[]]>([
    ["resources: [a]", []],
    [
      "vars: []\npatchesStrategicMerge: []\npatchesJson6902: []\nimageTags: []\ncommonLabels: {}\nbases: []\nresources: [a]",
      [
        "# Warning: 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
        "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
        "# Warning: 'imageTags' is deprecated. Please use 'images' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
        "# Warning: 'patchesJson6902' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
        "# Warning: 'patchesStrategicMerge' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
        "# Warning: 'vars' is deprecated. Please use 'replacements' instead. [EXPERIMENTAL] Run 'kustomize edit fix' to update your Kustomization automatically.",
      ],
    ],
    ["vars: null\nresources: [a]", []],
  ])("warns: %j", (text, want) => {
    const read = readKustomization(text, "/app");
    expect(read.ok ? read.value.warnings : read.problem.message).toEqual(want);
  });
});

const image = (name: string, newTag: string): JsonObject => ({ name, newTag, newName: "", tagSuffix: "", digest: "" });
const variable = (fieldPath: string): JsonObject => ({
  name: "V",
  objref: { apiVersion: "v1", group: "", version: "", kind: "Pod", name: "p", namespace: "" },
  fieldPath,
});

/** What sigs.k8s.io/yaml 1.6 makes of it, by its own library. */
describe("a kustomization file that Flux reads", () => {
  it.each<[string, string | JsonObject]>([
    ["kind: 1", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Kustomization.TypeMeta.kind of type string"],
    ["namePrefix: 12", { namePrefix: "12" }],
    ["namePrefix: true", { namePrefix: "true" }],
    ["namePrefix: 1.25", { namePrefix: "1.25" }],
    ["namePrefix: 0.1234567891", { namePrefix: "0.12345679" }],
    ["namePrefix: 1e-7", { namePrefix: "1e-07" }],
    ["namePrefix: 12345678901.5", { namePrefix: "1.2345679e+10" }],
    ["namePrefix: null", {}],
    ["commonLabels: {a: 1, b: true, c: null}", { commonLabels: { a: "1", b: "true", c: "" } }],
    ["resources: [1, true, a]", { resources: ["1", "true", "a"] }],
    [
      "resources: a",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string",
    ],
    ["unknown: 1\nresources: [a]", { resources: ["a"] }],
    ["patches: [{path: 1, other: 2, target: {labelSelector: 1}}]", { patches: [{ path: "1", target: { labelSelector: "1" } }] }],
    [
      "patches: [{target: {kind: 1}}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Selector.patches.target.ResId.Gvk.kind of type string",
    ],
    [
      "configMapGenerator: [{name: 1}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field ConfigMapArgs.configMapGenerator.GeneratorArgs.name of type string",
    ],
    [
      "configMapGenerator: [{name: a, options: {labels: {a: 1}}}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field GeneratorOptions.configMapGenerator.GeneratorArgs.options.labels of type string",
    ],
    ["metadata: {name: 1, labels: {a: 1}}", { metadata: { name: "1", labels: { a: "1" } } }],
    ["images: [{name: a, newTag: 1.5}]", { images: [{ name: "a", newTag: "1.5" }] }],
    ["replicas: [{name: 1, count: 3}]", { replicas: [{ name: "1", count: 3 }] }],
    [
      "replicas: [{name: a, count: '3'}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field Replica.replicas.count of type int64",
    ],
    [
      "replacements: [{sourceValue: 1}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field ReplacementField.replacements.Replacement.sourceValue of type string",
    ],
    ["replacements: [{path: 1}]", { replacements: [{ path: "1" }] }],
    ["vars: [{name: 1}]", { vars: [{ name: "1", objref: { name: "" }, fieldref: {} }] }],
    ["sortOptions: {order: 1}", { sortOptions: { order: "1" } }],
    ["", {}],
    ["- a", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type types.Kustomization"],
    ["resources: []\nlabels: []\nopenapi: {}\nnamespace: ''", {}],
    ["helmCharts: [{name: 1, valuesInline: {a: 1, b: 1.5}}]", { helmCharts: [{ name: "1", valuesInline: { a: 1, b: 1.5 } }] }],
    ["NAMEPREFIX: a\nnameprefix: b", { namePrefix: "b" }],
    ["Resources: [a, b]\nresources: [c]", { resources: ["c"] }],
    ["commonLabels: {a: x}\nCommonLabels: {b: y}", { commonLabels: { a: "x", b: "true" } }],
    ["Resources: [a]\nresources: null", {}],
    ["ſecretGenerator: [{name: a}]", { secretGenerator: [{ name: "a" }] }],
    ["buildMetadata: [~, a]", { buildMetadata: ["", "a"] }],
  ])("%j", (text, want) => {
    const read = readLoosely(text);
    expect(read.ok ? read.value : read.problem.message).toEqual(want);
  });
});
