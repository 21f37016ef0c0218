// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Flux, not of JavaScript
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryCli, type Said } from "../../../support/cli/memory-cli.ts";

const SPEC = { interval: "10m", prune: true, path: "./app", sourceRef: { kind: "GitRepository", name: "repo" } };
const kustomization = (name: string, more: object = {}): Manifest => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name, namespace: "flux-system" },
  spec: { ...SPEC, ...more },
});
const OWNED = { "kustomize.toolkit.fluxcd.io/name": "app", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
const config = (name: string, data: object): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: apps\ndata: ${JSON.stringify(data)}\n`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-build-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(words: readonly string[], files: { readonly [path: string]: string }, objects: readonly Manifest[], isTerminal = false): Promise<Said> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return createMemoryCli({ objects, isTerminal, environment: { workingFolder: folder } }).run(words);
}

const APP = { "app/config.yaml": config("one", { a: "1" }) };

describe("where the cause of a failed build stands", () => {
  const files = { "app/kustomization.yaml": "resources:\n  - config.yaml\n  - none.yaml\n", ...APP };

  it.each([
    ["build", 1],
    ["diff", 2],
  ])("%s says it to a person", async (command, code) => {
    const said = await run([command, "ks", "app", "--path", "app"], files, [kustomization("app")], true);
    expect(said.err).toMatch(/^✗ kustomize build failed: .*none\.yaml: no such file or directory\n {2}at app\/kustomization\.yaml:3 \(resources\[1\]\)\n$/s);
    expect(said.code).toBe(code);
  });

  it("names the line of a variable that is not set", async () => {
    const variables = { postBuild: { substitute: { a: "1" } } };
    const web = [config("one", { a: "${a}" }), config("two", { b: "${bb}" })].join("---\n");
    const words = ["build", "ks", "app", "--path", "app", "--strict-substitute"];
    const said = await run(words, { "app/web.yaml": web }, [kustomization("app", variables)], true);
    expect(said.err).toContain("  at app/web.yaml:13\n");
  });

  it("is not said where a program reads", async () => {
    const said = await run(["build", "ks", "app", "--path", "app"], files, [kustomization("app")]);
    expect(said.err).toMatch(/no such file or directory\n$/);
  });
});

describe("build kustomization", () => {
  it("prints what would be applied, with the labels of the owner", async () => {
    const said = await run(["build", "ks", "app", "--path", "app"], APP, [kustomization("app")]);
    expect(said).toEqual({
      out: `apiVersion: v1
data:
  a: "1"
kind: ConfigMap
metadata:
  labels:
    kustomize.toolkit.fluxcd.io/name: app
    kustomize.toolkit.fluxcd.io/namespace: flux-system
  name: one
  namespace: apps
---
`,
      err: "",
      code: 0,
    });
  });

  it("masks what SOPS encrypted", async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: RU5D}\nstringData: {b: "ENC[x]"}\nsops: {mac: "ENC[y]"}\n';
    const { out } = await run(["build", "ks", "app", "--path", "app"], { ...APP, "app/secret.yaml": secret }, [kustomization("app")]);
    expect(out).toContain(`  a: ${Buffer.from("**SOPS**").toString("base64")}\n`);
    expect(out).toContain("b: '**SOPS**'");
    expect(out).not.toMatch(/ENC\[|RU5D|^sops/m);
  });

  it("goes on with Kustomizations among the manifests, and ends in a circle", async () => {
    const inner = (name: string): string => JSON.stringify(kustomization(name, { path: "./inner" }));
    const files = {
      ...APP,
      "app/inner.yaml": `${inner("inner")}\n`,
      "inner/kustomization.yaml": "resources: [config.yaml, there.yaml]\n",
      "inner/there.yaml": config("three", {}),
      "inner/config.yaml": config("two", {}),
    };
    const words = ["build", "ks", "app", "--path", "app", "--recursive"];
    const sources = ["--local-sources", `GitRepository/flux-system/repo=${folder}`];
    expect((await run([...words, ...sources], files, [kustomization("app")])).out).toContain("name: two");
    expect((await run(words, files, [kustomization("app")])).err).toContain("cannot get local path for GitRepository/flux-system/repo of kustomization inner");
    const there = `${JSON.stringify(kustomization("other", { path: "./other" }))}\n`;
    const circle = { ...files, "inner/there.yaml": there, "other/kustomization.yaml": "resources: [back.yaml]\n", "other/back.yaml": `${inner("inner")}\n` };
    expect((await run([...words, ...sources], circle, [kustomization("app")])).err).toContain("nested deeper than 50");
  });
});

describe("diff kustomization", () => {
  const live = (name: string, data: object): Manifest => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "apps", labels: OWNED },
    data: data as never,
  });
  const applied = (...names: readonly string[]): Manifest => ({
    ...kustomization("app"),
    status: { inventory: { entries: names.map((name) => ({ id: `apps_${name}__ConfigMap`, v: "v1" })) } },
  });
  const CHANGED = "⚠️ identified at least one change, exiting with non-zero exit code\n";

  it.each<{ what: string; objects: readonly Manifest[]; want: Said }>([
    { what: "nothing", objects: [applied("one"), live("one", { a: "1" })], want: { out: "", err: "", code: 0 } },
    { what: "a new object", objects: [applied()], want: { out: "► ConfigMap/apps/one created\n", err: CHANGED, code: 1 } },
    {
      what: "a changed field",
      objects: [applied("one"), live("one", { a: "2" })],
      want: { out: "► ConfigMap/apps/one drifted\n\ndata.a\n± value change\n- 2\n+ 1\n\n", err: CHANGED, code: 1 },
    },
    {
      what: "an object that Git has no more",
      objects: [applied("one", "old"), live("one", { a: "1" })],
      want: { out: "► ConfigMap/apps/old deleted\n", err: CHANGED, code: 1 },
    },
    {
      what: "an object that nobody may touch",
      objects: [
        applied("one"),
        { ...live("one", { a: "2" }), metadata: { name: "one", namespace: "apps", annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } } },
      ],
      want: { out: "► ConfigMap/apps/one skipped\n", err: "", code: 0 },
    },
  ])("$what", async ({ objects, want }) => expect(await run(["diff", "ks", "app", "--path", "app"], APP, objects)).toEqual(want));

  it("masks the values of Secrets", async () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\nstringData: {password: hunter2}\n";
    const before: Manifest = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "apps", labels: OWNED },
      data: { password: "aHVudGVyMQ==" },
    };
    const said = await run(["diff", "ks", "app", "--path", "app"], { ...APP, "app/secret.yaml": secret }, [applied("one"), live("one", { a: "1" }), before]);
    expect(said.out).toContain("- *** (before)\n+ *** (after)\n");
    expect(said.out + said.err).not.toMatch(/hunter|aHVudGVy/);
  });

  it("names the version to use of an API that is no more, as the engine does", async () => {
    const hpa = "apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: h, namespace: apps}\n";
    const said = await run(["diff", "ks", "app", "--path", "app"], { ...APP, "app/hpa.yaml": hpa }, [applied("one"), live("one", { a: "1" })]);
    expect([said.code, said.err]).toEqual([
      2,
      '✗ HorizontalPodAutoscaler/apps/h dry-run failed: no matches for kind "HorizontalPodAutoscaler" in version "autoscaling/v2beta1": use autoscaling/v2 (removed in Kubernetes 1.25)\n',
    ]);
  });

  it.each([
    { words: ["diff", "ks", "app", "--path", "nowhere"], said: 'invalid resource path "nowhere"' },
    { words: ["diff", "ks", "nope", "--path", "app"], said: 'failed to get kustomization object: kustomizations.kustomize.toolkit.fluxcd.io "nope" not found' },
    { words: ["diff", "ks", "app", "--path", "app", "--ignore-not-found"], said: "kustomization file is required when assuming new kustomizations" },
  ])("ends with 2 when it cannot find out: $said", async ({ words, said }) => {
    const end = await run(words, APP, [kustomization("app")]);
    expect([end.code, end.err]).toEqual([2, `✗ ${said}\n`]);
  });
});
