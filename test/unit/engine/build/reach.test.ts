import { createFolders } from "@sluice/engine/build/folders.ts";
import { reachProblem } from "@sluice/engine/build/reach/reach.ts";
import { describe, expect, it } from "vitest";

const reach = (files: Record<string, string>): string | undefined => {
  const tree = new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
  return reachProblem(tree, createFolders(tree), "app");
};
const entry = (text: string, more: Record<string, string> = {}) => reach({ "app/kustomization.yaml": text, ...more });

const OUT = "../../../../etc/passwd";
const CONSTRAINT = "fs-security-constraint read /etc/passwd: path '/etc/passwd' is not in or below '/tmp/kustomization-0'";

describe("what a build may reach", () => {
  it.each([
    [
      "files beside it",
      "resources: [../shared/a.yaml]\npatches: [{path: ../p.yaml}]\nconfigMapGenerator: [{name: a, files: [k=../t.txt, t.txt], envs: [../e]}]",
    ],
    [
      "URLs that nobody opens",
      "commonAnnotations: {see: https://example.com}\npatches: [{patch: 'https://x'}]\nconfigMapGenerator: [{name: a, literals: [u=https://x/../../..]}]",
    ],
    ["inline plugins", 'transformers: ["{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: p}, prefix: a-}"]'],
    ["inline patches", "patchesStrategicMerge:\n- |\n  apiVersion: v1\n  kind: A\n  metadata: {name: ../../../x}"],
    ["missing files", "resources: [none.yaml]"],
    ["cycles", "resources: [../app, .]"],
  ])("%s", (_, text) => expect(entry(text)).toBeUndefined());

  it.each([
    [
      "resources",
      `resources: [${OUT}]`,
      `accumulating resources: accumulation err='accumulating resources from '${OUT}': ${CONSTRAINT}': must build at directory: not a valid directory: evalsymlink failure on '/etc/passwd' : lstat /etc/passwd: no such file or directory`,
    ],
    [
      "resources, absolute",
      "resources: [/etc/passwd]",
      `accumulating resources: accumulation err='accumulating resources from '/etc/passwd': ${CONSTRAINT}': new root '/etc/passwd' cannot be absolute`,
    ],
    ["bases", `bases: [${OUT}]`, /^accumulating resources: /],
    ["components", `components: [${OUT}]`, /^accumulating components: loader.New "must build at directory/],
    ["generator files", `configMapGenerator: [{name: a, files: [x, k=${OUT}]}]`, `loading KV pairs: file sources: [x k=${OUT}]: ${CONSTRAINT}`],
    ["environment files", `secretGenerator: [{name: a, envs: [${OUT}]}]`, `loading KV pairs: env source files: [${OUT}]: ${CONSTRAINT}`],
    ["one environment file", `secretGenerator: [{name: a, env: ${OUT}}]`, /^loading KV pairs: env source files/],
    ["patches", `patches: [{path: ${OUT}}]`, `${CONSTRAINT} (patches.path of app/kustomization.yaml)`],
    ["old patches", `patchesJson6902: [{path: ${OUT}}]`, `${CONSTRAINT} (patchesJson6902.path of app/kustomization.yaml)`],
    ["older patches", `patchesStrategicMerge: [${OUT}]`, `${CONSTRAINT} (patchesStrategicMerge of app/kustomization.yaml)`],
    ["patches in their oldest form", `patches: [${OUT}]`, `${CONSTRAINT} (patches of app/kustomization.yaml)`],
    ["replacements", `replacements: [{path: ${OUT}}]`, `${CONSTRAINT} (replacements.path of app/kustomization.yaml)`],
    ["crds", `crds: [${OUT}]`, `${CONSTRAINT} (crds of app/kustomization.yaml)`],
    ["configurations", `configurations: [${OUT}]`, `${CONSTRAINT} (configurations of app/kustomization.yaml)`],
    ["openapi", `openapi: {path: ${OUT}}`, `${CONSTRAINT} (openapi.path of app/kustomization.yaml)`],
    ["generators", `generators: [${OUT}]`, `${CONSTRAINT} (generators of app/kustomization.yaml)`],
    ["validators", `validators: [${OUT}]`, `${CONSTRAINT} (validators of app/kustomization.yaml)`],
    ["a field in another case", `RESOURCES: [${OUT}]`, /^accumulating resources: /],
    ["a field with a letter that folds", `re\u017fources: [${OUT}]`, /^accumulating resources: /],
    ["an alias", `x: &x [${OUT}]\nresources: *x`, /^accumulating resources: /],
    ["a map merged over a path", `patches: [{path: a, <<: {path: ${OUT}}}]`, /\(patches.path of/],
    ["a key twice", `crds: [a]\ncrds: [${OUT}]`, /\(crds of/],
    ["a merged map", `x: &x {path: ${OUT}}\npatches: [{<<: *x}]`, /\(patches.path of/],
    ["out and in again", "resources: [../../kustomization-0/app/a.yaml]", /^accumulating resources: /],
    ["inline plugins", `transformers: ["{kind: PatchTransformer, path: ${OUT}}"]`, `${CONSTRAINT} (PatchTransformer.path of app/kustomization.yaml)`],
    ["inline generators", `generators: ["{kind: ConfigMapGenerator, Files: [${OUT}]}"]`, /^loading KV pairs: file sources/],
    ["plugin replacements", `transformers: ["{kind: ReplacementTransformer, replacements: [{path: ${OUT}}]}"]`, /ReplacementTransformer.replacements.path/],
    ["plugin paths", `transformers: ["{kind: PatchStrategicMergeTransformer, paths: [${OUT}]}"]`, /PatchStrategicMergeTransformer.paths/],
  ])("not %s outside", (_, text, want) => expect(entry(text)).toMatch(want));

  it.each([
    ["https://example.com/x.yaml", "https://example.com/x.yaml"],
    ["HTTP://127.0.0.1:9001/x", "HTTP://127.0.0.1:9001/x"],
    ["https://user:canary@example.com/x?token=canary", "https://example.com/x"],
    ["git@github.com:a/b", "git@github.com:a/b"],
    ["github.com/a/b", "github.com/a/b"],
    ["ssh://git@host/a", "ssh://host/a"],
    ["git::https://h/x", "git::https://h/x"],
    ["a/b?ref=main", "a/b"],
    ["file:///etc/passwd", "file:///etc/passwd"],
  ])("not %s", (url, shown) =>
    expect(entry(`resources: ["${url}"]`)).toBe(`remote bases are not supported: resources of app/kustomization.yaml names '${shown}'`));

  it.each([
    ["a remote generator file", "configMapGenerator: [{name: a, files: ['k=https://h/x']}]", "configMapGenerator.files"],
    ["a remote patch", "patches: [{path: 'https://h/x'}]", "patches.path"],
    ["a remote crd", "crds: ['http://h/x']", "crds"],
  ])("not %s", (_, text, field) => expect(entry(text)).toContain(`remote bases are not supported: ${field} of app/kustomization.yaml`));

  it.each([
    ["a merge", "{kind: PatchTransformer, path: /etc/passwd, <<: {path: a}}"],
    ["a key twice", "{kind: PatchTransformer, path: a, path: /etc/passwd}"],
  ])("not an inline plugin with %s", (_, text) => expect(entry(`transformers: ['${text}']`)).toMatch(/^transformers of app\/kustomization.yaml: yaml: /));

  it("says through which folders it came", () =>
    expect(entry("resources: [../base]", { "base/kustomization.yml": `resources: [${OUT}]` })).toBe(
      `accumulating resources: accumulation err='accumulating resources from '../base': read /tmp/kustomization-0/base: is a directory': recursed accumulation of path '/tmp/kustomization-0/base': accumulating resources: accumulation err='accumulating resources from '${OUT}': ${CONSTRAINT}': must build at directory: not a valid directory: evalsymlink failure on '/etc/passwd' : lstat /etc/passwd: no such file or directory`,
    ));

  it.each<[string, Record<string, string>, RegExp]>([
    ["a nested file that is no YAML", { "base/kustomization.yaml": "a: [" }, /recursed accumulation of path .*invalid Kustomization: yaml: /],
    [
      "a nested file with a tag of its own",
      { "base/kustomization.yaml": "resources: [!!binary L2V0Yy9wYXNzd2Q=]" },
      /fs-security-constraint read \/etc\/passwd|'\/etc\/passwd'/,
    ],
    ["every document of a nested file", { "base/kustomization.yaml": `resources: []\n---\nresources: [${OUT}]` }, /fs-security-constraint/],
    ["both kustomization files", { "base/kustomization.yaml": "resources: []", "base/Kustomization": `crds: [${OUT}]` }, /fs-security-constraint/],
  ])("looks at %s", (_, files, want) => expect(entry("resources: [../base]", files)).toMatch(want));

  it.each<[string, Record<string, string>, RegExp]>([
    ["files", { plugin: `kind: PatchTransformer\npath: ${OUT}` }, /PatchTransformer.path/],
    ["folders", { "plugin/kustomization.yaml": "resources: [t.yaml]", "plugin/t.yaml": `kind: PatchTransformer\npath: ${OUT}` }, /PatchTransformer.path/],
    [
      "folders that would patch them",
      { "plugin/kustomization.yaml": "resources: [t.yaml]\npatches: []" },
      /field patches of plugin\/kustomization.yaml is not allowed/,
    ],
    ["files with a merge", { plugin: "kind: PatchTransformer\npath: /etc/passwd\n<<: {path: a}" }, /plugin: yaml: merge keys are not allowed here/],
    ["files that cannot be read", { plugin: "a: [" }, /transformers of app\/kustomization.yaml: plugin: yaml: /],
    ["lists of them", { plugin: `kind: List\nitems: [{kind: PatchTransformer, path: ${OUT}}]` }, /PatchTransformer.path/],
  ])("looks at plugins in %s", (_, files, want) => expect(entry("transformers: [../plugin]", files)).toMatch(want));
});
