import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, deployment, namespaceOf } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const REF = ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"] as const;
const KEY = "kustomize.toolkit.fluxcd.io";
const READY = "Ready=True:ReconciliationSucceeded | observed 1 of 1";
const maps = (): Promise<readonly string[]> => scenario.names("v1", "ConfigMap");

describe("what leaves Git", () => {
  it("is deleted, in reverse order of apply, and said", async () => {
    await scenario.push(namespaceOf("NS-made") + configMap("a") + configMap("b") + deployment("web"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(configMap("a"));
    const pass = await scenario.settle();
    expect(pass.writes).toEqual(["delete Deployment/web", "delete ConfigMap/b", "delete Namespace/NS-made", "patch status Kustomization/apps"]);
    expect(pass.events).toEqual([
      "Normal Progressing Deployment/NS/web deleted\nConfigMap/NS/b deleted\nNamespace/NS-made deleted",
      "Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s",
    ]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
    expect(await scenario.line()).toBe(READY);
  });

  it.each<{ name: string; touch: () => Promise<void>; stays: boolean; event: string }>([
    {
      name: "is gone already",
      touch: () => scenario.remove(scenario.ref("v1", "ConfigMap", "b")),
      stays: false,
      event: "Normal Progressing ConfigMap/NS/b deleted",
    },
    ...[
      ["a label of ours was taken away", `labels: {${KEY}/name: null}`],
      ["it is another Kustomization's", `labels: {${KEY}/name: other}`],
      ["of the same name in another namespace", `labels: {${KEY}/namespace: other}`],
      ["prune: disabled", `annotations: {${KEY}/prune: Disabled}`],
      ["prune: disabled as a label", `labels: {${KEY}/prune: disabled}`],
      ["reconcile: disabled", `annotations: {${KEY}/reconcile: disabled}`],
      ["ssa: Ignore", `annotations: {${KEY}/ssa: Ignore}`],
    ].map(([name = "", metadata = ""]) => ({
      name,
      touch: () => scenario.merge(scenario.ref("v1", "ConfigMap", "b"), { metadata: metadataOf(metadata) }),
      stays: true,
      event: "Normal Progressing ConfigMap/NS/b skipped",
    })),
  ])("but: $name", async ({ touch, stays, event }) => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    await scenario.pass();
    await touch();
    await scenario.push(configMap("a"));
    // An object that carries our labels and is kept on purpose is in no inventory any more: as Flux leaves it.
    const pass = await scenario.pass({ isOverlapped: true });
    expect(await maps()).toEqual(stays ? ["a", "b"] : ["a"]);
    expect(pass.events[0]).toBe(event);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
  });

  it("stays without spec.prune, and in no inventory", async () => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({ prune: false });
    await scenario.pass();
    await scenario.push(configMap("a"));
    await scenario.pass({ isOverlapped: true });
    expect(await maps()).toEqual(["a", "b"]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
  });

  it("stays in the inventory when it cannot be deleted; every other one is tried", async () => {
    await scenario.push(configMap("a") + configMap("b") + configMap("c"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(configMap("a"));
    const refusal = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "not allowed" };
    const pass = await scenario.pass({ instead: (line) => (line === "delete ConfigMap/c" ? refusal : undefined) });
    expect(await scenario.line()).toBe("Reconciling=True:ProgressingWithRetry Ready=False:PruneFailed | observed 1 of 1");
    expect(await scenario.message()).toBe("delete failed, errors: ConfigMap/NS/c delete failed: not allowed");
    expect(pass.events).toEqual([
      "Normal Progressing ConfigMap/NS/b deleted",
      "Warning PruneFailed delete failed, errors: ConfigMap/NS/c delete failed: not allowed",
    ]);
    expect(await maps()).toEqual(["a", "c"]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_c__ConfigMap v1"]);
    await scenario.settle();
    expect(await maps()).toEqual(["a"]);
    expect(await scenario.line()).toBe(READY);
  });

  it("is not deleted when only its version changed", async () => {
    const hpa = (version: string): string =>
      `---\napiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: web, namespace: NS}\nspec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n`;
    await scenario.push(hpa("v1"));
    await scenario.spec({});
    await scenario.pass();
    const uid = (await scenario.find("autoscaling/v2", "HorizontalPodAutoscaler", "web"))?.metadata.uid;
    await scenario.push(hpa("v2"));
    await scenario.pass();
    expect((await scenario.find("autoscaling/v2", "HorizontalPodAutoscaler", "web"))?.metadata.uid).toBe(uid);
    expect(await scenario.inventory()).toEqual(["NS_web_autoscaling_HorizontalPodAutoscaler v2"]);
  });

  it("an empty Git prunes everything", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push({ "README.md": "nothing" });
    await scenario.settle();
    expect(await maps()).toEqual([]);
    expect(await scenario.inventory()).toEqual([]);
    expect(await scenario.line()).toBe(READY);
  });
});

function metadataOf(text: string): { [part: string]: { [key: string]: string | null } } {
  const [, part = "", key = "", value = ""] = /^(\w+): \{(.*): (.*)\}$/.exec(text) ?? [];
  return { [part]: { [key]: value === "null" ? null : value } };
}

describe("a Kustomization that is deleted", () => {
  it.each<{ name: string; spec: object; left: readonly string[] }>([
    { name: "prunes, as prune says", spec: {}, left: [] },
    { name: "leaves all, without prune", spec: { prune: false }, left: ["a", "b"] },
    { name: "Orphan leaves all", spec: { deletionPolicy: "Orphan" }, left: ["a", "b"] },
    { name: "Delete deletes, without prune too", spec: { prune: false, deletionPolicy: "Delete" }, left: [] },
    { name: "WaitForTermination deletes, without prune too", spec: { prune: false, deletionPolicy: "WaitForTermination" }, left: [] },
    { name: "suspended, leaves all", spec: { suspend: true }, left: ["a", "b"] },
    { name: "suspended, leaves all, whatever the policy", spec: { suspend: true, deletionPolicy: "Delete" }, left: ["a", "b"] },
  ])("$name", async ({ spec, left }) => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.spec({ ...spec });
    // Nobody needs the source any more.
    await scenario.remove({ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "app", namespace: scenario.namespace });
    await scenario.remove(scenario.ref(...REF));
    const pass = await scenario.pass({ cause: "deletion" });
    expect(await maps()).toEqual(left);
    expect(await scenario.object()).toBeUndefined();
    expect(pass.events).toEqual(left.length > 0 ? [] : ["Normal ReconciliationSucceeded ConfigMap/NS/b deleted\nConfigMap/NS/a deleted"]);
    expect(await scenario.pass({ cause: "deletion" })).toMatchObject({ outcome: "skipped", writes: [], queued: [] });
  });

  it("with WaitForTermination waits until all is gone, and after the timeout goes all the same", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ deletionPolicy: "WaitForTermination", timeout: "1m" });
    await scenario.pass();
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { metadata: { finalizers: ["example.com/hold"] } });
    await scenario.remove(scenario.ref(...REF));
    const first = await scenario.pass();
    expect(first).toMatchObject({ outcome: "progressing", queued: ["Kustomization/NS/apps (progressing) in 0.25s"] });
    expect(first.events).toEqual(["Normal ReconciliationSucceeded ConfigMap/NS/a deleted"]);
    scenario.wait(30_000);
    expect(await scenario.pass()).toMatchObject({ outcome: "progressing", events: [], queued: ["Kustomization/NS/apps (progressing) in 2s"] });
    scenario.wait(30_000);
    expect(await scenario.pass()).toMatchObject({ outcome: "skipped", events: ["Warning ReconciliationSucceeded failed to wait for resources termination"] });
    expect(await scenario.object()).toBeUndefined();
    expect(await maps()).toEqual(["a"]);
  });

  it("tries again with back-off when something cannot be deleted", async () => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.remove(scenario.ref(...REF));
    const refusal = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" };
    const options = { instead: (line: string) => (line === "delete ConfigMap/a" ? refusal : undefined), attempt: 2 };
    const pass = await scenario.pass(options);
    expect(pass).toMatchObject({ outcome: "failed", queued: ["Kustomization/NS/apps (failed) in 3s"] });
    expect(pass.events).toEqual(["Warning ReconciliationSucceeded pruning for deleted resource failed"]);
    const { metadata, status } = await scenario.parsed();
    // `observedGeneration` moves on, that of Ready stays behind.
    expect([status.observedGeneration, status.conditions?.[0]?.observedGeneration]).toEqual([metadata.generation, 1]);
    expect(await maps()).toEqual(["a"]);
    expect((await scenario.pass()).outcome).toBe("skipped");
    expect(await scenario.object()).toBeUndefined();
    expect(await maps()).toEqual([]);
  });

  it("lets everything be when its ServiceAccount is gone", async () => {
    await scenario.put("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: tenant, namespace: NS}\n");
    await scenario.put(`---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tenant, namespace: NS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects: [{kind: ServiceAccount, name: tenant, namespace: NS}]
`);
    await scenario.push(configMap("a"));
    await scenario.spec({ serviceAccountName: "tenant" });
    expect((await scenario.pass()).outcome).toBe("succeeded");
    await scenario.remove(scenario.ref("v1", "ServiceAccount", "tenant"));
    await scenario.remove(scenario.ref(...REF));
    const pass = await scenario.pass();
    expect(pass.events).toEqual(["Warning ReconciliationSucceeded unable to prune objects: \nConfigMap/NS/a"]);
    expect(await scenario.object()).toBeUndefined();
    expect(await maps()).toEqual(["a"]);
  });

  it("that was never ready prunes what it has, with the reason that Ready has", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.remove({ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "app", namespace: scenario.namespace });
    await scenario.pass();
    await scenario.remove(scenario.ref(...REF));
    expect((await scenario.pass()).events).toEqual(["Normal ArtifactFailed ConfigMap/NS/a deleted"]);
  });
});

describe("a cluster that Sluice is leaving", () => {
  const MARKER = { apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "nowhere" };
  const settings = { marker: MARKER };

  it("no finalizer is added and nothing is begun", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    const pass = await scenario.pass({ settings });
    expect(pass).toMatchObject({ outcome: "skipped", writes: [], events: [], queued: [] });
    expect((await scenario.object())?.metadata.finalizers).toBeUndefined();
  });

  it("nothing is pruned, and nothing forgotten", async () => {
    await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(configMap("a"));
    await scenario.pass({ settings });
    expect(await maps()).toEqual(["a", "b"]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_b__ConfigMap v1"]);
    await scenario.pass();
    expect(await maps()).toEqual(["a"]);
  });

  it("a deleted Kustomization goes, and takes nothing along", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.remove(scenario.ref(...REF));
    const pass = await scenario.pass({ settings });
    expect(pass.events).toEqual([]);
    expect(await scenario.object()).toBeUndefined();
    expect(await maps()).toEqual(["a"]);
  });

  it("the same while the CRD is on its way out", async () => {
    const name = "kustomizations.kustomize.toolkit.fluxcd.io";
    const leaving = async (line: string): Promise<object | undefined> => {
      if (line !== `get CustomResourceDefinition/${name}`) return undefined;
      const found = await scenario.admin().get({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name });
      return found.kind === "found"
        ? { ...found, object: { ...found.object, metadata: { ...found.object.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" } } }
        : found;
    };
    const going = await leaving(`get CustomResourceDefinition/${name}`);
    const instead = (line: string): object | undefined => (line === `get CustomResourceDefinition/${name}` ? going : undefined);
    await scenario.push(configMap("a"));
    await scenario.spec({});
    expect((await scenario.pass({ instead })).writes).toEqual([]);
    await scenario.pass();
    await scenario.remove(scenario.ref(...REF));
    await scenario.pass({ instead });
    expect(await scenario.object()).toBeUndefined();
    expect(await maps()).toEqual(["a"]);
  });
});
