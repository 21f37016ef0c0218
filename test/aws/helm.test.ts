import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish } from "./scenario/finish.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

const { KUBEBUILDER_ASSETS: assets = "" } = process.env;

let world: AwsWorld;
beforeAll(async () => {
  world = await createAwsWorld({ ...(assets !== "" && { assets }), visibilitySeconds: 60 });
  await world.watchRepository("ada/app", { path: "./apps" });
});
afterAll(() => world?.stop());

const NAMESPACE = "flux-system";
const chart = (version: string): { readonly [path: string]: string } => ({
  "charts/web/Chart.yaml": `apiVersion: v2\nname: web\nversion: ${version}\n`,
  "charts/web/values.yaml": "colour: blue\n",
  "charts/web/templates/config.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {colour: {{ .Values.colour | quote }}, version: {{ .Chart.Version | quote }}, secret: {{ randAlphaNum 20 | b64enc }}}\n",
});
const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: ${NAMESPACE}
spec:
  interval: 10m
  chart: {spec: {chart: ./charts/web, interval: 10m, sourceRef: {kind: GitRepository, name: app}}}
  values: {colour: green}
`;

async function read(kind: string, apiVersion: string, name: string): Promise<Manifest | undefined> {
  const answer = await world.cluster().admin.get({ apiVersion, kind, namespace: NAMESPACE, name });
  return answer.kind === "found" ? answer.object : undefined;
}
const config = () => read("ConfigMap", "v1", "web");
const release = () => read("HelmRelease", "helm.toolkit.fluxcd.io/v2", "web");
const ready = { type: "Ready", status: "True" };

describe("a release whose chart lies in Git", () => {
  it("is installed by the push that adds it, without a sweep: whoever makes an object sends it", async () => {
    const sweeps = world.fn("sweep").invocations.length;
    await world.push("ada/app", { ...chart("1.0.0"), "apps/release.yaml": RELEASE });
    await finish(world);
    expect(world.fn("sweep").invocations).toHaveLength(sweeps);
    expect(await config()).toMatchObject({ data: { colour: "green", version: "1.0.0" }, metadata: { annotations: { "meta.helm.sh/release-name": "web" } } });
    expect(await release()).toMatchObject({
      status: {
        conditions: expect.arrayContaining([expect.objectContaining({ ...ready, reason: "InstallSucceeded" })]),
        history: [{ version: 1, status: "deployed" }],
      },
    });
    expect(await read("HelmChart", "source.toolkit.fluxcd.io/v1", `${NAMESPACE}-web`)).toMatchObject({ status: { artifact: { revision: "1.0.0" } } });
    expect(world.deadLetters()).toEqual([]);
  });

  it("is upgraded by the push of another version, without a sweep", async () => {
    const sweeps = world.fn("sweep").invocations.length;
    await world.push("ada/app", chart("1.1.0"));
    await finish(world);
    expect(await config()).toMatchObject({ data: { colour: "green", version: "1.1.0" } });
    expect(await release()).toMatchObject({
      status: {
        history: [
          { version: 2, status: "deployed" },
          { version: 1, status: "superseded" },
        ],
      },
    });
    expect(world.fn("sweep").invocations).toHaveLength(sweeps);
    const timed = world.fn("apply").logs.filter(({ fields }) => fields?.["PushToApplied"] !== undefined);
    expect(timed.length).toBeGreaterThan(0);
  });

  it("at rest is looked at by sweeps alone, whose looks find nothing to do", async () => {
    const before = ["source", "apply"].map((name) => world.fn(name === "source" ? "source" : "apply").invocations.length);
    const version = (await release())?.metadata.resourceVersion;
    const start = Date.now();
    for (let minute = 1; minute <= 11; minute++) await world.tick(new Date(start + minute * 60_000));
    await finish(world);
    expect(["source", "apply"].map((name) => world.fn(name === "source" ? "source" : "apply").invocations.length)).toEqual(before);
    expect((await release())?.metadata.resourceVersion).toBe(version);
  });

  it("leaves nothing behind when a push takes it away, its chart included, without a sweep", async () => {
    const sweeps = world.fn("sweep").invocations.length;
    await world.push("ada/app", { "apps/release.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: instead, namespace: default}\n" });
    await finish(world);
    expect(world.fn("sweep").invocations).toHaveLength(sweeps);
    expect([await release(), await config(), await read("HelmChart", "source.toolkit.fluxcd.io/v1", `${NAMESPACE}-web`)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const secrets = await world.cluster().admin.list({ apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, labelSelector: "owner=helm" });
    expect(secrets).toMatchObject({ kind: "listed", items: [] });
  });

  it("nothing went wrong on the way", () => finish(world));
});
