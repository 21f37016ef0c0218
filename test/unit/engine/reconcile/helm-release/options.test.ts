import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFIG, type ReleaseBench, type ReleaseScenario, startReleaseBench } from "../../../../support/helm-release/release-bench.ts";

let bench: ReleaseBench;
beforeAll(async () => {
  bench = await startReleaseBench();
});
afterAll(() => bench.stop());

/** Installed, with the chart `shop` 1.0.0. */
async function installed(spec: JsonObject = {}, files = { "templates/config.yaml": CONFIG }): Promise<ReleaseScenario> {
  const scenario = await bench.scenario();
  await scenario.chart("1.0.0", files);
  await scenario.spec(spec);
  await scenario.settle();
  return scenario;
}

describe("a release that is to be another one", () => {
  it("of another name: the old one is uninstalled, the new one installed", async () => {
    const scenario = await installed();
    await scenario.spec({ releaseName: "other" });
    const { events } = await scenario.settle();
    expect(events.map((event) => event.split(" ")[1])).toEqual(["UninstallSucceeded", "InstallSucceeded"]);
    expect(await scenario.names("ConfigMap")).toEqual(["other"]);
    expect([await scenario.stored(), await scenario.stored(scenario.namespace, "other")]).toEqual([[], ["v1 deployed"]]);
  });

  it.each([
    { strategy: "Reinstall", want: ["UninstallSucceeded", "InstallSucceeded"], stored: ["v1 deployed"] },
    { strategy: "InPlaceUpdate", want: ["UpgradeSucceeded"], stored: ["v1 superseded", "v2 deployed"] },
  ])("of a chart with another name, by $strategy", async ({ strategy, want, stored }) => {
    const scenario = await installed({ upgrade: { chartNameChangeStrategy: strategy } });
    await scenario.chart("1.0.0", { "templates/config.yaml": CONFIG }, { chart: "store" });
    const { events } = await scenario.settle();
    expect(events.map((event) => event.split(" ")[1])).toEqual(want);
    expect(await scenario.stored()).toEqual(stored);
  });
});

describe("hooks", () => {
  const hook = `apiVersion: v1
kind: ConfigMap
metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
`;
  it.each([
    { disableHooks: false, want: ["hook", "shop"] },
    { disableHooks: true, want: ["shop"] },
  ])("with disableHooks $disableHooks: $want", async ({ disableHooks, want }) => {
    const scenario = await installed({ install: { disableHooks } }, { "templates/config.yaml": `${CONFIG}---\n${hook}` });
    expect((await scenario.names("ConfigMap")).toSorted()).toEqual(want);
  });
});

it("healthCheckExprs decide when a custom resource is ready", async () => {
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "shops.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Shop", plural: "shops", singular: "shop", listKind: "ShopList" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { status: { type: "object", properties: { phase: { type: "string" } } } } } },
        },
      ],
    },
  };
  const scenario = await bench.scenario();
  await scenario.apply(crd);
  await scenario.chart("1.0.0", {
    "templates/shop.yaml": "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: one}\nstatus: {phase: {{ .Values.phase }}}\n",
  });
  const healthCheckExprs = [{ apiVersion: "example.com/v1", kind: "Shop", current: "status.phase == 'open'", failed: "status.phase == 'burnt'" }];
  await scenario.spec({ healthCheckExprs, values: { phase: "new" } });
  expect((await scenario.pass()).outcome).toMatchObject({ kind: "progressing" });
  await scenario.apply(
    { apiVersion: "example.com/v1", kind: "Shop", metadata: { name: "one", namespace: scenario.namespace }, status: { phase: "open" } },
    "operator",
  );
  expect((await scenario.settle()).outcome).toMatchObject({ kind: "succeeded" });
  await scenario.spec({ healthCheckExprs, values: { phase: "burnt" } });
  await scenario.settle();
  expect(await scenario.message()).toContain("failed early due to stalled resources: [Shop/NS/one status: 'Failed']");
});

it("storageNamespace has the revisions, targetNamespace the objects", async () => {
  const other = await bench.scenario();
  const scenario = await installed({ storageNamespace: other.namespace });
  expect([await scenario.stored(), await scenario.stored(other.namespace)]).toEqual([[], ["v1 deployed"]]);
  expect(await scenario.names("ConfigMap")).toEqual(["shop"]);
});

describe("in whose name", () => {
  it.each([
    { name: "the ServiceAccount of the spec", spec: { serviceAccountName: "deployer" }, settings: {}, want: "as deployer: " },
    { name: "the default of the installation", spec: {}, settings: { defaultServiceAccount: "tenant" }, want: "as tenant: " },
    { name: "our own", spec: {}, settings: {}, want: "" },
  ])("$name: storage and objects, and nothing else", async ({ spec, settings, want }) => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0");
    await scenario.spec(spec);
    const subjects = ["deployer", "tenant"].map((name) => ({ kind: "ServiceAccount", name, namespace: scenario.namespace }));
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" };
    const metadata = { name: "deployers", namespace: scenario.namespace };
    await scenario.apply({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata, roleRef, subjects });
    const { calls } = await scenario.pass({ settings });
    const acting = calls.filter((call) => /Secret\/sh\.helm/.test(call) || call.includes("apply ConfigMap/"));
    expect(acting.length).toBeGreaterThan(0);
    for (const call of acting) expect(call.startsWith(want) && (want !== "" || !call.startsWith("as "))).toBe(true);
    expect(calls.filter((call) => call.includes("HelmRelease") && call.startsWith("as "))).toEqual([]);
  });

  it.each(["", "a/b"])("an account %j is nobody's, and nothing is done", async (serviceAccountName) => {
    const scenario = await bench.scenario();
    await scenario.chart("1.0.0");
    await scenario.spec();
    const { outcome, writes } = await scenario.pass({ settings: { defaultServiceAccount: serviceAccountName } });
    expect(outcome).toMatchObject({ kind: "stalled", cause: { reason: "AccessDenied" } });
    expect(writes.filter((write) => !write.includes("HelmRelease"))).toEqual([]);
  });
});

it("a rollback whose hook fails leaves nothing pending", async () => {
  const named = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}`;
  const files = {
    "templates/config.yaml": CONFIG,
    "templates/refused.yaml": `{{ if .Values.bad }}${named("Not_A_Name")}}{{ end }}\n`,
    "templates/hook.yaml": `${named("Nor_This")}, annotations: {helm.sh/hook: pre-rollback}}\n`,
  };
  const upgrade = { remediation: { retries: 1 } };
  const scenario = await installed({ upgrade }, files);
  await scenario.spec({ values: { colour: "green", bad: true }, upgrade });
  expect((await scenario.pass()).outcome).toMatchObject({ again: true });
  expect(await scenario.stored()).toEqual(["v1 deployed", "v2 failed", "v3 failed"]);
  expect(await scenario.message()).toMatch(/^Helm rollback to previous release NS\/shop\.v1 with chart shop@1\.0\.0 failed: /);
});
