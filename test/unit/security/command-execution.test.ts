import { readdirSync, readFileSync } from "node:fs";
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
    ["of the adapters only kubectl's does", "layers/platform", CHILD, ["layers/platform/node/kubectl-kustomize.ts"]],
    [
      "of what runs on a desk git, the start of Node, and the scripts that make tables",
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
      ],
    ],
    ["the engine makes no code", "layers/engine", CODE, []],
    ["the adapters make no code", "layers/platform", CODE, []],
    ["lib makes no code", "lib", CODE, []],
  ])("%s", (_, folder, what, want) => expect(holders(sources(folder), what)).toEqual(want));
  it.each(["layers/engine", "layers/platform"])("certificates are verified in %s, but for a kubeconfig of the user's own that says otherwise", (folder) =>
    expect(holders(sources(folder), /rejectUnauthorized|NODE_TLS_REJECT|minVersion|secureProtocol/)).toEqual(
      folder === "layers/platform" ? ["layers/platform/kubernetes/http.ts"] : [],
    ));
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
