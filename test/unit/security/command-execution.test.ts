import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { builtText } from "./trees.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const sources = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:ts|js)$/.test(file) && !file.includes("node_modules"))
    .map((file) => join(folder, file));
const holders = (files: readonly string[], what: RegExp): readonly string[] =>
  files.filter((file) => what.test(readFileSync(join(ROOT, file), "utf8"))).toSorted();

const CHILD = /["'](?:node:)?(?:child_process|worker_threads)["']/;
const CODE = /\beval\s*\(|\bnew Function\b|["'](?:node:)?vm["']|\bFunction\s*\(/;

/** CVE-2021-41254 (Flux), CVE-2026-15416 (Argo CD), CVE-2025-53547 (Helm): content that is run. */
describe("processes are started, and code is made, in few places", () => {
  it("there are sources to look at", () => expect(sources("layers/engine").length).toBeGreaterThan(100));
  it.each<[string, string, RegExp, readonly string[]]>([
    ["the engine starts none", "layers/engine", CHILD, []],
    ["and no adapter does", "layers/platform", CHILD, []],
    [
      "of what runs on a desk git, the start of Node, the bundler of the stack, and the scripts that make tables",
      "lib",
      CHILD,
      [
        "lib/cli/sluice.js",
        "lib/local/git-check.ts",
        "lib/local/git-server/git-server.ts",
        "lib/local/git-server/git.ts",
        "lib/local/sandbox/authorization/generate.ts",
        "lib/local/sandbox/kinds/generation/go-types.ts",
        "lib/local/sandbox/protobuf/generate.ts",
        "lib/stack/bundling.ts",
      ],
    ],
    ["the engine makes no code", "layers/engine", CODE, []],
    ["the adapters make no code", "layers/platform", CODE, []],
    ["lib makes no code", "lib", CODE, []],
  ])("%s", (_, folder, what, want) => expect(holders(sources(folder), what)).toEqual(want));
  it.each(["layers/engine", "layers/platform"])("certificates are verified in %s, but for a kubeconfig of the user's own that says otherwise", (folder) =>
    expect(holders(sources(folder), /rejectUnauthorized|NODE_TLS_REJECT|minVersion|secureProtocol/)).toEqual(
      folder === "layers/platform" ? ["layers/platform/kubernetes/transport.ts"] : [],
    ));
});

/** What builds is a function of bytes: with nothing but its own sources to read, no network and no way to start anything, it builds the same. */
describe("a build without a machine", () => {
  const REAL = realpathSync(process.execPath);
  const script = `
    import fs from "node:fs";
    import net from "node:net";
    import { registerHooks } from "node:module";
    const { buildManifests } = await import("@sluice/engine/build/build-manifests.ts");
    const { createKustomizer } = await import("@sluice/engine/build/kustomize/build.ts");
    const { filesOfTree } = await import("@sluice/engine/build/kustomize/files-of-tree.ts");
    // From here on nothing is left to reach a machine with.
    const refuse = (name) => () => { throw new Error("reached " + name); };
    for (const api of [fs, fs.promises, net, net.Socket.prototype])
      for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(api))) if (typeof value === "function" && writable) api[name] = refuse(name);
    registerHooks({ resolve: (name) => { throw new Error("loaded " + name); } });
    globalThis.fetch = refuse("fetch");
    const bytes = (text) => ({ bytes: new TextEncoder().encode(text), executable: false });
    const tree = new Map([["kustomization.yaml", bytes(process.argv[1])], ["a.yaml", bytes("apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n")]]);
    const built = buildManifests({ files: filesOfTree(tree), kustomization: {}, variables: undefined }, createKustomizer());
    process._rawDebug(built.kind + ": " + (built.yaml ?? built.message));
  `;
  const run = (kustomization: string): string => {
    const grants = [
      "--permission",
      `--allow-fs-read=${join(ROOT, "layers")}`,
      `--allow-fs-read=${join(ROOT, "node_modules")}`,
      `--allow-fs-read=${join(ROOT, "package.json")}`,
    ];
    const { stderr } = spawnSync(REAL, [...grants, "--input-type=module", "-e", script, kustomization], { cwd: ROOT, encoding: "utf8", timeout: 30_000 });
    return stderr;
  };
  it.each([
    ["builds", "resources: [a.yaml]\nnamePrefix: x-\n", /^built: .*name: x-a/s],
    ["finds no file of the machine", "resources: [../../../../etc/passwd]\n", /^failed: .*fs-security-constraint/s],
    ["fetches nothing", "resources: ['https://127.0.0.1:1/x']\n", /^failed: .*remote bases and files are not supported/s],
    ["runs nothing", "helmCharts: [{name: x}]\n", /^failed: .*must specify --enable-helm/s],
  ])("%s", (_, kustomization, want) => {
    const said = run(kustomization);
    expect(said).toMatch(want);
    expect(said).not.toMatch(/reached|loaded |ERR_ACCESS_DENIED/);
  });
});

/** The borders that make it so, by what is written down and not by what biome happens to find today. */
describe("the builder imports nothing that reaches a machine", () => {
  const PURE = /^(?:\.{1,2}\/|node:(?:crypto|zlib|path\/posix)$|(?:js-yaml|yaml|re2js|semver|typebox)(?:\/|$))/;
  const imports = (file: string): readonly string[] =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from "([^"]+)"|import\("([^"]+)"\)/g)].map(
      ([, from, called]) => from ?? called ?? "",
    );
  it.each(sources("layers/engine/build"))("%s", (file) => expect(imports(file).filter((name) => !PURE.test(name))).toEqual([]));
  it("biome holds the border for every folder of it", () => {
    const biome: string = readFileSync(join(ROOT, "biome.json"), "utf8");
    expect(biome).toMatch(/"layers\/engine\/build\/\*\*"[\s\S]*?"node:\*", "!node:crypto", "!node:zlib", "!node:path\/posix"/);
  });
});

const OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const fn = (how: string): string => `apiVersion: x/v1\nkind: F\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      ${how}\n`;

describe("what a kustomization may not run", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a program",
      { "kustomization.yaml": "resources: [a.yaml]\ntransformers: [f.yaml]\n", "a.yaml": OBJECT, "f.yaml": fn("exec: {path: /bin/id}") },
      /external plugins disabled/,
    ],
    [
      "a container",
      { "kustomization.yaml": "resources: [a.yaml]\ntransformers: [f.yaml]\n", "a.yaml": OBJECT, "f.yaml": fn("container: {image: x}") },
      /external plugins disabled/,
    ],
    [
      "a plugin",
      { "kustomization.yaml": "generators: [f.yaml]\n", "f.yaml": "apiVersion: team.example.com/v1\nkind: Chart\nmetadata: {name: f}\n" },
      /external plugins disabled/,
    ],
    ["Helm", { "kustomization.yaml": "helmCharts: [{name: x, repo: 'https://127.0.0.1:1'}]\n" }, /must specify --enable-helm/],
    ["Helm by another command", { "kustomization.yaml": "helmGlobals: {chartHome: x}\nhelmCharts: [{name: x}]\n" }, /must specify --enable-helm/],
  ])("%s", async (_, files, want) => expect(await builtText(files)).toMatch(want));
});
