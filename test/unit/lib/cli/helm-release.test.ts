import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryCli, type Said } from "../../../support/cli/memory-cli.ts";

const CHART: { readonly [path: string]: string } = {
  "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "values.yaml": "colour: red\n",
  "crds/as.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.example.com}\n",
  "templates/config.yaml":
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {colour: {{ .Values.colour }}, there: {{ (lookup "v1" "ConfigMap" "apps" "given").data.a | quote }}}\n',
  "templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: {{ .Values.password }}}\n",
  "templates/hook.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-install}}\n",
  "templates/NOTES.txt": "Open {{ .Release.Name }}.\n",
};

const RELEASE: Manifest = {
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name: "shop", namespace: "apps", uid: "1", generation: 1 },
  spec: {
    interval: "10m",
    chart: { spec: { chart: "./shop", sourceRef: { kind: "GitRepository", name: "repo" } } },
    values: { colour: "green" },
    valuesFrom: [{ kind: "Secret", name: "values", valuesKey: "password", targetPath: "password" }],
  },
};
const OBJECTS: readonly Manifest[] = [
  RELEASE,
  { apiVersion: "v1", kind: "Secret", metadata: { name: "values", namespace: "apps" }, data: { password: Buffer.from("hunter2-and-more").toString("base64") } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "given", namespace: "apps" }, data: { a: "from-the-cluster" } },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-release-"));
  for (const [path, text] of Object.entries(CHART)) {
    await mkdir(dirname(join(folder, "shop", path)), { recursive: true });
    await writeFile(join(folder, "shop", path), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...words: readonly string[]): Promise<Said> =>
  createMemoryCli({ objects: OBJECTS, environment: { workingFolder: folder } }).run([...words, "-n", "apps"]);

describe("sluice template helmrelease", () => {
  it("prints what the next revision would be, for the cluster, with values of Secrets masked", async () => {
    const { out, code } = await run("template", "hr", "shop", "--chart", "shop");
    expect(code).toBe(0);
    expect(out).toContain("colour: green");
    expect(out).toContain("there: from-the-cluster");
    expect(out).toContain("name: hook");
    expect(out).toContain("helm.toolkit.fluxcd.io/name: shop");
    expect(out).toContain("password: '***'");
    expect(out).not.toContain("hunter2");
    expect(out).not.toContain("CustomResourceDefinition");
  });

  it.each([
    { flag: "--show-secrets", has: "password: hunter2-and-more" },
    { flag: "--include-crds", has: "kind: CustomResourceDefinition" },
    { flag: "--show-notes", has: "NOTES:\nOpen shop." },
  ])("$flag shows it", async ({ flag, has }) => expect((await run("template", "hr", "shop", "--chart", "shop", flag)).out).toContain(has));

  it("--no-hooks leaves them out", async () => expect((await run("template", "hr", "shop", "--chart", "shop", "--no-hooks")).out).not.toContain("name: hook"));

  it("says what is wrong", async () => {
    expect(await run("template", "hr")).toMatchObject({ code: 1, err: "✗ helmrelease name is required\n" });
    expect((await run("template", "hr", "shop", "--chart", "none")).err).toContain('invalid chart path "none"');
  });
});

describe("sluice diff helmrelease", () => {
  it("says what would be created, and ends with 1", async () => {
    const { out, err, code } = await run("diff", "hr", "shop", "--chart", "shop");
    expect(code).toBe(1);
    expect(out).toContain("► ConfigMap/apps/shop created");
    expect(out).toContain("► Secret/apps/key created");
    expect(`${out}${err}`).not.toContain("hunter2");
  });
});

describe("sluice reconcile helmrelease", () => {
  it.each([
    { flags: [], annotations: ["requestedAt"] },
    { flags: ["--force"], annotations: ["forceAt", "requestedAt"] },
    { flags: ["--reset"], annotations: ["requestedAt", "resetAt"] },
  ])("$flags asks by $annotations, all of the same moment", async ({ flags, annotations }) => {
    const { memory, run: type } = createMemoryCli({
      objects: OBJECTS,
      engine: (object) => ({
        ...object,
        status: { ...(object.status as object), lastHandledReconcileAt: object.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"] ?? "" },
      }),
    });
    await type(["reconcile", "hr", "shop", "-n", "apps", ...flags]);
    const found = await memory.cluster.get({ apiVersion: RELEASE.apiVersion, kind: RELEASE.kind, namespace: "apps", name: "shop" });
    const written = found.kind === "found" ? (found.object.metadata.annotations ?? {}) : {};
    expect(Object.keys(written).toSorted()).toEqual(annotations.map((name) => `reconcile.fluxcd.io/${name}`));
    expect(new Set(Object.values(written)).size).toBe(1);
  });
});
