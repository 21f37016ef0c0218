import { resolvePath, rootedPath } from "@sluice/engine/build/folders.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { readResources } from "@sluice/engine/build/kustomize/resource/read-resources.ts";
import { makeOverlay, type OverlaySpec } from "@sluice/engine/build/overlay.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { describe, expect, it } from "vitest";

const treeOf = (files: Record<string, string>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
const MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

function overlay(files: Record<string, string>, spec: OverlaySpec = {}, path = "app"): unknown {
  const made = makeOverlay(filesOfTree(treeOf(files)), path, spec, readResources);
  if (!made.ok) return made.problem.message;
  const { apiVersion, kind, ...rest } = made.value.kustomization;
  return { file: made.value.file, kind, version: String(apiVersion).split("/")[1], ...rest };
}

const ENTRY = { file: "app/kustomization.yaml", kind: "Kustomization", version: "v1beta1" };
const entry = (text: string): Record<string, string> => ({ "app/kustomization.yaml": text });

describe("the entry", () => {
  it.each<[string, string, OverlaySpec, object]>([
    ["keeps what it lists", "resources: [a.yaml]\nnamePrefix: x-", {}, { resources: ["a.yaml"], namePrefix: "x-" }],
    [
      "drops unknown fields and empty values",
      "resources: [a.yaml]\nnope: 1\npatches: []\nnamespace: ''\ncommonLabels: {}\ncrds: null",
      {},
      { resources: ["a.yaml"] },
    ],
    ["knows fields in any case", "ReSources: [a.yaml]\nNAMEPREFIX: x-", {}, { resources: ["a.yaml"], namePrefix: "x-" }],
    ["is empty", "", {}, { buildMetadata: ["originAnnotations"] }],
    ["has only bases", "bases: [../b]", {}, { bases: ["../b"], buildMetadata: ["originAnnotations"] }],
    [
      "turns numbers into text",
      "resources: [a.yaml]\nimages: [{name: a, newTag: 1.10}]\nreplicas: [{name: w, count: 2}]\nlabels: [{pairs: {v: 1}, includeSelectors: true}]",
      {},
      {
        resources: ["a.yaml"],
        images: [{ name: "a", newTag: "1.1" }],
        replicas: [{ name: "w", count: 2 }],
        labels: [{ pairs: { v: "1" }, includeSelectors: true }],
      },
    ],
    [
      "is a component",
      "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a]",
      {},
      { kind: "Component", version: "v1alpha1", resources: ["a"] },
    ],
    [
      "is overwritten by the spec",
      "resources: [a]\nnamespace: x\nnamePrefix: a-\nnameSuffix: -b",
      { targetNamespace: "t", namePrefix: "p-", nameSuffix: "-s" },
      { resources: ["a"], namespace: "t", namePrefix: "p-", nameSuffix: "-s" },
    ],
    [
      "gets the spec's patches behind its own",
      "resources: [a]\npatches: [{path: p.yaml}]",
      { patches: [{ patch: "x", target: { kind: "A", name: undefined } }, { patch: "" }] },
      { resources: ["a"], patches: [{ path: "p.yaml" }, { patch: "x", target: { kind: "A" } }, {}] },
    ],
    [
      "is told its build metadata",
      "resources: [a]\nbuildMetadata: [managedByLabel]",
      { buildMetadata: ["originAnnotations"] },
      { resources: ["a"], buildMetadata: ["originAnnotations"] },
    ],
    [
      "merges images by name",
      "resources: [a]\nimages: [{name: a, newName: new, newTag: '1'}, {name: b, digest: d}, {name: c, newTag: '1'}]",
      {
        images: [
          { name: "a", newTag: "2" },
          { name: "b", newTag: "3" },
          { name: "c", newName: "x" },
          { name: "d", digest: "e" },
        ],
      },
      {
        resources: ["a"],
        images: [
          { name: "a", newName: "new", newTag: "2" },
          { name: "b", newTag: "3" },
          { name: "c", newName: "x", newTag: "1" },
          { name: "d", digest: "e" },
        ],
      },
    ],
    ["keeps an order of its own", "resources: [a]\nsortOptions: {order: legacy}", {}, { resources: ["a"], sortOptions: { order: "legacy" } }],
    [
      "gets the namespace into charts, which are refused later",
      "helmCharts: [{name: a}, {name: b, namespace: c}]",
      { targetNamespace: "t" },
      {
        helmCharts: [
          { name: "a", namespace: "t" },
          { name: "b", namespace: "c" },
        ],
        namespace: "t",
        buildMetadata: ["originAnnotations"],
      },
    ],
    ["gets components", "resources: [a]\ncomponents: [c]", { components: ["../part"] }, { resources: ["a"], components: ["c", "../part"] }],
    [
      "passes over missing components",
      "resources: [a]",
      { components: ["../none", "../app"], ignoreMissingComponents: true },
      { resources: ["a"], components: ["../app"] },
    ],
  ])("%s", (_, text, spec, want) => expect(overlay(entry(text), spec)).toEqual({ ...ENTRY, ...want }));

  it.each([
    "/abs",
    "https://example.com/x",
    "SSH://host/x",
    "git::x",
    "git@host:x",
    "gh:a/b",
    "github.com/a/b",
    "file:///x",
  ])("refuses the component %s", (component) =>
    expect(overlay(entry("resources: [a]"), { components: [component] })).toBe(`component path '${component}' must be local and relative`));

  it.each([
    ["just words", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type types.Kustomization"],
    ["[a]", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type types.Kustomization"],
    [
      "resources: a",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string",
    ],
    [
      "resources: [{a: b}]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go struct field Kustomization.resources of type string",
    ],
    [
      "namePrefix: [a]",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field Kustomization.namePrefix of type string",
    ],
  ])("%s is an error", (text, problem) => expect(overlay(entry(text))).toBe(problem));

  it("that is no YAML is an error", () =>
    expect(overlay(entry("a: ["))).toBe("error converting YAML to JSON: yaml: line 1: did not find expected node content"));

  it.each([
    [
      "the first of three names",
      { "app/Kustomization": "namePrefix: c-", "app/kustomization.yml": "namePrefix: b-", "app/kustomization.yaml": "namePrefix: a-" },
      "app/kustomization.yaml",
    ],
    ["the second", { "app/Kustomization": "namePrefix: c-", "app/kustomization.yml": "namePrefix: b-" }, "app/kustomization.yml"],
    ["the third", { "app/Kustomization": "namePrefix: c-" }, "app/Kustomization"],
  ])("is %s", (_, files, file) => expect(overlay(files)).toMatchObject({ file }));
});

describe("a folder without kustomization", () => {
  it("is walked in the order of names; a folder with a kustomization counts as one", () =>
    expect(
      overlay({
        "app/b.yml": MANIFEST,
        "app/a/z.yaml": MANIFEST,
        "app/a.yaml": MANIFEST,
        "app/n/kustomization.yml": "not: looked at",
        "app/n/x.yaml": "[",
        "app/.h.yaml": "",
        "app/c.json": "{",
        "app/d.YAML": "{",
        "other/x.yaml": "[",
      }),
    ).toEqual({ ...ENTRY, resources: ["./.h.yaml", "./a/z.yaml", "./a.yaml", "./b.yml", "./n"] }));

  it("at the root of the repository", () =>
    expect(overlay({ "b/a.yaml": MANIFEST }, {}, "")).toEqual({ ...ENTRY, file: "kustomization.yaml", resources: ["./b/a.yaml"] }));

  it("with nothing to take is a placeholder", () => expect(overlay({ "app/README.md": "x" })).toEqual({ ...ENTRY, namespace: "_placeholder" }));

  it.each([
    ["words", "missing Resource metadata"],
    ["a: b", "missing Resource metadata"],
    ["- a", "missing Resource metadata"],
    ["kind: A", "missing metadata.name in object {{ A} {{ } map[] map[]}}"],
    ["apiVersion: v1\nmetadata: {name: a, namespace: ns, labels: {z: '2', x: '1'}}", "missing kind in object {{v1 } {{a ns} map[x:1 z:2] map[]}}"],
    [`${MANIFEST}---\nkind: B\n`, "missing metadata.name in object {{ B} {{ } map[] map[]}}"],
    ["kind: AList\nitems: [{kind: C}]", "missing metadata.name in object {{ C} {{ } map[] map[]}}"],
    ["a: [", "MalformedYAMLError: yaml: line 1: did not find expected node content"],
  ])("refuses %j", (text, why) =>
    expect(overlay({ "app/x.yaml": text })).toBe(`failed to decode Kubernetes YAML from /tmp/kustomization-0/app/x.yaml: ${why}`));

  it.each(["", "# words", "---\n---\n", "{}", "kind: AList", MANIFEST])("takes %j", (text) =>
    expect(overlay({ "app/x.yaml": text })).toEqual({ ...ENTRY, resources: ["./x.yaml"] }));
});

describe("paths", () => {
  it.each([
    ["", ""],
    ["./", ""],
    ["/app/", "app"],
    ["./nowhere/../app", "app"],
    ["../../app", "app"],
    ["a//b", "a/b"],
  ])("spec.path %j is %j", (path, want) => expect(rootedPath(path)).toBe(want));

  it.each([
    ["app", "../x", "x"],
    ["app", "../../x", "../x"],
    ["", "..", ".."],
    ["app", ".", "app"],
    ["app", "..", ""],
  ])("%j + %j is %j", (folder, path, want) => expect(resolvePath(folder, path)).toBe(want));
});
