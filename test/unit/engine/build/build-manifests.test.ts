// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Flux and of the recordings, not of JavaScript
import { type BuildSpec, buildManifests } from "@sluice/engine/build/build-manifests.ts";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { mergeVariables } from "@sluice/engine/build/variables.ts";
import { placeText } from "@sluice/engine/domain/place.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { describe, expect, it } from "vitest";

const treeOf = (files: { readonly [path: string]: string }): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
/** A folder whose kustomization lists one file with this text. */
const listing = (yaml: string, folder = ""): Tree => treeOf({ [`${folder}kustomization.yaml`]: "resources: [a.yaml]", [`${folder}a.yaml`]: yaml });
const kustomizer = createKustomizer();

const document = (name: string, value: string, more = ""): string =>
  `apiVersion: v1\ndata:\n  k: ${value}\nkind: ConfigMap\nmetadata:\n${more}  name: ${name}\n`;
const DISABLED = "  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n";

async function build(yaml: string, substitute?: Record<string, string>, spec: BuildSpec = {}, strict = true) {
  const postBuild = substitute === undefined ? {} : { postBuild: {} };
  return buildManifests(
    { files: filesOfTree(listing(yaml, "app/")), kustomization: { path: "app", ...postBuild, ...spec }, variables: mergeVariables([], substitute), strict },
    kustomizer,
  );
}

describe("where to build", () => {
  it.each([
    ["none", "path-missing", "kustomization path not found: stat /tmp/kustomization-0/none: no such file or directory"],
    ["app/a.yaml/x", "path-missing", "kustomization path not found: stat /tmp/kustomization-0/app/a.yaml/x: not a directory"],
    [
      "app/a.yaml",
      "failed",
      "open /tmp/kustomization-0/app/a.yaml/kustomization.yaml: not a directory remove /tmp/kustomization-0/app/a.yaml/kustomization.yaml: not a directory",
    ],
  ])("%s: %s", async (path, kind, message) => {
    expect(buildManifests({ files: filesOfTree(treeOf({ "app/a.yaml": "" })), kustomization: { path }, variables: undefined }, kustomizer)).toEqual({
      kind,
      message,
    });
  });

  it.each(["", undefined, "./", "empty", "../app"])("%j is there", async (path) => {
    expect(buildManifests({ files: filesOfTree(treeOf({ "app/a.yaml": "" }), ["empty"]), kustomization: { path }, variables: undefined }, kustomizer)).toEqual({
      kind: "built",
      manifests: [],
      yaml: "",
      read: expect.any(Array),
      missed: expect.any(Array),
    });
  });
});

describe("what is built", () => {
  it("keeps the text of kustomize where nothing is substituted", async () => {
    const yaml = `${document("a", "x")}---\n${document("b", "${x}")}`;
    expect(await build(yaml.replace("k: x", "k: 'x' # note"))).toMatchObject({
      kind: "built",
      yaml,
      manifests: [{ metadata: { name: "a" } }, { data: { k: "${x}" } }],
    });
  });

  it.each<[string, string, Record<string, string>, BuildSpec, string]>([
    ["a variable", document("a", "${x}"), { x: "v" }, {}, document("a", "v")],
    ["a type", document("a", "${x}"), { x: "5" }, {}, document("a", "5")],
    ["text that would be a number, which is quoted again", document("a", "${x}"), { x: '"5"' }, {}, document("a", '"5"')],
    ["nothing without variables", document("a", "${x:=d}"), {}, {}, document("a", "${x:=d}")],
    ["defaults always, if so wanted", document("a", "${x:=d}"), {}, { postBuild: { substituteStrategy: "Always" } }, document("a", "d")],
    ["not what is left alone", document("a", "${x}", DISABLED), { x: "v" }, {}, document("a", "${x}", DISABLED)],
    ["doubled dollars wherever it runs", document("a", "$$ $${x}"), { y: "" }, {}, document("a", "$ ${x}")],
    ["names", document("${x}", "v"), { x: "new" }, {}, document("new", "v")],
  ])("substitutes %s", async (_, yaml, substitute, spec, want) => {
    expect(await build(yaml, substitute, spec)).toMatchObject({ kind: "built", yaml: want });
  });

  it("lets an object vanish whose name becomes empty", async () => {
    expect(await build(document("${x}", "v"), { x: "" })).toMatchObject({ kind: "built", manifests: [] });
  });

  it.each<[string, string, Record<string, string> | undefined, string]>([
    [
      "a variable that is not set",
      document("a", "${y}"),
      { x: "" },
      "post build failed for 'ConfigMap.v1.[noGrp]/a': envsubst error: variable substitution failed: variable not set (strict mode): \"y\"",
    ],
    ["two objects that get one id", `${document("a", "1")}---\n${document("${x}", "2")}`, { x: "a" }, "in Replace: id matched 2 resources"],
    [
      "two objects that get one id, the later one being first",
      `${document("${x}", "1")}---\n${document("a", "2")}`,
      { x: "a" },
      "in Replace: id matched 2 resources",
    ],
    [
      "an object without apiVersion",
      "kind: ConfigMap\nmetadata:\n  name: a\n",
      undefined,
      'failed to decode Kubernetes apiVersion, kind and name from: {"kind":"ConfigMap","metadata":{"name":"a"}}',
    ],
    [
      "a Secret without apiVersion, whose values nobody sees",
      "data:\n  k: Y2FuYXJ5\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  k: canary\n",
      undefined,
      'failed to decode Kubernetes apiVersion, kind and name from: {"data":"***","kind":"Secret","metadata":{"name":"a"},"stringData":"***"}',
    ],
  ])("fails over %s", async (_, yaml, substitute, message) => expect(await build(yaml, substitute)).toMatchObject({ kind: "failed", message }));

  it.each<[string, { readonly [path: string]: string }, BuildSpec, string]>([
    [
      "a file, by its lines as somebody wrote them",
      { "app/kustomization.yaml": "# note\n\nresources:\n\n  - none.yaml\n" },
      {},
      "app/kustomization.yaml:5 (resources[0])",
    ],
    [
      "a base",
      { "app/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "images:\n- nme: a\n" },
      {},
      "b/kustomization.yaml:2 (images[0].nme)",
    ],
    ["what kustomize would not read", { "app/kustomization.yaml": "resources: []\n\nimages: {}\n" }, {}, "app/kustomization.yaml:3 (images)"],
    ["no YAML", { "app/kustomization.yaml": "resources: []\nimages: [\n" }, {}, "app/kustomization.yaml:3"],
    [
      "a patch of the file, and not of the spec",
      { "app/kustomization.yaml": `patches:\n- patch: no\n` },
      { patches: [{ patch: "{}" }] },
      "app/kustomization.yaml:2 (patches[0].patch)",
    ],
    ["nothing: a patch of the spec", { "app/kustomization.yaml": "patches: []\n" }, { patches: [{ patch: "no" }] }, ""],
    ["nothing: a prefix of the spec", { "app/kustomization.yaml": "resources: []\n" }, { components: ["../none"] }, ""],
    ["a folder without kustomization", { "app/a.yaml": "apiVersion: v1\n---\nkind: [\n" }, {}, "app/a.yaml:4"],
    ["an object in such a folder", { "app/a.yaml": document("a", "1"), "app/b.yaml": `---\n${document("a", "2")}` }, {}, "app/b.yaml:2"],
    ["a variable that is not set", { "app/a.yaml": `# about\n${document("a", "${x}")}` }, { postBuild: { substituteStrategy: "Always" } }, "app/a.yaml:4"],
    ["an object without apiVersion", { "app/a.yaml": `${document("a", "1")}---\nkind: ConfigMap\nmetadata: {name: b}\n` }, {}, "app/a.yaml:8"],
  ])("names the place of %s", (_, files, spec, want) => {
    const built = buildManifests({ files: filesOfTree(treeOf(files)), kustomization: { path: "app", ...spec }, variables: mergeVariables([]) }, kustomizer);
    expect(built.kind).toBe("failed");
    expect(built.kind === "failed" && built.at !== undefined ? placeText(built.at) : "").toBe(want);
  });

  it("takes variables that are not set as empty where it is not strict", async () => {
    expect(await build(document("a", "<${y}>"), { x: "" }, {}, false)).toMatchObject({ kind: "built", yaml: document("a", "<>") });
  });

  it("lets the first object that is substituted say why there are no variables", async () => {
    const variables = mergeVariables([{ kind: "Secret", name: "s", optional: false, answer: { kind: "absent", message: "gone" } }]);
    const input = { kustomization: { postBuild: {} }, variables };
    const yaml = `${document("a", "1", DISABLED)}---\n${document("b", "2")}`;
    expect(buildManifests({ ...input, files: filesOfTree(listing(yaml)) }, kustomizer)).toEqual({
      kind: "failed",
      message: "post build failed for 'ConfigMap.v1.[noGrp]/b': substitute from 'Secret/s' error: gone",
    });
    expect(buildManifests({ ...input, files: filesOfTree(listing(document("a", "1", DISABLED))) }, kustomizer)).toMatchObject({ kind: "built" });
  });

  it("puts Flux's words before those of kustomize", () => {
    expect(buildManifests({ files: filesOfTree(listing("a: b")), kustomization: {}, variables: undefined }, kustomizer)).toMatchObject({
      kind: "failed",
      message:
        "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'a.yaml': missing Resource metadata': must build at directory: '/tmp/kustomization-0/a.yaml': file is not directory",
    });
  });

  it("reads nothing outside of the tree", () => {
    const tree = treeOf({ "kustomization.yaml": "crds: [../../../x]" });
    expect(buildManifests({ files: filesOfTree(tree), kustomization: {}, variables: undefined }, kustomizer)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("fs-security-constraint read /x"),
    });
  });
});
