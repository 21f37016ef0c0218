import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, definition, thing } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
  await scenario.put(definition(GROUP));
});

const GROUP = "NS.example.com";
const CHECKING = "Reconciling=True:Progressing Ready=Unknown:Progressing Healthy=Unknown:Progressing";
const HEALTHY = "Ready=True:ReconciliationSucceeded Healthy=True:Succeeded | observed 1 of 1";
const SICK = "Reconciling=True:ProgressingWithRetry Ready=False:HealthCheckFailed Healthy=False:HealthCheckFailed";
const ref = (name: string) => scenario.ref(`${scenario.namespace}.example.com/v1`, "Thing", name);
const say = (name: string, type: string, status = "True"): Promise<void> => scenario.status(ref(name), { conditions: [{ type, status }] });
const busy = (name: string): Promise<void> => say(name, "Ready", "False");

describe("spec.wait", () => {
  it("looks, sooner while it is fresh, until all is well; then says how long it took", async () => {
    const revision = await scenario.push(thing(GROUP, "one") + configMap("a"));
    await scenario.put(thing(GROUP, "one"));
    await busy("one");
    await scenario.spec({ wait: true, timeout: "1m" });
    const first = await scenario.pass();
    expect(first).toMatchObject({ outcome: "progressing", queued: ["Kustomization/NS/apps (progressing) in 0.25s"] });
    expect(await scenario.line()).toBe(`${CHECKING} | observed -1 of 1`);
    expect(await scenario.message("Healthy")).toBe(`Running health checks for revision ${revision} with a timeout of 1m0s`);
    // What is applied is in the inventory, and not yet applied for good.
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_one_NS.example.com_Thing v1"]);
    expect((await scenario.parsed()).status.lastAppliedRevision).toBeUndefined();
    scenario.wait(8_000);
    expect(await scenario.pass()).toMatchObject({ outcome: "progressing", writes: [], events: [], queued: ["Kustomization/NS/apps (progressing) in 4s"] });
    scenario.wait(12_000);
    expect((await scenario.pass()).queued).toEqual(["Kustomization/NS/apps (progressing) in 5s"]);
    await say("one", "Ready");
    const last = await scenario.settle();
    expect(last.events).toEqual([
      "Normal Progressing Health check passed in 20s",
      "Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s",
    ]);
    expect(await scenario.line()).toBe(HEALTHY);
    expect(await scenario.message("Healthy")).toBe("Health check passed in 20s");
    expect((await scenario.parsed()).status.lastAppliedRevision).toBe(revision);
  });

  it("fails at the timeout, with what it waited for; is not said twice; and is well again when that is", async () => {
    await scenario.push(thing(GROUP, "one"));
    await scenario.spec({ wait: true, timeout: "1m", retryInterval: "15s" });
    await scenario.put(thing(GROUP, "one"));
    await busy("one");
    await scenario.pass();
    scenario.wait(60_000);
    const failed = await scenario.pass();
    const text = "timeout waiting for: [Thing/NS/one status: 'InProgress']";
    expect(failed).toMatchObject({
      outcome: "failed",
      events: [`Warning HealthCheckFailed health check failed after 1m0s: ${text}`],
      queued: ["Kustomization/NS/apps (failed) in 15s"],
    });
    expect(await scenario.line()).toBe(`${SICK} | observed -1 of 1`);
    expect([await scenario.message(), await scenario.message("Healthy")]).toEqual([`health check failed after 1m0s: ${text}`, text]);
    expect(await scenario.history()).toEqual(["HealthCheckFailed x1"]);
    scenario.wait(15_000);
    expect((await scenario.atRest()).outcome).toBe("failed");
    await say("one", "Ready");
    await scenario.settle();
    expect(await scenario.line()).toBe(HEALTHY);
    expect(await scenario.history()).toEqual(["ReconciliationSucceeded x1", "HealthCheckFailed x1"]);
  });

  it("fails at once when something has failed for good", async () => {
    await scenario.put(thing(GROUP, "one") + thing(GROUP, "two"));
    await say("one", "Stalled");
    await busy("two");
    await scenario.push(thing(GROUP, "one") + thing(GROUP, "two"));
    await scenario.spec({ wait: true });
    expect((await scenario.pass()).outcome).toBe("failed");
    expect(await scenario.message()).toBe("health check failed after 0s: failed early due to stalled resources: [Thing/NS/one status: 'Failed']");
  });

  it("a request by annotation lets a failure be awaited once more", async () => {
    await scenario.put(thing(GROUP, "one"));
    await busy("one");
    await scenario.push(thing(GROUP, "one"));
    await scenario.spec({ wait: true, timeout: "30s" });
    await scenario.pass();
    scenario.wait(30_000);
    expect((await scenario.pass()).outcome).toBe("failed");
    await scenario.merge(scenario.ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"), {
      metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } },
    });
    expect((await scenario.pass({ cause: "request" })).outcome).toBe("progressing");
    expect((await scenario.parsed()).status.lastHandledReconcileAt).toBe("now");
  });

  it("a new revision is applied at once, while an older one's health is still awaited, and has a time of its own", async () => {
    await scenario.put(thing(GROUP, "one"));
    await busy("one");
    await scenario.push(thing(GROUP, "one") + configMap("a"));
    await scenario.spec({ wait: true, timeout: "1m" });
    await scenario.pass();
    scenario.wait(50_000);
    const next = await scenario.push(thing(GROUP, "one") + configMap("a", "2"));
    expect((await scenario.pass()).writes).toContain("apply ConfigMap/a");
    expect(await scenario.message("Healthy")).toBe(`Running health checks for revision ${next} with a timeout of 1m0s`);
    scenario.wait(50_000);
    expect((await scenario.pass()).outcome).toBe("progressing");
    scenario.wait(10_000);
    expect((await scenario.pass()).outcome).toBe("failed");
  });

  it("what is skipped is not looked at", async () => {
    await scenario.put(thing(GROUP, "one"));
    await busy("one");
    await scenario.push(thing(GROUP, "one").replace("namespace: NS}", "namespace: NS, annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}"));
    await scenario.spec({ wait: true });
    expect((await scenario.pass()).outcome).toBe("succeeded");
  });
});

describe("spec.healthChecks", () => {
  const checks = (...names: readonly string[]) =>
    names.map((name) => ({ apiVersion: `${scenario.namespace}.example.com/v1`, kind: "Thing", name, namespace: scenario.namespace }));

  it("looks at what it names and at nothing else", async () => {
    await scenario.put(thing(GROUP, "mine") + thing(GROUP, "other"));
    await busy("other");
    await scenario.push(configMap("a"));
    await scenario.spec({ healthChecks: checks("mine") });
    expect((await scenario.settle()).outcome).toBe("succeeded");
    expect(await scenario.line()).toBe(HEALTHY);
  });

  it.each<{ name: string; check: () => object; text: string }>([
    { name: "that is not there", check: () => checks("none")[0] ?? {}, text: "timeout waiting for: [Thing/NS/none status: 'NotFound']" },
    {
      name: "of a kind that is not there",
      check: () => ({ apiVersion: "example.com/v1", kind: "Nothing", name: "a", namespace: scenario.namespace }),
      text: "timeout waiting for: [Nothing/NS/a status: 'NotFound']",
    },
  ])("one $name is waited for until the timeout", async ({ check, text }) => {
    await scenario.push(configMap("a"));
    await scenario.spec({ healthChecks: [{ ...check() }], timeout: "30s" });
    expect((await scenario.pass()).outcome).toBe("progressing");
    scenario.wait(30_000);
    expect((await scenario.pass()).outcome).toBe("failed");
    expect(await scenario.message("Healthy")).toBe(text);
  });

  it("a namespaced kind without a namespace fails at once; without apiVersion it is apps/v1", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ healthChecks: [{ kind: "Deployment", name: "web" }] });
    await scenario.pass();
    expect(await scenario.message("Healthy")).toBe("resource Deployment web is namespace scoped, but namespace is not set");
  });

  it("Healthy goes when nothing is checked any more", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ wait: true });
    await scenario.pass();
    await scenario.spec({});
    await scenario.settle();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded | observed 2 of 2");
  });

  it("that pass are said when a new revision brings changes, and not at rest", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ wait: true });
    await scenario.pass();
    await scenario.push(configMap("a", "2"));
    expect((await scenario.pass()).events).toEqual([
      "Normal Progressing ConfigMap/NS/a configured",
      "Normal Progressing Health check passed in 0s",
      "Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s",
    ]);
    await scenario.push({ "a.yaml": configMap("a", "2"), "README.md": "" });
    expect((await scenario.pass()).events).toEqual(["Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s"]);
  });
});

describe("healthCheckExprs", () => {
  const exprs = (more: object = {}) => [
    { apiVersion: `${scenario.namespace}.example.com/v1`, kind: "Thing", current: "has(status.phase) && status.phase == 'done'", ...more },
  ];
  const phase = (name: string): Promise<void> => scenario.status(ref("one"), { phase: name, conditions: [{ type: "Ready", status: "False" }] });
  it("say how an object is, whatever its conditions", async () => {
    await scenario.push(thing(GROUP, "one"));
    await scenario.put(thing(GROUP, "one"));
    await scenario.spec({ wait: true, timeout: "1m", healthCheckExprs: exprs() });
    expect((await scenario.pass()).outcome).toBe("progressing");
    await phase("done");
    expect((await scenario.settle()).outcome).toBe("succeeded");
    expect(await scenario.line()).toBe(HEALTHY);
  });
  it("say that it has failed, which ends the wait", async () => {
    await scenario.push(thing(GROUP, "one"));
    await scenario.put(thing(GROUP, "one"));
    await phase("broken");
    await scenario.spec({ wait: true, timeout: "1m", healthCheckExprs: exprs({ failed: "status.phase == 'broken'" }) });
    expect((await scenario.pass()).outcome).toBe("failed");
    expect(await scenario.message()).toBe("health check failed after 0s: failed early due to stalled resources: [Thing/NS/one status: 'Failed']");
  });
  it("that do not compile stall, before anything is applied, and are left when they are taken away", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ healthCheckExprs: exprs({ current: "1 +" }) });
    expect(await scenario.settle()).toMatchObject({ outcome: "stalled", queued: [] });
    expect(await scenario.line()).toBe("Stalled=True:InvalidCELExpression Ready=False:InvalidCELExpression | observed 1 of 1");
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
    await scenario.spec({});
    expect((await scenario.settle()).outcome).toBe("succeeded");
  });
});
