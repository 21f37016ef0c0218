import { loadChartArchive } from "@sluice/engine/build/helm/chart/load-chart.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { chartArchive, createSourceWorld, type SourceWorld } from "../../../support/helm/source-world.ts";

const URL_OF = "https://charts.example.com/stable";
const OCI = "oci://registry.example.com/charts";
const indexOf = (...versions: readonly string[]): string =>
  `apiVersion: v1\nentries:\n  shop:\n${versions.map((version) => `  - {apiVersion: v2, name: shop, version: ${version}, urls: [shop-${version}.tgz]}\n`).join("")}`;

let world: SourceWorld;
beforeEach(() => {
  world = createSourceWorld();
});
const pass = (calls?: number) => world.pass("HelmChart", "shop", calls);
const lines = () => world.lines("HelmChart", "shop");
const status = () => world.status("HelmChart", "shop");
const chart = (fields: JsonObject = {}) =>
  world.spec("HelmChart", "shop", { interval: "1h", chart: "shop", version: "*", sourceRef: { kind: "HelmRepository", name: "charts" }, ...fields });
const repository = (fields: JsonObject = {}) => world.spec("HelmRepository", "charts", { interval: "1h", url: URL_OF, ...fields });
const fromGit = (fields: JsonObject = {}) => chart({ chart: "./deploy/shop", sourceRef: { kind: "GitRepository", name: "app" }, ...fields });

/** The repository has these versions, and has been looked at. */
async function publish(...versions: readonly string[]): Promise<void> {
  world.indexes.set(URL_OF, indexOf(...versions));
  for (const version of versions) world.charts.set(`${URL_OF}/shop-${version}.tgz`, chartArchive("shop", version));
  if (world.object("HelmRepository", "charts") === undefined) repository();
  await world.pass("HelmRepository", "charts");
}

const ready = (message: string, reason = "ChartPullSucceeded", generation = 1): readonly string[] => [
  `ArtifactInStorage True ${reason} ${generation} ${message}`,
  `Ready True ${reason} ${generation} ${message}`,
  `observed ${generation}`,
];
const readyAt2 = (message: string) => ready(message, "ChartPullSucceeded", 2);
const failing = (condition: string, reason: string, message: string): readonly string[] => [
  `${condition} True ${reason} 1 ${message}`,
  `Ready False ${reason} 1 ${message}`,
  "Reconciling True ProgressingWithRetry 1 building artifact",
  "observed -1",
];
const stalledBy = (condition: string, reason: string, message: string): readonly string[] => [
  `${condition} True ${reason} 1 ${message}`,
  `Ready False ${reason} 1 ${message}`,
  `Stalled True ${reason} 1 ${message}`,
  "observed 1",
];
async function atRest(): Promise<void> {
  const before = JSON.stringify(world.object("HelmChart", "shop"));
  await pass();
  expect(JSON.stringify(world.object("HelmChart", "shop"))).toBe(before);
  expect(world.writes).toEqual([]);
}
const loaded = () => {
  const found = loadChartArchive(world.bytes("HelmChart", "shop"));
  if (!found.ok) throw new Error(found.problem);
  return found.value;
};

describe("from a repository with an index", () => {
  it("is chosen, pulled as it is, stored and told of", async () => {
    await publish("1.0.0", "1.1.0");
    chart();
    expect(await pass()).toEqual({ kind: "succeeded", revision: "1.1.0" });
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.1.0'"));
    expect(world.artifact("HelmChart", "shop")).toMatchObject({ path: "helmchart/apps/shop/shop-1.1.0.tgz", revision: "1.1.0" });
    expect(status()).toMatchObject({ observedChartName: "shop", observedSourceArtifactRevision: world.artifact("HelmRepository", "charts").revision });
    expect(status()).not.toHaveProperty("observedValuesFiles");
    expect(status().url).toBe(world.artifact("HelmChart", "shop").url);
    expect(world.bytes("HelmChart", "shop")).toEqual(chartArchive("shop", "1.1.0"));
    expect(world.events).toEqual(["Normal ChartPullSucceeded pulled 'shop' chart with version '1.1.0'"]);
    expect(world.metadata[0]).toEqual({
      "source.toolkit.fluxcd.io/revision": "1.1.0",
      "source.toolkit.fluxcd.io/digest": world.artifact("HelmChart", "shop").digest,
    });
    expect(world.asked).toEqual([`chart ${URL_OF}/shop-1.1.0.tgz`]);
    await atRest();
    expect(world.asked).toEqual([]);
  });

  it("reads one part of the index, and the whole only when that is lost", async () => {
    await publish("1.0.0");
    const reads: string[] = [];
    chart();
    const { get } = world.stored;
    world.stored.get = (digest) => {
      reads.push(digest);
      return get.call(world.stored, digest);
    };
    await pass();
    expect(reads).toEqual([]);
    world.renders.clear();
    await publish("1.0.0", "1.2.0");
    world.renders.clear();
    await pass();
    expect(reads).toEqual([world.artifact("HelmRepository", "charts").digest]);
    expect(world.artifact("HelmChart", "shop").revision).toBe("1.2.0");
    expect(world.renders.size).toBeGreaterThan(0);
  });

  it("follows a new index, and stays where it is when that brings nothing new", async () => {
    await publish("1.0.0");
    chart({ version: "1.x" });
    await pass();
    await publish("1.0.0", "2.0.0");
    await pass();
    expect(world.asked).toEqual([]);
    expect(world.events).toEqual([]);
    expect(status().observedSourceArtifactRevision).toBe(world.artifact("HelmRepository", "charts").revision);
    await publish("1.0.0", "2.0.0", "1.5.0");
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.5.0'"));
    await atRest();
  });

  it("is pulled once more when the spec has changed, whatever its version", async () => {
    await publish("1.0.0");
    chart();
    await pass();
    world.charts.set(`${URL_OF}/shop-1.0.0.tgz`, chartArchive("shop", "1.0.0", { "README.md": "new" }));
    chart({ interval: "2h" });
    await pass();
    expect(lines()).toEqual(readyAt2("pulled 'shop' chart with version '1.0.0'"));
    expect(loaded().files.map(({ name }) => name)).toEqual(["README.md"]);
    expect(world.events).toEqual(["Normal ChartPullSucceeded pulled 'shop' chart with version '1.0.0'"]);
    await atRest();
  });

  it("says while it is being replaced what is new", async () => {
    await publish("1.0.0");
    chart();
    await pass();
    await publish("1.0.0", "1.1.0");
    // Looks: own artifact, source, its artifact, part of the index; asks for the chart, announces; storing fails.
    await expect(pass(6)).rejects.toThrow("cut off");
    const news = "new 'shop' chart with version '1.1.0'";
    expect(lines()).toEqual([
      "ArtifactInStorage True ChartPullSucceeded 1 pulled 'shop' chart with version '1.0.0'",
      `ArtifactOutdated True NewChart 1 ${news}`,
      `Ready Unknown Progressing 1 building artifact: ${news}`,
      `Reconciling True Progressing 1 building artifact: ${news}`,
      "observed 1",
    ]);
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.1.0'"));
  });

  it.each<{ readonly name: string; readonly spec: JsonObject; readonly reason: string; readonly message: string }>([
    {
      name: "no such chart",
      spec: { chart: "cart" },
      reason: "InvalidChartReference",
      message: "failed to get chart version for remote reference: no chart name found",
    },
    {
      name: "no such version",
      spec: { version: ">=2" },
      reason: "InvalidChartReference",
      message: "failed to get chart version for remote reference: no 'shop' chart with version matching '>=2' found",
    },
    {
      name: "no constraint",
      spec: { version: "not a version" },
      reason: "InvalidChartReference",
      message: 'failed to get chart version for remote reference: improper constraint: "not a version"',
    },
    { name: "no name", spec: { chart: "" }, reason: "InvalidChartReference", message: "no name set for remote chart reference" },
    {
      name: "a name that is none",
      spec: { chart: "../Shop" },
      reason: "InvalidChartReference",
      message:
        "invalid chart name '../Shop': a valid name must be lower case letters and numbers and MAY be separated with dashes (-), slashes (/) or periods (.)",
    },
  ])("$name stalls, and a new index is a reason to try again", async ({ spec, reason, message }) => {
    await publish("1.0.0");
    chart(spec);
    expect((await pass()).kind).toBe("stalled");
    expect(lines()).toEqual(stalledBy("FetchFailed", reason, `invalid chart reference: ${message}`));
    expect(world.events).toEqual([`Warning ${reason} invalid chart reference: ${message}`]);
    expect(status().observedSourceArtifactRevision).toBe(world.artifact("HelmRepository", "charts").revision);
    await publish("1.0.0", "2.0.0");
    await pass();
    expect(lines()[0]).toBe(
      spec.version === ">=2"
        ? ready("pulled 'shop' chart with version '2.0.0'")[0]
        : stalledBy("FetchFailed", reason, `invalid chart reference: ${message}`)[0],
    );
  });

  it("is tried again when the chart cannot be fetched, and told of when it can", async () => {
    await publish("1.0.0");
    world.charts.clear();
    chart();
    expect((await pass()).kind).toBe("failed");
    const message = `chart pull error: failed to download chart for remote reference: failed to fetch ${URL_OF}/shop-1.0.0.tgz : 404 Not Found`;
    expect(lines()).toEqual(failing("FetchFailed", "ChartPullError", message));
    await publish("1.0.0");
    await pass();
    expect(world.events).toEqual(["Normal ChartPullSucceeded pulled 'shop' chart with version '1.0.0'"]);
  });

  it("names a refused login as one, in the event", async () => {
    await publish("1.0.0");
    world.charts.set(`${URL_OF}/shop-1.0.0.tgz`, "failed to fetch x : 401 Unauthorized");
    chart();
    await pass();
    const message =
      "failed to authenticate with the Helm repository: chart pull error: failed to download chart for remote reference: failed to fetch x : 401 Unauthorized";
    expect(lines()).toEqual(failing("FetchFailed", "Unknown", `unknown build error: ${message}`));
    expect(world.events).toEqual([`Warning AuthenticationFailed ${message}`]);
  });

  it("must be a chart", async () => {
    await publish("1.0.0");
    world.charts.set(`${URL_OF}/shop-1.0.0.tgz`, new TextEncoder().encode("this is no archive at all"));
    chart();
    await pass();
    expect(lines()).toEqual(
      failing("FetchFailed", "ChartPullError", "chart pull error: failed to load chart metadata from written chart: gzip: invalid header"),
    );
  });

  it("is packed anew with other values, under a version that says so", async () => {
    await publish("1.0.0");
    const files = { "values.yaml": "colour: red\nsize: {x: 1}\n", "values-prod.yaml": "size: {z: 2}\nreplicas: 3\n" };
    world.charts.set(`${URL_OF}/shop-1.0.0.tgz`, chartArchive("shop", "1.0.0", files));
    chart({ valuesFiles: ["values.yaml", "values-prod.yaml", "missing.yaml"], ignoreMissingValuesFiles: true });
    await pass();
    expect(lines()).toEqual(
      ready("packaged 'shop' chart with version '1.0.0+1' and merged values files [values.yaml values-prod.yaml]", "ChartPackageSucceeded"),
    );
    expect(loaded()).toMatchObject({ metadata: { version: "1.0.0+1" }, valuesText: "colour: red\nreplicas: 3\nsize:\n  x: 1\n  z: 2\n" });
    expect(status().observedValuesFiles).toEqual(["values.yaml", "values-prod.yaml"]);
    await atRest();
    chart({ valuesFiles: ["values-prod.yaml", "missing.yaml"] });
    await pass();
    expect(lines().find((line) => line.startsWith("Stalled"))).toBe(
      "Stalled True ValuesFilesError 2 values files merge error: failed to merge chart values: no values file found at path 'missing.yaml'",
    );
  });

  it("that is packed with its own values.yaml is the one that was pulled", async () => {
    await publish("1.0.0");
    chart({ valuesFiles: ["./values.yaml"] });
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.0.0'"));
  });

  it("is not looked at for signatures, which Flux does not do either", async () => {
    await publish("1.0.0");
    chart({ verify: { provider: "cosign" } });
    await pass();
    const [failed, unready, ...rest] = failing("BuildFailed", "ChartVerificationError", "chart verification error: not implemented");
    const verified = "SourceVerified False VerificationError 1 chart verification error: not implemented";
    expect(lines()).toEqual([failed, unready, rest[0], verified, rest[1]]);
    chart();
    await pass();
    expect(lines()).toEqual(readyAt2("pulled 'shop' chart with version '1.0.0'"));
  });
});

describe("from a registry", () => {
  beforeEach(() => {
    repository({ type: "oci", url: `${OCI}/` });
    world.tags.set(`${OCI}/shop`, ["1.0.0", "1.1.0", "2.0.0-rc.1"]);
    for (const version of ["1.0.0", "1.1.0", "1.1.0+b.1"]) world.charts.set(`${OCI}/shop:${version}`, chartArchive("shop", version));
  });

  it("is pulled by its tag, and no tags are listed", async () => {
    chart({ version: "1.1.0+b.1" });
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.1.0+b.1'"));
    expect(world.asked).toEqual([`pull ${OCI}/shop:1.1.0+b.1`]);
    expect(status()).not.toHaveProperty("observedSourceArtifactRevision");
    await atRest();
    expect(world.asked).toEqual([]);
  });

  it("is chosen among the tags for a constraint, at each pass", async () => {
    chart({ version: "1.x" });
    await pass();
    expect(world.asked).toEqual([`tags ${OCI}/shop`, `pull ${OCI}/shop:1.1.0`]);
    await atRest();
    expect(world.asked).toEqual([`tags ${OCI}/shop`]);
    world.tags.set(`${OCI}/shop`, ["1.0.0"]);
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.0.0'"));
  });

  it.each<{ readonly name: string; readonly tags?: readonly string[]; readonly spec: JsonObject; readonly message: string }>([
    {
      name: "no tag that fits",
      spec: { version: "3.x" },
      message: "failed to get chart version for remote reference: could not locate a version matching provided version string 3.x",
    },
    {
      name: "no tags",
      tags: [],
      spec: { version: "*" },
      message: `failed to get chart version for remote reference: could not get tags for "shop": unable to locate any tags in provided repository: ${OCI}/shop`,
    },
    {
      name: "no such repository",
      spec: { chart: "cart" },
      message: `failed to get chart version for remote reference: could not get tags for "cart": could not fetch tags for "${OCI}/cart": not there`,
    },
    {
      name: "no such version",
      spec: { version: "9.9.9" },
      message: `failed to download chart for remote reference: failed to get '${OCI}/shop:9.9.9': failed to fetch ${OCI}/shop:9.9.9 : 404 Not Found`,
    },
  ])("$name is tried again", async ({ tags, spec, message }) => {
    if (tags !== undefined) world.tags.set(`${OCI}/shop`, tags);
    chart(spec);
    expect((await pass()).kind).toBe("failed");
    expect(lines()).toEqual(failing("FetchFailed", "ChartPullError", `chart pull error: ${message}`));
  });

  it("of a type that its URL does not say", async () => {
    repository({ type: "oci", url: "https://example.com/charts" });
    chart();
    expect((await pass()).kind).toBe("stalled");
    const message = "failed to construct Helm client: invalid OCI registry URL: https://example.com/charts/";
    expect(lines()).toEqual([
      `FetchFailed True Unknown 1 unknown build error: ${message}`,
      `Ready False Unknown 1 unknown build error: ${message}`,
      `Stalled True Failed 1 ${message}`,
      "observed 1",
    ]);
  });

  const login = { auths: { "https://registry.example.com/v1/": { auth: Buffer.from("ada:pw").toString("base64") } } };
  it.each<{
    readonly name: string;
    readonly data: { readonly [key: string]: string };
    readonly type?: string;
    readonly found?: string;
    readonly problem?: string;
  }>([
    { name: "user and password", data: { username: "ada", password: "pw" }, found: "ada" },
    { name: "a Docker config", data: { ".dockerconfigjson": JSON.stringify(login) }, type: "kubernetes.io/dockerconfigjson", found: "ada" },
    {
      name: "a Docker config for another host",
      data: { ".dockerconfigjson": JSON.stringify({ auths: { "other.example.com": {} } }) },
      type: "kubernetes.io/dockerconfigjson",
      problem: "failed to configure OCI registry authentication: no auth config for 'registry.example.com' in the docker-registry Secret 'login'",
    },
    {
      name: "a Docker config that is none",
      data: { ".dockerconfigjson": "{" },
      type: "kubernetes.io/dockerconfigjson",
      problem: "failed to configure OCI registry authentication: unable to load Docker config from Secret 'login': invalid JSON",
    },
  ])("by the Secret's $name", async ({ data, type, found, problem }) => {
    world.secret("login", data, type);
    repository({ type: "oci", url: OCI, secretRef: { name: "login" } });
    chart({ version: "1.0.0" });
    await pass();
    expect(lines()[0]).toBe(
      problem === undefined ? ready("pulled 'shop' chart with version '1.0.0'")[0] : `FetchFailed True Unknown 1 unknown build error: ${problem}`,
    );
    if (found !== undefined) expect(world.targets[0]?.credentials).toMatchObject({ kind: "basic", username: found });
    if (problem !== undefined) expect(world.events).toEqual([`Warning AuthenticationFailed ${problem}`]);
  });

  it.each([
    [{ provider: "aws" }, { kind: "aws" }, undefined],
    [{ provider: "gcp" }, undefined, "Stalled True UnsupportedField 1 not implemented yet: spec.provider (gcp)"],
  ])("of a cloud's registry: %j", async (fields, credentials, stalled) => {
    repository({ type: "oci", url: OCI, ...fields });
    chart({ version: "1.0.0" });
    await pass();
    expect(world.targets[0]?.credentials).toEqual(credentials);
    expect(lines().find((line) => line.startsWith("Stalled"))).toBe(stalled);
  });

  it("whose signature is asked for is refused: nobody has looked at it", async () => {
    chart({ version: "1.0.0", verify: { provider: "cosign" } });
    expect((await pass()).kind).toBe("stalled");
    expect(lines()).toContain("Stalled True UnsupportedField 1 not implemented yet: spec.verify (cosign)");
    expect(world.asked).toEqual([]);
  });
});

describe("from files of a GitRepository", () => {
  const files = {
    "deploy/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "deploy/shop/.helmignore": "private-*.txt\n",
    "deploy/shop/private-notes.txt": "secret",
    "deploy/shop/public.txt": "open",
    "deploy/shop/values.yaml": "colour: red\n",
    "deploy/shop/templates/config.yaml": "kind: ConfigMap\n",
    "values/prod.yaml": "colour: blue\n",
  };
  const COMMIT = "abcdef0123456789abcdef0123456789abcdef01";

  it("is packed without what .helmignore leaves out, the same bytes each time", async () => {
    world.git("app", COMMIT, files);
    fromGit({ version: "9.9.9" });
    expect(await pass()).toEqual({ kind: "succeeded", revision: "0.1.0" });
    expect(lines()).toEqual(ready("packaged 'shop' chart with version '0.1.0'", "ChartPackageSucceeded"));
    expect(loaded()).toMatchObject({ metadata: { name: "shop", version: "0.1.0" }, valuesText: "colour: red\n" });
    expect([...loaded().templates, ...loaded().files].map(({ name }) => name)).toEqual(["templates/config.yaml", ".helmignore", "public.txt"]);
    expect(status().observedSourceArtifactRevision).toBe(`main@sha1:${COMMIT}`);
    const first = world.artifact("HelmChart", "shop").digest;
    await atRest();
    world.stored.delete(String(first));
    await pass();
    expect(world.artifact("HelmChart", "shop").digest).toBe(first);
  });

  it("stays as it is while its version does, and only follows the source's revision", async () => {
    world.git("app", "1", files);
    fromGit();
    await pass();
    const before = world.artifact("HelmChart", "shop");
    world.git("app", "2", { ...files, "deploy/shop/values.yaml": "colour: green\n" });
    await pass();
    expect(world.artifact("HelmChart", "shop")).toEqual(before);
    expect(world.events).toEqual([]);
    expect(status().observedSourceArtifactRevision).toBe(`main@sha1:${"2".padEnd(40, "0")}`);
    world.git("app", "3", { ...files, "deploy/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.2.0\n" });
    await pass();
    expect(lines()).toEqual(ready("packaged 'shop' chart with version '0.2.0'", "ChartPackageSucceeded"));
  });

  it.each<{ readonly spec: JsonObject; readonly revision: string; readonly merged: string }>([
    { spec: { reconcileStrategy: "Revision" }, revision: "0.1.0+abcdef012345", merged: "" },
    {
      spec: { reconcileStrategy: "Revision", valuesFiles: ["values/prod.yaml"] },
      revision: "0.1.0+abcdef012345.1",
      merged: " and merged values files [values/prod.yaml]",
    },
    { spec: { valuesFiles: ["values/prod.yaml"] }, revision: "0.1.0+1", merged: " and merged values files [values/prod.yaml]" },
  ])("has the version $revision for $spec", async ({ spec, revision, merged }) => {
    world.git("app", COMMIT, files);
    fromGit(spec);
    await pass();
    expect(lines()).toEqual(ready(`packaged 'shop' chart with version '${revision}'${merged}`, "ChartPackageSucceeded"));
    expect(loaded()).toMatchObject({ metadata: { version: revision }, valuesText: merged === "" ? "colour: red\n" : "colour: blue\n" });
  });

  it("may be packed already", async () => {
    const archive = chartArchive("shop", "3.0.0");
    world.git("app", COMMIT, {});
    const git = world.object("HelmChart", "none");
    expect(git).toBeUndefined();
    fromGit({ chart: "charts/shop.tgz" });
    const { packArtifact } = await import("@sluice/engine/source/archive.ts");
    const bytes = packArtifact(new Map([["charts/shop.tgz", { bytes: archive, executable: false }]]));
    const source = world.objects.get("GitRepository/apps/app");
    const artifact = (source?.status as { readonly artifact: JsonObject } | undefined)?.artifact ?? {};
    world.stored.set(String(artifact.digest), bytes);
    await pass();
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '3.0.0'"));
    expect(world.bytes("HelmChart", "shop")).toEqual(archive);
  });

  const refused = (message: string) => stalledBy("FetchFailed", "InvalidChartReference", `invalid chart reference: ${message}`);
  const ROOT = "/tmp/helmchart-apps-shop-0/source";
  it.each<{ readonly path: string; readonly message: string }>([
    { path: "./charts/shop", message: `stat ${ROOT}/charts/shop: no such file or directory` },
    { path: "../../outside", message: `stat ${ROOT}/outside: no such file or directory` },
    { path: "./values", message: `open ${ROOT}/values/Chart.yaml: no such file or directory` },
    { path: "values/prod.yaml/x", message: `stat ${ROOT}/values/prod.yaml/x: not a directory` },
    { path: "/deploy/shop", message: "local chart reference path is expected to be relative" },
    { path: "", message: "no path set for local chart reference" },
    { path: "values/prod.yaml", message: "gzip: invalid header" },
    { path: ".", message: `open ${ROOT}/Chart.yaml: no such file or directory` },
  ])("at $path is refused", async ({ path, message }) => {
    world.git("app", COMMIT, files);
    fromGit({ chart: path });
    await pass();
    expect(lines()).toEqual(refused(message));
  });

  it.each([
    ["apiVersion: v2\nname: shop\nversion: one\n", 'validation: chart.metadata.version "one" is invalid'],
    ["apiVersion: v2\nversion: 1.0.0\n", "validation: chart.metadata.name is required"],
    ["a: [", "cannot load 'Chart.yaml': error converting YAML to JSON: yaml: line 2: did not find expected node content"],
  ])("with the Chart.yaml %j is refused", async (text, message) => {
    world.git("app", COMMIT, { ...files, "deploy/shop/Chart.yaml": text });
    fromGit();
    await pass();
    expect(lines()[0]?.replace(/line \d+/, "line 2")).toBe(refused(message)[0]);
  });

  it.each([
    [["values/none.yaml"], "no values file found at path '/values/none.yaml' (reference 'values/none.yaml')"],
    [["../../../etc/passwd"], "no values file found at path '/etc/passwd' (reference '../../../etc/passwd')"],
    [["deploy"], "no values file found at path '/deploy' (reference 'deploy')"],
  ])("with the values files %j is refused", async (valuesFiles, message) => {
    world.git("app", COMMIT, files);
    fromGit({ valuesFiles });
    await pass();
    expect(lines()).toEqual(stalledBy("BuildFailed", "ValuesFilesError", `values files merge error: ${message}`));
  });
});

describe("dependencies", () => {
  const withDependencies = (dependencies: string, more: { readonly [path: string]: string } = {}) => ({
    "shop/Chart.yaml": `apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n${dependencies}`,
    "shop/values.yaml": "",
    "common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 2.3.0\n",
    ...more,
  });
  const build = async (files: { readonly [path: string]: string }) => {
    world.git("app", "1", files);
    fromGit({ chart: "shop" });
    await pass();
  };

  it("lie in the artifact", async () => {
    await build(withDependencies('- {name: common, version: ">=2", repository: "file://../common"}\n'));
    expect(lines()).toEqual(ready("packaged 'shop' chart with version '1.0.0'", "ChartPackageSucceeded"));
    expect(loaded().dependencies.map(({ metadata }) => `${metadata.name} ${metadata.version}`)).toEqual(["common 2.3.0"]);
    expect(world.events[0]).toBe("Trace ResolvedDependencies resolved 1 chart dependencies");
  });

  it("come from where Chart.yaml says, with the login of a HelmRepository of the same URL, and as Chart.lock has them", async () => {
    world.secret("login", { username: "ada", password: "pw" });
    repository({ url: "https://charts.example.com/stable/", secretRef: { name: "login" } });
    world.indexes.set("https://charts.example.com/stable/", indexOf("1.0.0", "1.1.0"));
    await world.pass("HelmRepository", "charts");
    world.charts.set("https://charts.example.com/stable/shop-1.0.0.tgz", chartArchive("shop", "1.0.0"));
    const lock = "dependencies:\n- {name: shop, version: 1.0.0, repository: https://charts.example.com/stable}\ndigest: x\ngenerated: 2024-01-01T00:00:00Z\n";
    await build(withDependencies("- {name: shop, version: 1.x, repository: https://charts.example.com/stable}\n", { "shop/Chart.lock": lock }));
    expect(loaded().dependencies.map(({ metadata }) => metadata.version)).toEqual(["1.0.0"]);
    expect(world.asked).toEqual(["chart https://charts.example.com/stable/shop-1.0.0.tgz"]);
    expect(world.targets[0]?.credentials).toMatchObject({ username: "ada" });
  });

  it("come from anybody's repository or registry without a login", async () => {
    world.indexes.set("https://other.example.com/", indexOf("1.0.0"));
    world.charts
      .set("https://other.example.com/shop-1.0.0.tgz", chartArchive("shop", "1.0.0"))
      .set("oci://other.example.com/charts/cart:1.0.0", chartArchive("cart", "1.0.0"));
    await build(
      withDependencies(
        "- {name: shop, version: 1.x, repository: https://other.example.com}\n- {name: cart, version: 1.0.0, repository: 'oci://other.example.com/charts'}\n",
      ),
    );
    expect(loaded().dependencies.map(({ metadata }) => metadata.name)).toEqual(["cart", "shop"]);
    expect(world.targets.map(({ credentials }) => credentials)).toEqual([undefined, undefined, undefined]);
  });

  it("that are packed are not fetched", async () => {
    await build(
      withDependencies("- {name: common, version: 2.x, repository: https://other.example.com}\n", {
        "shop/charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 2.0.0\n",
      }),
    );
    expect(world.asked).toEqual([]);
    expect(loaded().dependencies.map(({ metadata }) => metadata.version)).toEqual(["2.0.0"]);
  });

  it.each([
    [
      '{name: common, version: ">=3", repository: "file://../common"}',
      "failed to add local dependency 'common': can't get a valid version for constraint '>=3'",
    ],
    [
      '{name: none, version: "1", repository: "file://../../../none"}',
      "failed to add local dependency 'none': no chart found at '/none' (reference 'file://../../../none')",
    ],
    [
      '{name: common, version: "?", repository: "file://../common"}',
      "failed to add local dependency 'common': invalid version/constraint format '?': improper constraint: \"?\"",
    ],
    [
      '{name: x, alias: other, version: "1", repository: "@stable"}',
      "failed to add remote dependency 'other': aliased repository dependency is not supported: @stable",
    ],
    ['{name: x, version: "1", repository: "ftp://a"}', "failed to add remote dependency 'x': invalid dependency repository URL: ftp://a"],
    [
      '{name: x, version: "1", repository: "https://none.example.com"}',
      "failed to add remote dependency 'x': failed to get chart 'x' version '1' from 'https://none.example.com': failed to cache index: failed to cache index to temporary file: failed to fetch https://none.example.com/index.yaml : 404 Not Found",
    ],
  ])("such as %s are tried again", async (dependency, message) => {
    await build(withDependencies(`- ${dependency}\n`));
    expect(lines()).toEqual(failing("BuildFailed", "DependencyBuildError", `dependency build error: ${message}`));
  });
});

describe("the source", () => {
  it("that is not there is looked for again", async () => {
    chart();
    expect((await pass()).kind).toBe("failed");
    const message = 'failed to get source: HelmRepository.source.toolkit.fluxcd.io "charts" not found';
    expect(lines()).toEqual(failing("FetchFailed", "SourceUnavailable", message));
    expect(world.events).toEqual([`Warning SourceUnavailable ${message}`]);
  });

  it.each([
    { name: "without an artifact is waited for", isSeen: true, events: ["Trace NoSourceArtifact no artifact available for HelmRepository source 'charts'"] },
    { name: "that nobody has looked at yet is waited for in silence: it sends its charts when it has one", isSeen: false, events: [] },
  ])("$name", async ({ isSeen, events }) => {
    repository();
    if (isSeen) await world.pass("HelmRepository", "charts");
    chart();
    expect(await pass()).toMatchObject({ kind: "waiting", retryIn: 2000 });
    expect(lines()).toEqual(failing("FetchFailed", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"));
    expect(world.events).toEqual(events);
  });

  it("whose artifact is lost is waited for, and looked at itself", async () => {
    await publish("1.0.0");
    world.stored.clear();
    chart();
    expect(await pass()).toMatchObject({ kind: "waiting", lostArtifact: true });
  });

  it("may not be a Bucket yet", async () => {
    chart({ sourceRef: { kind: "Bucket", name: "charts" } });
    expect((await pass()).kind).toBe("stalled");
    const message = "failed to get source: unsupported source kind 'Bucket', must be one of: [HelmRepository GitRepository]";
    expect(lines()).toEqual([
      `FetchFailed True SourceUnavailable 1 ${message}`,
      `Ready False SourceUnavailable 1 ${message}`,
      `Stalled True UnsupportedSourceKind 1 ${message}`,
      "observed 1",
    ]);
  });
});

describe("its own artifact and end", () => {
  it("is pulled again when it has disappeared", async () => {
    await publish("1.0.0");
    chart();
    await pass();
    world.stored.delete(String(world.artifact("HelmChart", "shop").digest));
    await pass();
    expect(world.asked).toEqual([`chart ${URL_OF}/shop-1.0.0.tgz`]);
    expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.0.0'"));
  });

  it("answers a request, also while suspended", async () => {
    await publish("1.0.0");
    chart();
    await pass();
    world.request("HelmChart", "shop", "now");
    await pass();
    expect(world.events).toEqual(["Trace ArtifactUpToDate artifact up-to-date with remote revision: '1.0.0'"]);
    expect(status().lastHandledReconcileAt).toBe("now");
    chart({ suspend: true });
    world.request("HelmChart", "shop", "then");
    expect(await pass()).toEqual({ kind: "skipped", why: "suspended" });
    expect(status()).toMatchObject({ lastHandledReconcileAt: "then", observedGeneration: 2 });
    await atRest();
  });

  it("goes with a word when it is deleted", async () => {
    await publish("1.0.0");
    chart();
    await pass();
    world.edit("HelmChart", "shop", (manifest) => ({ ...manifest, metadata: { ...manifest.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" } }));
    await pass();
    expect(world.events).toEqual(["Normal GarbageCollectionSucceeded garbage collected artifacts for deleted resource"]);
    expect(world.object("HelmChart", "shop")).toBeUndefined();
  });

  it("ends the same when it is cut off after any call of a port and begun again", async () => {
    let cut = 0;
    for (let ended = false; !ended; cut++) {
      world = createSourceWorld();
      await publish("1.0.0");
      chart();
      ended = await pass(cut).then(
        () => true,
        () => false,
      );
      await pass();
      expect(lines()).toEqual(ready("pulled 'shop' chart with version '1.0.0'"));
      await atRest();
    }
    expect(cut).toBeGreaterThan(9);
  });
});
