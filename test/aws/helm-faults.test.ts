import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish } from "./scenario/finish.ts";
import type { ApiAsk } from "./world/api-requests.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** Releases whose functions die in the middle of an action, whose charts mean harm, and whose repositories do not answer. */
let world: AwsWorld;
beforeAll(async () => {
  world = await createAwsWorld({ visibilitySeconds: 60 });
  await world.watchRepository("ada/app", { path: "./apps" });
});
afterAll(() => world?.stop());

const NAMESPACE = "flux-system";
type Files = { readonly [path: string]: string };

const chart = (name: string, version: string, files: Files): Files => ({
  [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
  ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`charts/${name}/${path}`, text])),
});
/** Three objects, each of which says the version. */
const web = (version: string): Files =>
  chart("web", version, {
    "templates/config.yaml": ["web-a", "web-b", "web-c"]
      .map((name) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {version: {{ .Chart.Version | quote }}}\n`)
      .join(""),
  });
const release = (name: string, spec: JsonObject = {}): Files => ({
  [`apps/${name}.yaml`]: JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name, namespace: NAMESPACE },
    spec: { interval: "10m", chart: { spec: { chart: `./charts/${name}`, interval: "10m", sourceRef: { kind: "GitRepository", name: "app" } } }, ...spec },
  }),
});

async function find(apiVersion: string, kind: string, name: string): Promise<Manifest | undefined> {
  const answer = await world.cluster().admin.get({ apiVersion, kind, namespace: NAMESPACE, name });
  return answer.kind === "found" ? answer.object : undefined;
}
const readyOf = async (apiVersion: string, kind: string, name: string) => {
  const object = await find(apiVersion, kind, name);
  return object === undefined ? undefined : conditionsOf(object).find(({ type }) => type === "Ready");
};
const releaseReady = (name: string) => readyOf("helm.toolkit.fluxcd.io/v2", "HelmRelease", name);
const versions = (): Promise<readonly unknown[]> => Promise.all(["web-a", "web-b", "web-c"].map(async (name) => (await find("v1", "ConfigMap", name))?.data));
const areAt = async (version: string): Promise<boolean> => (await versions()).every((data) => JSON.stringify(data) === JSON.stringify({ version }));
/** Why a release failed, or its chart was not built; undefined while somebody still waits for the other. */
async function problemOf(name: string): Promise<string | undefined> {
  const made = await readyOf("source.toolkit.fluxcd.io/v1", "HelmChart", `${NAMESPACE}-${name}`);
  if (made?.status === "False") return `${made.reason}: ${made.message}`;
  const ready = await releaseReady(name);
  return ready?.status === "False" && ready.reason !== "SourceNotReady" ? `${ready.reason}: ${ready.message}` : undefined;
}
/** Statuses of what Helm has stored, oldest first. */
async function stored(name: string): Promise<readonly string[]> {
  const answer = await world.cluster().admin.list({ apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, labelSelector: `owner=helm,name=${name}` });
  if (answer.kind === "refused") throw new Error(answer.message);
  const labels = answer.items.map(({ metadata }) => metadata.labels ?? {});
  return labels.toSorted((a, b) => Number(a["version"]) - Number(b["version"])).map(({ status = "" }) => status);
}

type Point = { readonly what: string; readonly verb: string; readonly target: RegExp; readonly when: "before" | "after" };

/** Kills `apply` at its next such request, once. */
function killAt({ verb, target, when }: Point): { readonly kills: () => number; readonly disarm: () => void } {
  let kills = 0;
  const act = (): void => {
    kills += world.fn("apply").kill("busy");
  };
  const disarm = world.cluster().api?.fault({
    when: (ask: ApiAsk) => ask.by === "apply" && ask.verb === verb && !ask.dryRun && target.test(ask.target),
    times: 1,
    effect: { kind: "do", when, act },
  });
  return { kills: () => kills, disarm: () => disarm?.() };
}

const POINTS: readonly Point[] = [
  { what: "after the revision was announced, before anything was written", verb: "create", target: /^secrets\//, when: "after" },
  { what: "between the first object and the second", verb: "apply", target: /configmaps\/.*web-b/, when: "before" },
  { what: "after the last object", verb: "apply", target: /configmaps\/.*web-c/, when: "after" },
  { what: "before the revision's end is stored", verb: "update", target: /secrets\/.*sh\.helm\.release/, when: "before" },
];

describe("a function that dies in the middle of an action", () => {
  it.each(POINTS)("of an install, $what: the next message ends it, and nothing stays pending", async (point) => {
    await world.push("ada/app", { ...web("1.0.0"), "apps/web.yaml": "" });
    await finish(world);
    expect(await stored("web")).toEqual([]);
    const { kills, disarm } = killAt(point);
    await world.push("ada/app", { ...web("1.0.0"), ...release("web") });
    await finish(world);
    disarm();
    expect(kills()).toBe(1);
    expect([await versions(), await stored("web")]).toEqual([["1.0.0", "1.0.0", "1.0.0"].map((version) => ({ version })), ["deployed"]]);
    expect(await releaseReady("web")).toMatchObject({ status: "True", reason: "InstallSucceeded" });
    expect((await find("helm.toolkit.fluxcd.io/v2", "HelmRelease", "web"))?.status).toMatchObject({ history: [{ version: 1, status: "deployed" }] });
  });

  it.each(POINTS.map((point, index) => ({ ...point, index })))("of an upgrade, $what: as well", async ({ index, ...point }) => {
    const before = await stored("web");
    const version = `2.0.${index}`;
    const { kills, disarm } = killAt(point);
    await world.push("ada/app", web(version));
    await finish(world);
    disarm();
    expect(kills()).toBe(1);
    expect(await versions()).toEqual([{ version }, { version }, { version }]);
    expect(await stored("web")).toEqual([...before.map(() => "superseded"), "deployed"].slice(-5));
    expect(await releaseReady("web")).toMatchObject({ status: "True", reason: "UpgradeSucceeded" });
  });

  it("no message was given up for it", () => expect(world.deadLetters()).toEqual([]));
});

describe("a release that means harm", () => {
  const ALIASES = `a: &a [${"x,".repeat(9)}x]\n${["b", "c", "d", "e", "f", "g", "h", "i"].map((name, index) => `${name}: &${name} [${`*${"abcdefgh"[index]},`.repeat(9)}*${"abcdefgh"[index]}]\n`).join("")}`;
  it.each<{ name: string; files: Files; spec?: JsonObject; message: RegExp }>([
    {
      name: "endless",
      files: chart("endless", "1.0.0", { "templates/a.yaml": "{{ range until 100000 }}{{ range until 100000 }}{{ . }}{{ end }}{{ end }}" }),
      message: /^InstallFailed: .*takes more than 400000000 steps/s,
    },
    {
      name: "recursive",
      files: chart("recursive", "1.0.0", { "templates/a.yaml": '{{ define "r" }}{{ include "r" . }}{{ include "r" . }}{{ end }}{{ include "r" . }}' }),
      message: /^InstallFailed: .*recursive\/templates\/a\.yaml/s,
    },
    {
      name: "laughs",
      files: chart("laughs", "1.0.0", { "values.yaml": ALIASES, "templates/a.yaml": "{{ .Values | toYaml }}" }),
      message: /^ChartPackageError: .*more than 2000000 values/s,
    },
    {
      name: "values",
      files: {
        ...chart("values", "1.0.0", { "templates/a.yaml": "" }),
        "apps/bomb.yaml": JSON.stringify({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "bomb", namespace: NAMESPACE },
          data: { "values.yaml": ALIASES },
        }),
      },
      spec: { valuesFrom: [{ kind: "ConfigMap", name: "bomb" }] },
      message: /^ValuesError: .*more than 2000000 values/s,
    },
  ])("$name stops itself alone: what is pushed with it is done", async ({ name, files, spec, message }) => {
    const version = `3.0.0-${name}`;
    await world.push("ada/app", { ...web(version), ...release("web"), ...files, ...release(name, spec) });
    await until(async () => (await areAt(version)) && (await problemOf(name)) !== undefined);
    const problem = await problemOf(name);
    expect(problem).toMatch(message);
    expect(problem?.length).toBeLessThan(5000);
    await world.push("ada/app", { [`apps/${name}.yaml`]: "" });
    await until(async () => (await releaseReady(name)) === undefined);
    await finish(world);
    expect(world.deadLetters()).toEqual([]);
  }, 150_000);
});

describe("a Helm repository that does not answer", () => {
  let held = 0;
  let server: Server;
  beforeAll(async () => {
    server = createServer(() => void held++);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("holds up no other source: a push is deployed while it is waited for", async () => {
    const { port } = server.address() as AddressInfo;
    const repository = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "HelmRepository", metadata: { name: "silent", namespace: NAMESPACE } };
    const version = "4.0.0";
    await world.push("ada/app", {
      "apps/silent.yaml": JSON.stringify({ ...repository, spec: { interval: "10m", timeout: "50s", url: `http://127.0.0.1:${port}` } }),
    });
    await until(async () => held > 0);
    await world.push("ada/app", { ...web(version), ...release("web") });
    await until(() => areAt(version));
    expect(await readyOf(repository.apiVersion, "HelmRepository", "silent")).not.toMatchObject({ status: "False" });
    server.closeAllConnections();
    await until(async () => (await readyOf(repository.apiVersion, "HelmRepository", "silent"))?.status === "False");
    expect(world.deadLetters()).toEqual([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it never came to that:\n${world.story().slice(-4000)}`);
    await delay(50);
  }
}
