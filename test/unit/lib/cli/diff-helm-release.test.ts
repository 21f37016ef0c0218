import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { formatReleaseSecret } from "@sluice/engine/release/secret.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryCli, type Said } from "../../../support/cli/memory-cli.ts";

type Files = { readonly [path: string]: string };

const CHART: Files = { "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "shop/values.yaml": "colour: red\n" };
const config = (name: string, data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
const withTemplates = (...templates: readonly string[]): Files => ({ ...CHART, "shop/templates/all.yaml": templates.join("---\n") });

const ORIGIN = { "helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": "apps" };
const OWNED: Pick<Manifest, "metadata">["metadata"] = {
  namespace: "apps",
  labels: { ...ORIGIN, "app.kubernetes.io/managed-by": "Helm" },
  annotations: { "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "apps" },
};
const owned = (kind: string, name: string, more: object): Manifest => ({ apiVersion: "v1", kind, metadata: { ...OWNED, name, generation: 3 }, ...more });
const NAMESPACE: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } };

const release = (spec: JsonObject = {}): Manifest => ({
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name: "shop", namespace: "apps", uid: "1", generation: 1 },
  spec: { interval: "10m", chart: { spec: { chart: "./shop", sourceRef: { kind: "GitRepository", name: "repo" } } }, ...spec },
});

function stored(manifest: string, more: Partial<HelmStoredRelease> = {}, status: HelmStoredRelease["info"]["status"] = "deployed"): Manifest {
  const made: HelmStoredRelease = {
    name: "shop",
    namespace: "apps",
    version: 1,
    manifest,
    hooks: [],
    chart: { metadata: { name: "shop", version: "1.0.0" }, values: { colour: "red" } },
    config: {},
    apply_method: "ssa",
    ...more,
    info: { status, description: "" },
  };
  return formatReleaseSecret({ release: made, labels: {} }, "apps", { createdAt: epochMs(0) });
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-diff-release-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(words: readonly string[], files: Files, objects: readonly Manifest[]): Promise<Said> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return createMemoryCli({ objects, environment: { workingFolder: folder } }).run([...words, "-n", "apps"]);
}
const diff = (files: Files, objects: readonly Manifest[], ...more: readonly string[]): Promise<Said> =>
  run(["diff", "hr", "shop", "--chart", "shop", ...more], files, [NAMESPACE, ...objects]);

const CHANGED = "⚠️ identified at least one change, exiting with non-zero exit code\n";
const A_RED = config("a", "{colour: {{ .Values.colour }}}");

describe("diff helmrelease", () => {
  it.each<{ what: string; files: Files; objects: readonly Manifest[]; want: Said }>([
    {
      what: "nothing",
      files: withTemplates(A_RED),
      objects: [release(), stored(config("a", "{colour: red}")), owned("ConfigMap", "a", { data: { colour: "red" } })],
      want: { out: "", err: "", code: 0 },
    },
    {
      what: "a changed field, without the generation that would follow from it",
      files: withTemplates("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 2}\n"),
      objects: [
        release(),
        stored("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 1}\n"),
        { ...owned("Deployment", "a", { spec: { replicas: 1 } }), apiVersion: "apps/v1" },
      ],
      want: { out: "► Deployment/apps/a drifted\n\nspec.replicas\n± value change\n- 1\n+ 2\n\n", err: CHANGED, code: 1 },
    },
    {
      what: "what the chart has no more, unless it is kept or gone",
      files: withTemplates(A_RED),
      objects: [
        release(),
        stored([config("a", "{colour: red}"), config("old", "{}"), config("kept", "{}"), config("gone", "{}")].join("---\n")),
        owned("ConfigMap", "a", { data: { colour: "red" } }),
        owned("ConfigMap", "old", {}),
        { ...owned("ConfigMap", "kept", {}), metadata: { ...OWNED, name: "kept", annotations: { "helm.sh/resource-policy": "keep" } } },
      ],
      want: { out: "► ConfigMap/apps/old deleted\n", err: CHANGED, code: 1 },
    },
    {
      what: "hooks are left out",
      files: withTemplates("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-install}}\n"),
      objects: [release()],
      want: { out: "", err: "", code: 0 },
    },
    {
      what: "labels that steer Kustomizations mean nothing to Helm",
      files: withTemplates(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}\ndata: {a: '1'}\n",
      ),
      objects: [release()],
      want: { out: "► ConfigMap/apps/a created\n", err: CHANGED, code: 1 },
    },
    {
      what: "a namespace that is made for the release, and what goes into it",
      files: withTemplates(A_RED),
      objects: [release({ targetNamespace: "new", install: { createNamespace: true } })],
      want: { out: "► Namespace/new created\n► ConfigMap/new/a created\n", err: CHANGED, code: 1 },
    },
    {
      what: "a release that was uninstalled is installed anew",
      files: withTemplates(config("a", '{is: "{{ .Release.IsInstall }} {{ .Release.Revision }}"}')),
      objects: [release(), stored(config("old", "{}"), { version: 4 }, "uninstalled"), owned("ConfigMap", "a", { data: { is: "true 1" } })],
      want: { out: "", err: "", code: 0 },
    },
    {
      what: "an upgrade of a failed one takes the place of what was deployed last",
      files: withTemplates(config("a", '{is: "{{ .Release.IsUpgrade }} {{ .Release.Revision }}"}')),
      objects: [
        release(),
        stored(config("old", "{}")),
        stored(config("a", "{}"), { version: 2 }, "failed"),
        owned("ConfigMap", "a", { data: { is: "true 3" } }),
        owned("ConfigMap", "old", {}),
      ],
      want: { out: "► ConfigMap/apps/old deleted\n", err: CHANGED, code: 1 },
    },
    {
      what: "preserveValues keeps what was given before",
      files: withTemplates(A_RED),
      objects: [
        release({ upgrade: { preserveValues: true } }),
        stored(config("a", "{colour: blue}"), { config: { colour: "blue" } }),
        owned("ConfigMap", "a", { data: { colour: "blue" } }),
      ],
      want: { out: "", err: "", code: 0 },
    },
  ])("$what", async ({ files, objects, want }) => expect(await diff(files, objects)).toEqual(want));

  describe("CRDs of the folder crds", () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec: {group: example.com, scope: Namespaced, names: {kind: Gadget, plural: gadgets}, versions: [{name: v1, served: true, storage: true}, {name: v0, served: false}]}
`;
    const gadget = (version: string): string => `apiVersion: example.com/${version}\nkind: Gadget\nmetadata: {name: g}\n`;
    const has = config("a", '{has: "{{ .Capabilities.APIVersions.Has "example.com/v1/Gadget" }}"}');
    const files = (version: string): Files => ({ ...withTemplates(gadget(version), has), "shop/crds/gadgets.yaml": definition });

    it("come first: what they define can be created, and the chart knows of it", async () => {
      const said = await diff(files("v1"), [release(), owned("ConfigMap", "a", { data: { has: "true" } })]);
      expect(said).toEqual({ out: "► CustomResourceDefinition/gadgets.example.com created\n► Gadget/apps/g created\n", err: CHANGED, code: 1 });
    });
    it.each([
      { what: "a version that is not served", objects: [release()], version: "v0" },
      { what: "a policy that leaves them out", objects: [release({ install: { crds: "Skip" } })], version: "v1" },
      { what: "that of upgrades counts for an upgrade", objects: [release({ upgrade: { crds: "Skip" } }), stored("")], version: "v1" },
    ])("$what", async ({ objects, version }) => {
      const said = await diff(files(version), objects);
      expect(said.code).toBe(2);
      expect(said.err).toContain(`no matches for kind "Gadget" in version "example.com/${version}"\nensure CRDs are installed first\n`);
    });
  });

  describe("what chance makes", () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\ndata: {drawn: {{ randAlphaNum 9 | b64enc }}, user: {{ .Values.colour | b64enc }}}\n";
    const dated = config("dated", '{at: "{{ now | date "2006-01-02" }}"}');
    const red = Buffer.from("red").toString("base64");
    const live = (user: string): readonly Manifest[] => [
      owned("Secret", "key", { data: { drawn: "b2xk", user } }),
      owned("ConfigMap", "dated", { data: { at: "2020-01-01" } }),
    ];
    const REMARKS =
      "⚠️ Secret/apps/key: not compared, since it is another one in every revision: data.drawn\n⚠️ ConfigMap/apps/dated: not compared, since it is another one in every revision: data.at\n";

    it("is said, and is no difference", async () =>
      expect(await diff(withTemplates(secret, dated), [release(), stored(""), ...live(red)])).toEqual({ out: "", err: REMARKS, code: 0 }));
    it("hides nothing of the same object that differs", async () => {
      const said = await diff(withTemplates(secret, dated), [release(), stored(""), ...live("b2xk")]);
      expect(said).toEqual({
        out: "► Secret/apps/key drifted\n\ndata.user\n± value change\n- *** (before)\n+ *** (after)\n\n",
        err: REMARKS + CHANGED,
        code: 1,
      });
    });
    it("is a difference where the cluster has nothing yet", async () => {
      const said = await diff(withTemplates(secret), [release(), stored(""), owned("Secret", "key", { data: { user: red } })]);
      expect(said.out).toBe("► Secret/apps/key drifted\n\ndata\n+ one map entry added:\n  drawn: '***'\n\n");
    });
    it("that a chart looks up and keeps is compared", async () => {
      const kept = secret.replace("{{ randAlphaNum 9 | b64enc }}", '{{ (lookup "v1" "Secret" "apps" "key").data.drawn }}');
      expect(await diff(withTemplates(kept), [release(), stored(""), ...live(red)])).toMatchObject({ err: "", code: 0 });
    });
  });

  describe("driftDetection.ignore", () => {
    const ignoring = (paths: readonly string[]): Manifest => release({ driftDetection: { ignore: [{ paths: [...paths], target: { kind: "ConfigMap" } }] } });
    const live = owned("ConfigMap", "a", { data: { colour: "by hand" } });

    it.each([{ paths: ["/data/colour"] }, { paths: [""] }])("leaves $paths alone as long as the chart says of it what it said", async ({ paths }) => {
      // As it was stored: with the labels of its owner.
      const labels = JSON.stringify(ORIGIN);
      const manifestIn = (colour: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: ${labels}}\ndata: {colour: ${colour}}\n`;
      expect(await diff(withTemplates(A_RED), [ignoring(paths), stored(manifestIn("red")), live])).toEqual({ out: "", err: "", code: 0 });
      expect((await diff(withTemplates(A_RED), [ignoring(paths), stored(manifestIn("blue")), live])).out).toContain("- by hand\n+ red\n");
    });
  });

  it("names what belongs to somebody else, where the release may not take it", async () => {
    const foreign: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "apps" } };
    expect((await diff(withTemplates(A_RED), [release(), foreign])).code).toBe(1);
    const said = await diff(withTemplates(A_RED), [release({ install: { disableTakeOwnership: true } }), foreign]);
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/^✗ unable to continue with install: ConfigMap "a" in namespace "apps" exists and cannot be imported into the current release/);
  });

  it.each([
    { what: "an install", spec: { install: { serverSideApply: false } }, secrets: [] },
    { what: "an upgrade of what was applied so", spec: {}, secrets: [stored("", { apply_method: "csa" })] },
    { what: "an upgrade", spec: { upgrade: { serverSideApply: "disabled" } }, secrets: [stored("")] },
  ])("says what it cannot see of $what that is applied client-side", async ({ spec, secrets }) => {
    const { err, out } = await diff(withTemplates(A_RED), [release(spec), ...secrets]);
    expect([out, err]).toEqual([
      "► ConfigMap/apps/a created\n",
      `⚠️ the release is applied client-side: fields that its chart has no more are not shown\n${CHANGED}`,
    ]);
  });

  it.each([
    { words: ["shop"], said: "helmcharts.source.toolkit.fluxcd.io", code: 2 },
    { words: ["nope", "--chart", "shop"], said: 'failed to get helmrelease object: helmreleases.helm.toolkit.fluxcd.io "nope" not found', code: 2 },
    { words: ["shop", "--chart", "nowhere"], said: 'invalid chart path "nowhere"', code: 2 },
    { words: ["shop", "--chart", "none"], said: "failed to load the chart from none: Chart.yaml file is missing", code: 2 },
    { words: ["shop", "--chart", "shop"], said: "execution error at (shop/templates/all.yaml:1:3): ***** is wrong", code: 2 },
    { words: ["remote", "--chart", "shop"], said: "HelmRelease/apps/remote is for a remote cluster, which is not supported here", code: 2 },
    { words: [], said: "helmrelease name is required", code: 1 },
    { words: ["shop", "--ignore-not-found"], said: "helmrelease file is required when assuming new helmreleases", code: 1 },
    { words: ["shop", "--helmrelease-file", "nope.yaml"], said: 'invalid helmrelease file "nope.yaml"', code: 1 },
  ])("ends with $code: $said", async ({ words, said, code }) => {
    const files = { ...withTemplates("{{ fail (print .Values.password ` is wrong`) }}\n"), "none/readme.md": "" };
    const given: Manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "given", namespace: "apps" }, data: { password: "aHVudGVyMg==" } };
    const valuesFrom = [{ kind: "Secret", name: "given", valuesKey: "password", targetPath: "password" }];
    const remote = { ...release({ kubeConfig: { secretRef: { name: "x" } } }), metadata: { name: "remote", namespace: "apps" } };
    const end = await run(["diff", "hr", ...words], files, [release({ valuesFrom }), given, remote]);
    expect([end.code, end.out]).toEqual([code, ""]);
    expect(end.err).toContain(said);
    expect(end.err).not.toContain("hunter2");
  });
});

describe("the HelmRelease and its chart", () => {
  const chartOfCluster = (spec: JsonObject): Manifest => ({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmChart",
    metadata: { name: "apps-shop", namespace: "apps" },
    spec: { chart: "./shop", version: "*", sourceRef: { kind: "GitRepository", name: "repo" }, interval: "10m", ...spec },
  });
  const OTHER = "in the cluster is not the chart that the HelmRelease names: name a chart of this machine with --chart";

  it.each([
    { what: "no artifact yet", spec: {}, said: "HelmChart/apps/apps-shop has no artifact: name a chart of this machine with --chart" },
    { what: "another version", spec: { version: "2.x" }, said: OTHER },
    { what: "another chart", spec: { chart: "./other" }, said: OTHER },
    { what: "another source", spec: { sourceRef: { kind: "GitRepository", name: "other" } }, said: OTHER },
    { what: "other values files", spec: { valuesFiles: ["a.yaml"] }, said: OTHER },
  ])("$what", async ({ spec, said }) => {
    const end = await run(["template", "hr", "shop"], {}, [release(), chartOfCluster(spec)]);
    expect(end).toMatchObject({ out: "", code: 1 });
    expect(end.err).toContain(said);
  });

  it("a release in a file need not be in the cluster; the path is that of who types", async () => {
    const files = { ...withTemplates(A_RED), "new/release.yaml": JSON.stringify(release({ values: { colour: "new" } })) };
    const words = ["diff", "hr", "shop", "--chart", "shop", "--helmrelease-file", "new/release.yaml"];
    expect((await run(words, files, [NAMESPACE])).err).toContain('helmreleases.helm.toolkit.fluxcd.io "shop" not found');
    expect(await run([...words, "--ignore-not-found"], files, [NAMESPACE])).toEqual({ out: "► ConfigMap/apps/a created\n", err: CHANGED, code: 1 });
  });

  const VALUES: Files = { ...withTemplates(A_RED), "shop/values-blue.yaml": "colour: own\n", "values-blue.yaml": "colour: of-the-repository\n" };
  it.each([
    { kind: "GitRepository", colour: "of-the-repository" },
    { kind: "HelmRepository", colour: "own" },
  ])("values files of a $kind are those that are $colour", async ({ kind, colour }) => {
    const spec = { chart: "shop", sourceRef: { kind, name: "repo" }, valuesFiles: ["values-blue.yaml"] };
    expect((await run(["template", "hr", "shop", "--chart", "shop"], VALUES, [release({ chart: { spec } })])).out).toContain(`colour: ${colour}\n`);
    const missing = { chart: { spec: { ...spec, valuesFiles: ["none.yaml"] } } };
    expect((await run(["template", "hr", "shop", "--chart", "shop"], VALUES, [release(missing)])).err).toContain(
      "✗ values files merge error: no values file found",
    );
  });

  describe("dependencies of a chart of this machine", () => {
    const depending = (repository: string): Files => ({
      ...withTemplates(A_RED),
      "shop/Chart.yaml": `apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{name: base, version: 1.x, repository: "${repository}"}]\n`,
      "base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.2.3\n",
      "base/templates/b.yaml": config("b", "{}"),
    });
    const words = ["template", "hr", "shop", "--chart", "shop"];
    it("are found beside it", async () => {
      const { out } = await run(words, depending("file://../base"), [release()]);
      expect(out).toContain("# Source: shop/charts/base/templates/b.yaml\n");
    });
    it("must be in it otherwise", async () => {
      const said = await run(words, depending("https://charts.example.com"), [release()]);
      expect(said).toEqual({ out: "", err: '✗ found in Chart.yaml, but missing in charts/ directory: base: run "helm dependency build"\n', code: 1 });
    });
  });
});

describe("template helmrelease", () => {
  it("prints in the order of helm template: CRDs, objects in the order of an install, hooks in that of their names", async () => {
    const files = {
      ...CHART,
      "shop/crds/b.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: b}\n",
      "shop/templates/z.yaml":
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: h, annotations: {helm.sh/hook: test}}\n",
      "shop/templates/a.yaml": A_RED,
      "shop/templates/NOTES.txt": "Hello.\n",
    };
    const { out } = await run(["template", "hr", "shop", "--chart", "shop", "--include-crds", "--show-notes"], files, [release()]);
    const labels = "  labels:\n    helm.toolkit.fluxcd.io/name: shop\n    helm.toolkit.fluxcd.io/namespace: apps\n";
    expect(out).toBe(`---
# Source: shop/crds/b.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: b}

---
# Source: shop/templates/a.yaml
apiVersion: v1
data:
  colour: red
kind: ConfigMap
metadata:
${labels}  name: a

---
# Source: shop/templates/z.yaml
apiVersion: v1
kind: Service
metadata:
${labels}  name: s
---
# Source: shop/templates/z.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    helm.sh/hook: test
${labels}  name: h

---
NOTES:
Hello.
`);
  });

  it("masks Secrets wherever they stand, and nothing else", async () => {
    const list = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {x: hunter2}}]\n";
    const files = withTemplates(
      `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"x":"aHVudGVyMg=="}}\n`,
      list,
      config("secret", "{a: '1'}"),
    );
    const words = ["template", "hr", "shop", "--chart", "shop"];
    const { out } = await run(words, files, [release()]);
    expect(out).not.toMatch(/hunter2|aHVudGVyMg/);
    expect(out.match(/x: '\*\*\*'/g)).toHaveLength(2);
    expect(out).toContain('  a: "1"\n');
    expect((await run([...words, "--show-secrets"], files, [release()])).out).toMatch(/hunter2[\s\S]*aHVudGVyMg|aHVudGVyMg[\s\S]*hunter2/);
  });
});
