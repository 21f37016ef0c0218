import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryCli, type Said } from "../../../../support/cli/memory-cli.ts";

const SLUICE = fileURLToPath(new URL("../../../../../lib/cli/sluice.js", import.meta.url));
const WARNING = "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.\n";

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const FILES: { readonly [path: string]: string } = {
  "repo/.git": "gitdir: elsewhere\n",
  "repo/app/kustomization.yaml": "resources: [a.yaml, n.yaml]\n",
  "repo/app/a.yaml": configMap("a"),
  "repo/app/n.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns\n",
  "repo/far/kustomization.yaml": "resources: [../app/a.yaml]\n",
  "repo/bad/kustomization.yaml": "resources: [broken.yaml]\ncommonLabels: {a: b}\n",
  "repo/bad/broken.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [\n",
  "repo/out/kustomization.yaml": "resources: [../../beside/a.yaml]\n",
  "repo/out-folder/kustomization.yaml": "resources: [../../beside]\n",
  "repo/linked/kustomization.yaml": "resources: [link.yaml]\n",
  "repo/linked-folder/kustomization.yaml": "resources: [link]\n",
  "repo/remote/kustomization.yaml": "resources: [https://user:secret@example.com/a.yaml]\n",
  "repo/chart/kustomization.yaml": "helmCharts: [{name: a, repo: 'https://example.com', version: 1.0.0, releaseName: a}]\n",
  "beside/a.yaml": configMap("beside"),
  "beside/kustomization.yaml": "resources: [a.yaml]\n",
  "many/kustomization.yaml": "resources: [many.yaml]\n",
  "many/many.yaml": Array.from({ length: 3000 }, (_, index) => `${configMap(`many-${index}`)}data: {text: ${"x".repeat(200)}}\n`).join("---\n"),
};

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-kustomize-command-")));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync("../../beside/a.yaml", join(folder, "repo/linked/link.yaml"));
  symlinkSync("../../beside", join(folder, "repo/linked-folder/link"));
  mkdirSync(join(folder, "files"));
});

afterAll(() => folder !== undefined && rmSync(folder, { recursive: true }));

const run = (words: readonly string[], at = "repo"): Promise<Said> =>
  createMemoryCli({ objects: [], environment: { workingFolder: join(folder, at) } }).run(["kustomize", ...words]);

const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns\n";

describe("sluice kustomize", () => {
  it("prints the objects by kind", async () => expect(await run(["app"])).toEqual({ out: `${NAMESPACE}---\n${configMap("a")}`, err: "", code: 0 }));

  it("builds the working folder when no other is named", async () => expect((await run([], "repo/app")).out).toBe(`${NAMESPACE}---\n${configMap("a")}`));

  it("prints them as they are listed when it is told so, and that this is not how", async () => {
    const { out, err } = await run(["app", "--reorder", "none"]);
    expect([out, err]).toEqual([
      `${configMap("a")}---\n${NAMESPACE}`,
      "Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.\n",
    ]);
  });

  it("reads files of other folders only when it is allowed to", async () => {
    const { code, err } = await run(["far"]);
    expect([code, err]).toEqual([1, expect.stringContaining(`security; file '${folder}/repo/app/a.yaml' is not in or below '${folder}/repo/far'`)]);
    expect((await run(["far", "--load-restrictor", "LoadRestrictionsNone"])).out).toBe(configMap("a"));
  });

  it("says warnings, then what is wrong, then where that stands", async () => {
    const { out, err, code } = await run(["bad"]);
    expect([out, code]).toEqual(["", 1]);
    expect(err).toMatch(/^# Warning: 'commonLabels' .*\nerror: accumulating resources: .*\n {2}at bad\/broken\.yaml:\d+\n$/);
    expect(err.startsWith(WARNING)).toBe(true);
  });

  it("shows that place as the working folder sees it", async () =>
    expect((await run(["../repo/bad"], "beside")).err).toContain("\n  at ../repo/bad/broken.yaml:"));
});

describe("what lies outside of the Git work tree", () => {
  it.each<[string, string]>([
    ["out", "/beside/a.yaml' is not in or below"],
    ["out-folder", "/beside' is not in or below"],
    ["linked", "/repo/linked/link.yaml' is not in or below"],
    ["linked-folder", "/repo/linked-folder/link' is not in or below"],
  ])("is not there for %s", async (path, said) => {
    for (const flags of [[], ["--load-restrictor", "LoadRestrictionsNone"]]) {
      const { out, err, code } = await run([path, ...flags]);
      expect([out, code, err]).toEqual(["", 1, expect.stringContaining(said)]);
    }
  });
});

describe("what would be fetched or run", () => {
  it.each<[readonly string[], string]>([
    [["remote"], "remote bases and files are not supported: 'https://example.com/a.yaml'"],
    [["https://user:secret@example.com/org/repo"], "remote directories are not supported: 'https://example.com/org/repo'"],
    [["chart"], "must specify --enable-helm"],
    [["app", "--enable-helm"], "--enable-helm is not supported"],
    [["app", "--enable-alpha-plugins=true"], "--enable-alpha-plugins is not supported"],
  ])("is refused: %j", async (words, said) => {
    const { out, err, code } = await run(words);
    expect([out, code, err]).toEqual(["", 1, expect.stringMatching(/^error: /)]);
    expect(err).toContain(said);
    expect(err).not.toContain("secret");
  });
});

describe("an output", () => {
  it("that is a file gets all", async () => {
    expect(await run(["app", "-o", "../all.yaml"])).toEqual({ out: "", err: "", code: 0 });
    expect(readFileSync(join(folder, "all.yaml"), "utf8")).toBe(`${NAMESPACE}---\n${configMap("a")}`);
  });

  it("that is a folder gets a file for each object", async () => {
    expect(await run(["app", "--output=../files"])).toEqual({ out: "", err: "", code: 0 });
    expect(readdirSync(join(folder, "files")).toSorted()).toEqual(["v1_configmap_a.yaml", "v1_namespace_ns.yaml"]);
  });

  it("is left as it was when the build fails", async () => {
    writeFileSync(join(folder, "kept.yaml"), "kept");
    expect((await run(["bad", "-o", "../kept.yaml"])).code).toBe(1);
    expect(readFileSync(join(folder, "kept.yaml"), "utf8")).toBe("kept");
  });
});

it("ends at once when it is interrupted", async () => {
  const child = spawn(process.execPath, [SLUICE, "kustomize", "many"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  // More than a pipe holds is printed, and nobody reads it.
  child.stdout.once("readable", () => child.kill("SIGINT"));
  expect(await new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)))).toBe("SIGINT");
});

it("whoever reads the output may stop reading", async () => {
  const child = spawn(process.execPath, [SLUICE, "kustomize", "many"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect([code, err]).toEqual([0, ""]);
});
