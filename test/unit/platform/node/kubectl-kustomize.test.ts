import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ms, seconds } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { createKubectlKustomize, type KubectlKustomize } from "@sluice/platform/node/kubectl-kustomize.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestKustomize } from "../../../support/kubectl-kustomize.ts";

const treeOf = (files: Record<string, string>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: true }]));
const MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const TREE = treeOf({ "app/kustomization.yaml": "resources: [../a.yaml]\nnamePrefix: x-\n", "a.yaml": MANIFEST });

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A kubectl that is a shell script. */
async function scripted(name: string, script: string, more: Partial<KubectlKustomize> = {}) {
  const program = join(folder, name);
  const temporary = join(folder, `${name}-temporary`);
  await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  await mkdir(temporary);
  return {
    kustomize: createKubectlKustomize({ kubectl: async () => program, temporary, timeout: seconds(20), maxOutput: 100_000, ...more }),
    left: () => readdir(temporary),
  };
}

describe("the real kubectl", () => {
  it("builds a folder with files beside it", async () => {
    expect(await createTestKustomize().build(TREE, "app")).toEqual({
      ok: true,
      value: { yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x-a\n", read: undefined },
    });
  });

  it("knows its own version as little as Flux's library does", async () => {
    const built = await createTestKustomize().build(
      treeOf({
        "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}",
        "kustomization.yaml": "resources: [a.yaml]\nbuildMetadata: [managedByLabel]",
      }),
      "",
    );
    expect(built.ok && built.value.yaml).toContain("    app.kubernetes.io/managed-by: kustomize-(devel)\n");
  });

  it.each([
    [
      "missing.yaml",
      "resources: [missing.yaml]",
      "accumulating resources: accumulation err='accumulating resources from 'missing.yaml': open /tmp/kustomization-0/missing.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/tmp/kustomization-0/missing.yaml' : lstat /tmp/kustomization-0/missing.yaml: no such file or directory",
    ],
    ["behind a warning", "resources: [missing.yaml]\nvars: [{name: A, objref: {kind: B, name: c, apiVersion: v1}}]", /^accumulating resources: /],
    [
      "functions",
      "generators: ['{apiVersion: v1, kind: F, metadata: {name: f, annotations: {config.kubernetes.io/function: \"exec: {path: ./x.sh}\"}}}']",
      /external plugins disabled/,
    ],
    ["charts", "helmCharts: [{name: a, repo: 'https://127.0.0.1:9', version: 1.0.0}]", /must specify --enable-helm$/],
    ["git, which is not there", "resources: ['ssh://git@127.0.0.1/a/b']", /no 'git' program on path/],
  ])("says what is wrong: %s", async (_, text, want) => {
    const built = await createTestKustomize().build(treeOf({ "kustomization.yaml": text, "x.sh": "#!/bin/sh\ntouch /tmp/sluice-was-here" }), "");
    expect(built.ok ? "built" : built.problem).toMatch(want);
  });
});

describe("the child process", () => {
  it("has no environment but its own, no home and no programs, and works in an empty place", async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "canary";
    const { kustomize, left } = await scripted("environment", '/usr/bin/env -u PWD -u SHLVL -u _ | /usr/bin/sort; /bin/ls -a; echo "$@"');
    const built = await kustomize.build(TREE, "app");
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const text = built.ok ? built.value.yaml : built.problem;
    expect(text.replace(/\/\S*kustomization-\w+/g, "<work>")).toBe(
      "HOME=/nonexistent\nPATH=/nonexistent\nTMPDIR=<work>\n.\n..\ntree\nkustomize --load-restrictor LoadRestrictionsNone <work>/tree/app\n",
    );
    expect(await left()).toEqual([]);
  });

  it("is given the tree, and nothing that could be run", async () => {
    const { kustomize } = await scripted("files", 'cd "$4/.." && /usr/bin/find . -type f -printf "%m %p\\n" | /usr/bin/sort');
    expect(await kustomize.build(TREE, "app")).toEqual({ ok: true, value: { yaml: "600 ./a.yaml\n600 ./app/kustomization.yaml\n", read: undefined } });
  });

  it("is killed when it takes too long", async () => {
    const { kustomize, left } = await scripted("slow", "exec /bin/sleep 60", { timeout: ms(50) });
    expect(await kustomize.build(TREE, "app")).toEqual({ ok: false, problem: "not done after 0.05 s" });
    expect(await left()).toEqual([]);
  });

  it("is killed when it prints too much", async () => {
    const { kustomize } = await scripted("loud", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", { maxOutput: 1_000 });
    expect(await kustomize.build(TREE, "app")).toEqual({ ok: false, problem: "more than 1000 bytes of output" });
  });

  it("is killed on abort, and that is no answer", async () => {
    const abort = new AbortController();
    const { kustomize, left } = await scripted("aborted", "exec /bin/sleep 60", { signal: abort.signal });
    const building = kustomize.build(TREE, "app");
    abort.abort();
    await expect(building).rejects.toThrow(/abort/i);
    expect(await left()).toEqual([]);
  });

  it("may fail with a break at the end, which kubectl adds where there is none", async () => {
    const { kustomize } = await scripted("broken", 'echo "# Warning: old" >&2; echo "error: so and so in $4" >&2; echo "and more" >&2; exit 1');
    expect(await kustomize.build(TREE, "")).toEqual({ ok: false, problem: "so and so in /tmp/kustomization-0\nand more" });
  });

  it("is not started where there is none", async () => {
    const kustomize = createKubectlKustomize({ kubectl: async () => join(folder, "none"), temporary: folder, timeout: seconds(1), maxOutput: 1 });
    await expect(kustomize.build(TREE, "app")).rejects.toThrow(/ENOENT/);
  });

  it("is looked for again after it was not found", async () => {
    let asked = 0;
    const kustomize = createKubectlKustomize({
      kubectl: () => Promise.reject(new Error(`asked ${++asked}`)),
      temporary: folder,
      timeout: seconds(1),
      maxOutput: 1,
    });
    await expect(kustomize.build(TREE, "app")).rejects.toThrow("asked 1");
    await expect(kustomize.build(TREE, "app")).rejects.toThrow("asked 2");
  });

  it.each(["../x", "/x", "a/../../x", "a//b", "", "a\0b", "./a"])("gets no file at %j", async (path) => {
    const { kustomize } = await scripted(`odd-${Buffer.from(path).toString("hex")}`, "exit 0");
    await expect(kustomize.build(treeOf({ [path]: "x" }), "")).rejects.toThrow("not a path of a tree");
  });
});
