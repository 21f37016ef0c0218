import { rootedPath } from "@sluice/engine/build/folders.ts";
import { includeTree } from "@sluice/engine/source/include.ts";
import { sparseTree } from "@sluice/engine/source/sparse.ts";
import { isApiVersion, segmentProblem } from "@sluice/platform/kubernetes/paths.ts";
import { describe, expect, it } from "vitest";
import { builtText, treeOf } from "./trees.ts";

const OUT = "../../../../../../../../../../etc/passwd";
const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const generator = `configMapGenerator: [{name: x, files: [${OUT}]}]\n`;
const plugin = (last: string): string => `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\n${last}files: [${OUT}]\n`;
const nested = (text: string | Uint8Array) => ({ "kustomization.yaml": "resources: [below]\n", "below/kustomization.yaml": text });

/** The precedents: CVE-2022-24877 (Flux), CVE-2022-24730 and -24731 (Argo CD), CVE-2024-25620 (Helm). Found here: two readers of one YAML file. */
describe("what only kustomize's own reader takes for a reference", () => {
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ["a line that begins behind U+0085", nested(`# text\u0085${generator}`), /U\+0085 is not allowed/],
    ["a line that begins behind U+2028", nested(`# text\u2028${generator}`), /U\+2028 is not allowed/],
    ["a line that begins behind U+2029", nested(`# text\u2029${generator}`), /U\+2029 is not allowed/],
    ["a field behind a byte order mark", nested(`namePrefix: a\n\ufeff${generator}`), /U\+FEFF is not allowed/],
    ["a file in UTF-16", nested(Buffer.from(`\ufeff${generator}`, "utf16le")), /invalid UTF-8/],
    ["a path in base64", nested("resources: [!!binary Li4vLi4v]\n"), /a path out of the tree|'..\/..\/'/],
    ["a NUL", nested(`resources: ["a"]\n#\0\n`), /U\+0000 is not allowed/],
    ["a plugin's line behind U+0085", { "kustomization.yaml": "generators: [g.yaml]\n", "g.yaml": plugin("#\u0085") }, /U\+0085 is not allowed/],
    [
      "a patch that is a path, too",
      { "kustomization.yaml": `resources: [a.yaml]\npatchesStrategicMerge: ['a: /${OUT}']\n`, "a.yaml": MAP },
      /a path out of the tree/,
    ],
    ["a generator that is a path, too", { "kustomization.yaml": `generators: ['a: /${OUT}']\n` }, /a path out of the tree/],
    [
      "a transformer that is a path, too",
      { "kustomization.yaml": `resources: [a.yaml]\ntransformers: ['a: /${OUT}']\n`, "a.yaml": MAP },
      /a path out of the tree/,
    ],
    [
      "a patch that is a URL, too",
      { "kustomization.yaml": "resources: [a.yaml]\npatchesStrategicMerge: ['https://127.0.0.1:1/x: y']\n", "a.yaml": MAP },
      /remote bases are not supported/,
    ],
    [
      "a transformer that is a URL, too",
      { "kustomization.yaml": "resources: [a.yaml]\ntransformers: ['http://127.0.0.1:1/x: y']\n", "a.yaml": MAP },
      /remote bases are not supported/,
    ],
    ["two equal signs", { "kustomization.yaml": `configMapGenerator: [{name: x, files: ['a=b=${OUT}']}]\n` }, /fs-security-constraint/],
    [
      "a path inside of JSON",
      { "kustomization.yaml": `generators: ['{"apiVersion":"builtin","kind":"ConfigMapGenerator","metadata":{"name":"x"},"files":["${OUT}"]}']\n` },
      /fs-security-constraint/,
    ],
  ])("%s", async (_, files, want) => {
    const text = await builtText(files);
    expect(text).toMatch(want);
    expect(text).not.toContain("root:");
  });
});

describe("spec.path stays below the root", () => {
  it.each([
    ["../../etc", "etc"],
    ["/etc", "etc"],
    ["./a/../../b", "b"],
    ["a/%2e%2e/%2e%2e", "a/%2e%2e/%2e%2e"],
    ["..\\..\\etc", "..\\..\\etc"],
    ["a\0/../..", ""],
  ])("%j", (path, want) => expect(rootedPath(path)).toBe(want));
});

/** CVE-2026-47680 (Flux): a sparse checkout's path told which files the machine has; an include was written outside. */
describe("folders of a repository", () => {
  it.each(["../etc", "/etc/passwd", "..\\etc", "\0", "a/../../etc"])("sparse checkout of %j knows the tree only", (folder) =>
    expect(sparseTree(treeOf({ "app/a": "" }), [folder])).toMatchObject({ ok: false, problem: expect.stringContaining("does not exist in repository") }));
  it.each(["a\\b", "a\0b", "a\nb", "x/\u007f"])("an include to %j is refused", (toPath) =>
    expect(includeTree(treeOf({}), treeOf({ f: "" }), { repository: { name: "r" }, toPath })).toMatchObject({ ok: false }));
  it.each([
    ["../../etc", "etc/f"],
    ["/etc", "etc/f"],
    ["a/../b", "b/f"],
  ])("an include to %j stays inside", (toPath, want) => {
    const made = includeTree(treeOf({}), treeOf({ f: "" }), { repository: { name: "r" }, toPath });
    expect(made.ok && [...made.value.keys()]).toEqual([want]);
  });
});

/** CVE-2026-35206 (Helm): a name of dots became a path. The API server decodes a path before it takes it apart. */
describe("names and versions of manifests in paths of the API", () => {
  it.each(["v1", "apps/v1", "a.b-c.io/v1beta1"])("%s is a version", (text) => expect(isApiVersion(text)).toBe(true));
  it.each([
    "",
    "/",
    "v1/",
    "/v1",
    "v1?x",
    "v1%2Fnodes%2Fa%2Fproxy",
    "../v1",
    "..",
    "a/../b",
    "a/b/c",
    "V1",
    "v1\r\nx",
    "v1#",
    `${"a".repeat(400)}/v1`,
  ])("%j is none", (text) => expect(isApiVersion(text)).toBe(false));
  it.each([
    ["a/status", `invalid resource name "a/status": [may not contain '/']`],
    ["..", `invalid resource name "..": [may not be '..']`],
    ["a%2fb", `invalid resource name "a%2fb": [may not contain '%']`],
  ])("%j is no name", (name, want) => expect(segmentProblem("resource name", name)).toBe(want));
  it.each(["a", "system:node", "a.b"])("%j is one", (name) => expect(segmentProblem("resource name", name)).toBeUndefined());
});
