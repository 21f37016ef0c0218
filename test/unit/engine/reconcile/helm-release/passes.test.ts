import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cutEverywhere, STORIES } from "../../../../support/helm-release/crash-stories.ts";
import { type ReleaseBench, type ReleaseScenario, startReleaseBench } from "../../../../support/helm-release/release-bench.ts";

let bench: ReleaseBench;
beforeAll(async () => {
  bench = await startReleaseBench();
});
afterAll(() => bench.stop());

const installed = async (): Promise<ReleaseScenario> => {
  const scenario = await bench.scenario();
  await scenario.chart("1.0.0");
  await scenario.spec();
  await scenario.settle();
  return scenario;
};

describe("a release", () => {
  it("is installed, and rests", async () => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0");
    await scenario.spec();
    const { outcome, events } = await scenario.settle();
    expect(outcome).toEqual({ kind: "succeeded", revision: "1.0.0" });
    expect(events).toEqual(["Normal InstallSucceeded Helm install succeeded for release NS/shop.v1 with chart shop@1.0.0"]);
    expect(await scenario.line()).toBe("Ready=True:InstallSucceeded Released=True:InstallSucceeded | observed 1 of 1");
    expect(await scenario.history()).toEqual(["1 deployed install"]);
    expect((await scenario.parsed()).status).toMatchObject({
      inventory: { entries: [{ id: `${scenario.namespace}_shop__ConfigMap`, v: "v1" }] },
      lastAttemptedGeneration: 1,
      lastAttemptedReleaseAction: "install",
      lastAttemptedRevision: "1.0.0",
      storageNamespace: scenario.namespace,
    });
  });

  it("at rest costs reads and nothing else: no chart, no list, no write", async () => {
    const scenario = await installed();
    const { calls, events } = await scenario.pass();
    expect(calls).toEqual(["get HelmChart/shop", "get Secret/sh.helm.release.v1.shop.v1", "get Secret/sh.helm.release.v1.shop.v2"]);
    expect(events).toEqual([]);
  });

  it("asks the server for what it must, and for nothing twice", async () => {
    const scenario = await bench.scenario();
    const sourceRef = { kind: "HelmRepository", name: "charts" };
    await scenario.spec({ chart: { spec: { chart: "shop", sourceRef } } });
    expect((await scenario.pass()).calls).toEqual([
      "get Deployment/sluice",
      "get CustomResourceDefinition/helmreleases.helm.toolkit.fluxcd.io",
      "patch HelmRelease/shop",
      "apply HelmChart/NS-shop",
      "patch status HelmRelease/shop",
      "emit event",
    ]);
    await scenario.artifact(
      { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "HelmChart", namespace: scenario.namespace, name: `${scenario.namespace}-shop` },
      "shop",
      "1.0.0",
    );
    const [begin, end] = [
      ["read artifact", "patch status HelmRelease/shop"],
      ["patch status HelmRelease/shop", "emit event"],
    ];
    const made = ["create Secret/sh.helm.release.v1.shop.v1", "apply ConfigMap/shop", "replace Secret/sh.helm.release.v1.shop.v1"];
    expect((await scenario.pass()).calls).toEqual(["get HelmChart/NS-shop", "list Secret", ...begin, ...made, ...end]);
    await scenario.spec({ chart: { spec: { chart: "shop", sourceRef } }, values: { colour: "green" } });
    const known = ["get Secret/sh.helm.release.v1.shop.v1", "get Secret/sh.helm.release.v1.shop.v2"];
    const changed = [
      "create Secret/sh.helm.release.v1.shop.v2",
      "apply ConfigMap/shop",
      "replace Secret/sh.helm.release.v1.shop.v1",
      "replace Secret/sh.helm.release.v1.shop.v2",
    ];
    expect((await scenario.pass()).calls).toEqual(["get HelmChart/NS-shop", ...known, ...begin, ...changed, ...end]);
  });

  it("is upgraded by other values, and by another version of its chart", async () => {
    const scenario = await installed();
    await scenario.spec({ values: { colour: "green" } });
    expect((await scenario.settle()).events).toEqual(["Normal UpgradeSucceeded Helm upgrade succeeded for release NS/shop.v2 with chart shop@1.0.0"]);
    expect((await scenario.find("v1", "ConfigMap", "shop"))?.data).toEqual({ colour: "green" });
    await scenario.chart("1.1.0");
    await scenario.settle();
    expect(await scenario.history()).toEqual(["3 deployed upgrade", "2 superseded -"]);
    expect(await scenario.stored()).toEqual(["v1 superseded", "v2 superseded", "v3 deployed"]);
  });
});

describe("a failure", () => {
  const REFUSED = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ if .Values.bad }}Not_A_Name{{ else }}shop{{ end }}}
data: {colour: "{{ .Values.colour }}"}
`;
  const failing = async (spec: JsonObject): Promise<ReleaseScenario> => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0", { "templates/config.yaml": REFUSED });
    await scenario.spec({ values: { colour: "blue", bad: true }, ...spec });
    return scenario;
  };

  it("that was stored counts, and ends where no retry is left", async () => {
    const scenario = await failing({});
    const { outcome } = await scenario.settle();
    expect(outcome).toEqual({ kind: "stalled", cause: { reason: "RetriesExceeded", message: "Failed to install after 1 attempt(s)" } });
    expect(await scenario.line()).toBe("Stalled=True:RetriesExceeded Ready=False:InstallFailed Released=False:InstallFailed | observed 1 of 1");
    expect((await scenario.pass()).writes).toEqual([]);
  });

  it("with RetryOnFailure is tried again after its interval", async () => {
    const scenario = await failing({ install: { strategy: { name: "RetryOnFailure", retryInterval: "6s" } } });
    expect((await scenario.settle()).outcome).toMatchObject({ kind: "failed", retryIn: 6000 });
    expect(await scenario.message("Reconciling")).toBe("retrying after 6s");
  });

  it("that stored nothing is tried again with back-off, and counts for itself alone", async () => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0", { "templates/config.yaml": '{{ fail "no" }}' });
    await scenario.spec();
    expect((await scenario.settle()).outcome).toMatchObject({ kind: "failed" });
    await scenario.pass();
    expect((await scenario.parsed()).status).toMatchObject({ failures: 2, observedGeneration: -1 });
    expect((await scenario.parsed()).status.installFailures).toBeUndefined();
    expect(await scenario.message("Reconciling")).toBe("Running 'install' action with timeout of 5m0s");
  });

  it("shows no value of a Secret", async () => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0", { "templates/config.yaml": "{{ fail .Values.password }}" });
    await scenario.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "given", namespace: scenario.namespace },
      stringData: { p: "hunter2-and-more" },
    });
    await scenario.spec({ valuesFrom: [{ kind: "Secret", name: "given", valuesKey: "p", targetPath: "password" }] });
    const { events } = await scenario.settle();
    expect(`${events.join()}${await scenario.message()}`).not.toContain("hunter2");
    expect(await scenario.message()).toContain("*****");
  });
});

describe("somebody else", () => {
  it("who changed the release is upgraded over; who left it pending is unlocked", async () => {
    const scenario = await installed();
    const storage = createReleaseStorage(scenario.admin, { releaseName: "shop", storageNamespace: scenario.namespace }, { now: scenario.now });
    const found = await storage.read(1);
    if (found.kind !== "found") throw new Error("no release");
    const { release } = found.secret;
    await storage.update({ ...found.secret, release: { ...release, info: { ...release.info, status: "pending-upgrade" } } });
    const { events } = await scenario.settle();
    expect(events).toEqual([
      "Normal PendingRelease Unlocked Helm release NS/shop.v1 with chart shop@1.0.0 in pending-upgrade state",
      "Normal UpgradeSucceeded Helm upgrade succeeded for release NS/shop.v2 with chart shop@1.0.0",
    ]);
    expect(await scenario.stored()).toEqual(["v1 superseded", "v2 deployed"]);
  });

  it("who changes the spec while an action runs finds its end written down, and the new spec done", async () => {
    const begin = async (): Promise<ReleaseScenario> => {
      const begun = await bench.scenario();
      await begun.chart("1.0.0");
      await begun.spec();
      return begun;
    };
    const { calls } = await (await begin()).pass();
    const applied = calls.findIndex((call) => call.startsWith("apply ConfigMap")) + 1;
    const scenario = await begin();
    const hold = async (n: number): Promise<void> => {
      if (n === applied) await scenario.spec({ values: { colour: "green" } });
    };
    expect((await scenario.pass({ hold })).outcome).toMatchObject({ kind: "skipped", again: true });
    await scenario.settle();
    expect(await scenario.history()).toEqual(["2 deployed upgrade", "1 superseded -"]);
    expect(await scenario.line()).toBe("Ready=True:UpgradeSucceeded Released=True:UpgradeSucceeded | observed 2 of 2");
  });
});

it("is upgraded again when that is asked for, once", async () => {
  const scenario = await installed();
  const at = "2030-01-01T00:00:00Z";
  await scenario.spec({}, { "reconcile.fluxcd.io/requestedAt": at, "reconcile.fluxcd.io/forceAt": at });
  await scenario.settle();
  await scenario.settle();
  expect(await scenario.stored()).toEqual(["v1 superseded", "v2 deployed"]);
  expect((await scenario.parsed()).status).toMatchObject({ lastHandledForceAt: at, lastHandledReconcileAt: at });
});

describe("the HelmChart", () => {
  const template = (chart: JsonObject): JsonObject => ({ chart: { spec: { chart: "shop", sourceRef: { kind: "HelmRepository", name: "charts" }, ...chart } } });

  it("is made, changed and taken away as the spec says", async () => {
    const scenario = await bench.scenario();
    const name = `${scenario.namespace}-shop`;
    await scenario.spec(template({ version: "1.x" }));
    const first = await scenario.settle();
    expect(first.events).toEqual(["Trace HelmChartCreated Created HelmChart/NS/NS-shop with SourceRef 'HelmRepository/NS/charts'"]);
    expect(await scenario.message()).toBe("HelmChart 'NS/NS-shop' is not ready: latest generation of object has not been reconciled");
    expect((await scenario.find("source.toolkit.fluxcd.io/v1", "HelmChart", name))?.metadata.labels).toEqual({
      "helm.toolkit.fluxcd.io/name": "shop",
      "helm.toolkit.fluxcd.io/namespace": scenario.namespace,
    });
    await scenario.spec(template({ version: "2.x" }));
    expect((await scenario.settle()).events).toEqual(["Trace HelmChartConfigured Configured HelmChart/NS/NS-shop with SourceRef 'HelmRepository/NS/charts'"]);
    expect((await scenario.pass()).calls.filter((call) => call.startsWith("apply"))).toEqual([]);
    await scenario.remove();
    expect((await scenario.settle()).events).toEqual(["Trace HelmChartDeleted deleted HelmChart 'NS/NS-shop'"]);
    expect(await scenario.find("source.toolkit.fluxcd.io/v1", "HelmChart", name)).toBeUndefined();
  });

  it("of another namespace is not for it where the host says so", async () => {
    const scenario = await bench.scenario();
    await scenario.spec(template({ sourceRef: { kind: "HelmRepository", name: "charts", namespace: "elsewhere" } }));
    await scenario.settle({ settings: { noCrossNamespaceRefs: true } });
    expect(await scenario.line()).toBe("Stalled=True:AccessDenied Ready=False:AccessDenied | observed 1 of 1");
  });
});

it.each<{ name: string; spec: JsonObject; want: string }>([
  {
    name: "none",
    spec: { chartRef: { kind: "HelmChart", name: "none" } },
    want: 'could not get Source object: HelmChart.source.toolkit.fluxcd.io "none" not found',
  },
  {
    name: "an OCIRepository that is not there",
    spec: { chartRef: { kind: "OCIRepository", name: "none" } },
    want: 'could not get Source object: OCIRepository.source.toolkit.fluxcd.io "none" not found',
  },
  {
    name: "an ExternalArtifact",
    spec: { chartRef: { kind: "ExternalArtifact", name: "none" } },
    want: "can't access 'ExternalArtifact/NS/none', ExternalArtifact feature gate is disabled",
  },
  {
    name: "a dependency that is not there",
    spec: { dependsOn: [{ name: "first" }] },
    want: "unable to get 'NS/first' dependency: helmreleases.helm.toolkit.fluxcd.io \"first\" not found",
  },
])("says what it waits for: $name", async ({ spec, want }) => {
  const scenario = await bench.scenario();
  await scenario.spec(spec);
  await scenario.settle();
  expect(await scenario.message()).toBe(want);
  expect((await scenario.pass()).events).toEqual([]);
});

it("asks for its source again when the store has lost the chart", async () => {
  const scenario = await bench.scenario();
  await scenario.chart("1.0.0");
  await scenario.spec();
  scenario.memory.artifacts.clear();
  expect((await scenario.settle()).outcome).toMatchObject({ kind: "waiting", lostArtifact: true });
});

it("suspended it does nothing, and lets go of what it has when it is deleted", async () => {
  const scenario = await installed();
  await scenario.spec({ suspend: true, values: { colour: "green" } });
  expect((await scenario.pass()).calls).toEqual(["patch status HelmRelease/shop"]);
  expect(await scenario.line()).toBe("Ready=True:InstallSucceeded Released=True:InstallSucceeded | observed 2 of 2");
  await scenario.remove();
  await scenario.settle();
  expect(await scenario.object()).toBeUndefined();
  expect(await scenario.stored()).toEqual(["v1 deployed"]);
});

it("comes to the same end, whatever it had written when its upgrade was cut off", async () => {
  const [, story] = STORIES;
  expect(story === undefined ? "no story" : await cutEverywhere(bench, story, "behind writes")).toEqual([]);
});

describe("an action that waits", () => {
  const VOLUME = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: web}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
  const waiting = async (): Promise<ReleaseScenario> => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0", { "templates/web.yaml": VOLUME });
    await scenario.spec({ timeout: "30s" });
    expect((await scenario.pass()).outcome).toMatchObject({ kind: "progressing", cause: { message: "Running 'install' action with timeout of 30s" } });
    return scenario;
  };
  const become = (scenario: ReleaseScenario): Promise<void> => scenario.status(scenario.ref("v1", "PersistentVolumeClaim", "web"), { phase: "Bound" });

  it("ends in a later pass, whatever became of the chart and the spec since", async () => {
    const scenario = await waiting();
    expect(await scenario.line()).toBe("Reconciling=True:Progressing Ready=Unknown:Progressing | observed -1 of 1");
    expect(await scenario.history()).toEqual(["1 pending-install install"]);
    expect((await scenario.pass()).writes.filter((write) => !write.includes("Secret"))).toEqual([]);
    await scenario.spec({ timeout: "30s", values: { colour: "green" }, dependsOn: [{ name: "never" }] });
    await become(scenario);
    const { events } = await scenario.settle();
    expect(events[0]).toBe("Normal InstallSucceeded Helm install succeeded for release NS/shop.v1 with chart shop@1.0.0");
    expect(await scenario.history()).toEqual(["1 deployed install"]);
    expect(await scenario.line()).toBe("Reconciling=True:Progressing Ready=False:DependencyNotReady Released=True:InstallSucceeded | observed -1 of 2");
  });

  it("ends at its time, too", async () => {
    const scenario = await waiting();
    const { outcome } = await scenario.settle();
    expect(outcome).toMatchObject({ kind: "stalled" });
    expect(await scenario.message()).toBe(
      "Helm install failed for release NS/shop with chart shop@1.0.0: timeout waiting for: [PersistentVolumeClaim/NS/web status: 'InProgress']",
    );
  });

  it("goes to its end before what it made is taken away", async () => {
    const scenario = await waiting();
    await scenario.remove();
    const { events } = await scenario.settle();
    expect(events.map((event) => event.split(" ")[1])).toEqual(["InstallFailed", "UninstallSucceeded"]);
    expect([await scenario.stored(), await scenario.find("v1", "PersistentVolumeClaim", "web"), await scenario.object()]).toEqual([[], undefined, undefined]);
  });
});
