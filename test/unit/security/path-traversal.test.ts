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

const URL = "https://127.0.0.1:1/x";
const REFUSED = /fs-security-constraint|is not allowed|remote bases|control characters|invalid|contains '='|BUILT/;

/**
 * The precedents: CVE-2022-24877 (Flux), CVE-2022-24730 and -24731 (Argo CD), CVE-2024-25620 (Helm). There is one reader of each file now, and what it takes for a
 * reference is looked for in the tree: whatever a line is made of, it is built out of the tree or refused.
 */
describe("what only kustomize's own reader takes for a reference", () => {
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ["a line that begins behind U+0085", nested(`# text\u0085${generator}`), /fs-security-constraint read/],
    ["a line that begins behind U+2028", nested(`# text\u2028${generator}`), /fs-security-constraint read/],
    ["a line that begins behind U+2029", nested(`# text\u2029${generator}`), /fs-security-constraint read/],
    ["a field behind a byte order mark", nested(`namePrefix: a\n\ufeff${generator}`), REFUSED],
    ["a file in UTF-16", nested(Buffer.from(`\ufeff${generator}`, "utf16le")), /fs-security-constraint read/],
    ["a path in base64", nested("resources: [!!binary Li4vLi4v]\n"), /fs-security-constraint|is not in or below/],
    ["a NUL", nested(`resources: ["a"]\n#\0\n`), /control characters are not allowed/],
    ["a NUL in a path", nested(`resources: ["a\\0${OUT}"]\n`), /fs-security-constraint|no such file/],
    ["a plugin's line behind U+0085", { "kustomization.yaml": "generators: [g.yaml]\n", "g.yaml": plugin("#\u0085") }, /fs-security-constraint read/],
    [
      "a patch that is a path, too",
      { "kustomization.yaml": `resources: [a.yaml]\npatchesStrategicMerge: ['a: /${OUT}']\n`, "a.yaml": MAP },
      /fs-security-constraint read/,
    ],
    ["a generator that is a path, too", { "kustomization.yaml": `generators: ['a: /${OUT}']\n` }, /fs-security-constraint read/],
    [
      "a transformer that is a path, too",
      { "kustomization.yaml": `resources: [a.yaml]\ntransformers: ['a: /${OUT}']\n`, "a.yaml": MAP },
      /fs-security-constraint read/,
    ],
    [
      "a patch that is a URL, too",
      { "kustomization.yaml": `resources: [a.yaml]\npatchesStrategicMerge: ['${URL}: y']\n`, "a.yaml": MAP },
      /remote bases and files are not supported/,
    ],
    [
      "a transformer that is a URL, too",
      { "kustomization.yaml": `resources: [a.yaml]\ntransformers: ['${URL}: y']\n`, "a.yaml": MAP },
      /remote bases and files are not supported/,
    ],
    ["two equal signs", { "kustomization.yaml": `configMapGenerator: [{name: x, files: ['a=b=${OUT}']}]\n` }, /contains '='/],
    [
      "a path inside of JSON",
      { "kustomization.yaml": `generators: ['{"apiVersion":"builtin","kind":"ConfigMapGenerator","metadata":{"name":"x"},"files":["${OUT}"]}']\n` },
      /fs-security-constraint/,
    ],
    ["a path of a million letters", { "kustomization.yaml": `resources: ['${"a/".repeat(500_000)}b']\n` }, /file name too long/],
  ])("%s", async (_, files, want) => {
    const text = await builtText(files);
    expect(text).toMatch(want);
    expect(text).not.toContain("root:");
  });
});

/** Every field that names a file or folder, with what stands outside and what is to be fetched. */
describe("a field that names files reaches nothing outside", () => {
  const fields: readonly (readonly [string, (path: string) => string])[] = [
    ["resources", (path) => `resources: ['${path}']`],
    ["bases", (path) => `bases: ['${path}']`],
    ["components", (path) => `components: ['${path}']`],
    ["crds", (path) => `crds: ['${path}']`],
    ["configurations", (path) => `configurations: ['${path}']`],
    ["patches", (path) => `patches: [{path: '${path}'}]`],
    ["patchesStrategicMerge", (path) => `patchesStrategicMerge: ['${path}']`],
    ["patchesJson6902", (path) => `patchesJson6902: [{path: '${path}', target: {version: v1, kind: A, name: a}}]`],
    ["replacements", (path) => `replacements: [{path: '${path}'}]`],
    ["openapi", (path) => `openapi: {path: '${path}'}`],
    ["files of a ConfigMap", (path) => `configMapGenerator: [{name: a, files: ['${path}']}]`],
    ["envs of a Secret", (path) => `secretGenerator: [{name: a, envs: ['${path}']}]`],
    ["generators", (path) => `generators: ['${path}']`],
    ["transformers", (path) => `transformers: ['${path}']`],
    ["validators", (path) => `validators: ['${path}']`],
  ];
  const paths = ["/etc/passwd", OUT, "/proc/self/environ", "file:///etc/passwd", URL, "git@127.0.0.1:a/b", "ssh://127.0.0.1/a/b"];
  it.each(fields.flatMap(([name, line]) => paths.map((path) => ({ name, line, path }))))("$name: $path", async ({ line, path }) => {
    const text = await builtText({ "kustomization.yaml": `${line(path)}\n` });
    expect(text).toMatch(/^(?!BUILT)/);
    expect(text).not.toMatch(/root:|PATH=/);
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
