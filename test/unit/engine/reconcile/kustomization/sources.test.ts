import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const GIT = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" } as const;
const SUCCEEDED = "Ready=True:ReconciliationSucceeded";

describe("a first pass", () => {
  it("adds the finalizer, writes down what it may create, creates it, and says so", async () => {
    const revision = await scenario.push(configMap("a") + configMap("b"));
    await scenario.spec({});
    const pass = await scenario.pass({ cause: "new" });
    expect(pass.writes).toEqual([
      "patch Kustomization/apps",
      "patch status Kustomization/apps",
      "apply ConfigMap/a",
      "apply ConfigMap/b",
      "patch status Kustomization/apps",
    ]);
    expect(pass.events).toEqual([
      "Normal Progressing ConfigMap/NS/a created\nConfigMap/NS/b created",
      "Normal ReconciliationSucceeded Reconciliation finished in 0s, next run in 10m0s",
    ]);
    expect(pass.outcome).toBe("succeeded");
    expect(await scenario.line()).toBe(`${SUCCEEDED} | observed 1 of 1`);
    expect(await scenario.message()).toBe(`Applied revision: ${revision}`);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_b__ConfigMap v1"]);
    expect(await scenario.history()).toEqual(["ReconciliationSucceeded x1"]);
    const { status, metadata } = await scenario.parsed();
    expect(metadata.finalizers).toEqual(["finalizers.fluxcd.io"]);
    expect([status.lastAttemptedRevision, status.lastAppliedRevision]).toEqual([revision, revision]);
    expect((await scenario.atRest()).calls).toEqual(["get Kustomization/apps", "get GitRepository/app", "recall render", "list ConfigMap", "recall render"]);
  });

  it("gives its events the revision, and the last of them the mark by which commit statuses know it", async () => {
    const revision = await scenario.push(configMap("a"));
    await scenario.spec({});
    const annotations = { "event.toolkit.fluxcd.io/team": "blue", "example.com/other": "no" };
    await scenario.merge(scenario.ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"), { metadata: { annotations } });
    await scenario.pass();
    const group = "kustomize.toolkit.fluxcd.io";
    expect(scenario.events.map(({ metadata }) => metadata)).toEqual([
      { "event.toolkit.fluxcd.io/team": "blue", [`${group}/revision`]: revision },
      { "event.toolkit.fluxcd.io/team": "blue", [`${group}/revision`]: revision, [`${group}/commit_status`]: "update" },
    ]);
    expect(new Set(scenario.events.map(({ controller }) => controller))).toEqual(new Set(["kustomize-controller"]));
  });

  it("says in the status, before anything is created, what it is about", async () => {
    const revision = await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass({ instead: (line) => (line === "apply ConfigMap/a" ? new Error("the API server is gone") : undefined) });
    expect(await scenario.line()).toBe("Reconciling=True:Progressing Ready=Unknown:Progressing | observed -1 of 1");
    expect(await scenario.message("Reconciling")).toBe(`Detecting drift for revision ${revision} with a timeout of 9m30s`);
    expect(await scenario.message()).toBe("Reconciliation in progress");
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
    await scenario.settle();
    expect(await scenario.line()).toBe(`${SUCCEEDED} | observed 1 of 1`);
  });
});

describe("a source that gives nothing", () => {
  it.each<{ name: string; arrange: () => Promise<unknown>; settings?: object; line: string; message: string; queued: readonly string[]; outcome: string }>([
    {
      name: "there is none",
      arrange: () => scenario.spec({ retryInterval: "45s" }),
      line: "Ready=False:ArtifactFailed | observed -1 of 1",
      message: 'GitRepository.source.toolkit.fluxcd.io "app" not found',
      outcome: "waiting",
      queued: ["Kustomization/NS/apps (waiting) in 45s"],
    },
    {
      name: "it has no artifact yet",
      arrange: async () => {
        await scenario.push(configMap("a"));
        await scenario.merge({ ...GIT, name: "app", namespace: scenario.namespace }, {});
        await scenario.status({ ...GIT, name: "app", namespace: scenario.namespace }, { artifact: null });
        await scenario.spec({});
      },
      line: "Ready=False:ArtifactFailed | observed -1 of 1",
      message: "Source artifact not found, retrying in 30s",
      outcome: "waiting",
      queued: ["Kustomization/NS/apps (waiting) in 30s"],
    },
    {
      name: "its artifact has vanished",
      arrange: async () => {
        await scenario.push(configMap("a"));
        scenario.memory.artifacts.clear();
        await scenario.spec({});
      },
      line: "Ready=False:ArtifactFailed | observed -1 of 1",
      message: "Source is not ready, artifact not found, retrying in 30s",
      outcome: "waiting",
      queued: ["GitRepository/NS/app (lost artifact)", "Kustomization/NS/apps (waiting) in 30s"],
    },
    {
      name: "it is in another namespace, and that is blocked",
      arrange: () => scenario.spec({ sourceRef: { kind: "GitRepository", name: "app", namespace: "other" } }),
      settings: { noCrossNamespaceRefs: true },
      line: "Stalled=True:AccessDenied Ready=False:AccessDenied | observed 1 of 1",
      message: "can't access 'GitRepository/other/app', cross-namespace references have been blocked",
      outcome: "stalled",
      queued: [],
    },
    {
      name: "it is in another namespace, where there is none",
      arrange: () => scenario.spec({ sourceRef: { kind: "GitRepository", name: "app", namespace: "other" } }),
      line: "Ready=False:ArtifactFailed | observed -1 of 1",
      message: 'GitRepository.source.toolkit.fluxcd.io "app" not found',
      outcome: "waiting",
      queued: ["Kustomization/NS/apps (waiting) in 600s"],
    },
    {
      name: "it is an ExternalArtifact",
      arrange: () => scenario.spec({ sourceRef: { kind: "ExternalArtifact", name: "app" } }),
      line: "Stalled=True:AccessDenied Ready=False:AccessDenied | observed 1 of 1",
      message: "can't access 'ExternalArtifact/NS/app', ExternalArtifact feature gate is disabled",
      outcome: "stalled",
      queued: [],
    },
  ])("$name", async ({ arrange, settings, line, message, outcome, queued }) => {
    await arrange();
    const pass = await scenario.settle(settings === undefined ? {} : { settings });
    expect(await scenario.line()).toBe(line);
    expect(await scenario.message()).toBe(message);
    expect(pass.outcome).toBe(outcome);
    expect(pass.queued).toEqual(queued);
    // Stalled alone is said; a source that is not there yet is no event.
    expect(pass.events).toEqual(outcome === "stalled" ? [`Warning AccessDenied ${message}`] : []);
  });

  it("keeps what it has applied when the source goes away, and comes back with it", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.remove({ ...GIT, name: "app", namespace: scenario.namespace });
    await scenario.settle();
    expect(await scenario.line()).toBe("Ready=False:ArtifactFailed | observed 1 of 1");
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["a"]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1"]);
    await scenario.push(configMap("a"));
    await scenario.settle();
    expect(await scenario.line()).toBe(`${SUCCEEDED} | observed 1 of 1`);
  });
});

describe("dependsOn", () => {
  const dependency = async (status: object | undefined): Promise<void> => {
    await scenario.spec({}, "base");
    if (status !== undefined) await scenario.status(scenario.ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "base"), { ...status });
  };
  const ready = (status: string) => ({
    conditions: [{ type: "Ready", status, reason: "ReconciliationSucceeded", message: "m", observedGeneration: 1, lastTransitionTime: "2030-01-01T00:00:00Z" }],
  });

  it.each<{ name: string; arrange: (revision: string) => Promise<void>; message: string }>([
    {
      name: "is not there",
      arrange: async () => undefined,
      message: `dependency 'NS/base' not found: kustomizations.kustomize.toolkit.fluxcd.io "base" not found`,
    },
    { name: "was never looked at", arrange: () => dependency(undefined), message: "dependency 'NS/base' is not ready" },
    {
      name: "has failed",
      arrange: (revision) => dependency({ observedGeneration: 1, lastAppliedRevision: revision, ...ready("False") }),
      message: "dependency 'NS/base' is not ready",
    },
    {
      name: "has changed since",
      arrange: (revision) => dependency({ observedGeneration: 0, lastAppliedRevision: revision, ...ready("True") }),
      message: "dependency 'NS/base' is not ready",
    },
    {
      name: "is behind, with the same source",
      arrange: () => dependency({ observedGeneration: 1, lastAppliedRevision: "main@sha1:old", ...ready("True") }),
      message: "dependency 'NS/base' revision is not up to date",
    },
  ])("a dependency that $name is waited for", async ({ arrange, message }) => {
    await arrange(await scenario.push(configMap("a")));
    await scenario.spec({ dependsOn: [{ name: "base" }] });
    const pass = await scenario.pass();
    expect(await scenario.line()).toBe("Ready=False:DependencyNotReady | observed -1 of 1");
    expect(await scenario.message()).toBe(message);
    expect(pass.events).toEqual(["Normal DependencyNotReady Dependencies do not meet ready condition, retrying in 30s"]);
    expect(pass.queued).toEqual(["Kustomization/NS/apps (waiting) in 30s"]);
    await scenario.atRest();
    expect(await scenario.names("v1", "ConfigMap")).toEqual([]);
  });

  it.each<{ readyExpr: string; message: string }>([
    { readyExpr: "dep.status.observedGeneration == 7", message: "dependency 'NS/base' is not ready according to readyExpr eval" },
    { readyExpr: "dep.status.flag == true", message: "failed to evaluate the CEL expression 'dep.status.flag == true': no such key: flag" },
  ])("a readyExpr that is not true: $readyExpr", async ({ readyExpr, message }) => {
    const revision = await scenario.push(configMap("a"));
    await dependency({ observedGeneration: 1, lastAppliedRevision: revision, ...ready("True") });
    await scenario.spec({ dependsOn: [{ name: "base", readyExpr }] });
    const pass = await scenario.pass();
    expect(await scenario.line()).toBe("Ready=False:DependencyNotReady | observed -1 of 1");
    expect(await scenario.message()).toBe(message);
    expect(pass.queued).toEqual(["Kustomization/NS/apps (waiting) in 30s"]);
  });

  it("a readyExpr decides alone: about both objects, whatever the dependency's Ready and revision say", async () => {
    await scenario.push(configMap("a"));
    await dependency({ observedGeneration: 1, lastAppliedRevision: "main@sha1:old", ...ready("False") });
    const readyExpr = "dep.status.conditions.exists(c, c.status == 'False') && self.metadata.name == 'apps' && dep.metadata.name == 'base'";
    await scenario.spec({ dependsOn: [{ name: "base", readyExpr }] });
    expect((await scenario.settle()).outcome).toBe("succeeded");
  });

  it.each<{ readyExpr: string; problem: string }>([
    { readyExpr: "dep.metadata.name", problem: "CEL expression output type mismatch: expected bool, got dyn" },
    {
      readyExpr: "dep.",
      problem: "failed to parse the CEL expression 'dep.': ERROR: <input>:1:5: Syntax error: no viable alternative at input '.'\n | dep.\n | ....^",
    },
  ])("a readyExpr that cannot be compiled stalls: $readyExpr", async ({ readyExpr, problem }) => {
    await scenario.push(configMap("a"));
    await dependency(undefined);
    await scenario.spec({ dependsOn: [{ name: "base", readyExpr }] });
    const pass = await scenario.settle();
    expect(await scenario.line()).toBe("Stalled=True:InvalidCELExpression Ready=False:InvalidCELExpression | observed 1 of 1");
    const message = `Reconciliation failed terminally due to configuration error: terminal error: failed to evaluate dependency base: ${problem}`;
    expect(await scenario.message()).toBe(message);
    expect(pass).toMatchObject({ outcome: "stalled", queued: [], events: [`Warning InvalidCELExpression ${message}`] });
  });

  it("one with another source is taken at any revision", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ sourceRef: { kind: "GitRepository", name: "other" } }, "base");
    await scenario.status(scenario.ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "base"), {
      observedGeneration: 1,
      lastAppliedRevision: "main@sha1:other",
      ...ready("True"),
    });
    await scenario.spec({ dependsOn: [{ name: "base" }] });
    expect((await scenario.settle()).outcome).toBe("succeeded");
  });

  it("wakes those that wait the moment it is ready, and only then", async () => {
    await scenario.push({ "base/a.yaml": configMap("a"), "apps/b.yaml": configMap("b") });
    await scenario.spec({ path: "./base" }, "base");
    await scenario.spec({ path: "./apps", dependsOn: [{ name: "base" }] });
    await scenario.spec({ path: "./apps", dependsOn: [{ name: "base" }], suspend: true }, "asleep");
    await scenario.pass();
    expect((await scenario.pass({ name: "base" })).queued).toEqual(["Kustomization/NS/apps (dependency)"]);
    expect((await scenario.pass({ name: "base" })).queued).toEqual([]);
    expect((await scenario.settle()).outcome).toBe("succeeded");
  });

  it("wakes those again that lost it, though they have this revision already", async () => {
    await scenario.push({ "base/a.yaml": configMap("a"), "apps/b.yaml": configMap("b") });
    await scenario.spec({ path: "./base" }, "base");
    await scenario.spec({ path: "./apps", dependsOn: [{ name: "base" }] });
    await scenario.pass({ name: "base" });
    await scenario.pass();
    const refused = { kind: "refused", why: "invalid", code: 422, reason: "Invalid", message: "no" };
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "drift" } });
    await scenario.pass({ name: "base", instead: (line) => (line === "dry-run ConfigMap/a" ? refused : undefined) });
    await scenario.pass();
    expect(await scenario.line()).toBe("Ready=False:DependencyNotReady | observed 1 of 1");
    expect((await scenario.pass({ name: "base" })).queued).toEqual(["Kustomization/NS/apps (dependency)"]);
  });

  it("in a circle waits for ever, and says for whom", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({ dependsOn: [{ name: "base" }] });
    await scenario.spec({ dependsOn: [{ name: "apps" }] }, "base");
    for (const name of ["apps", "base", "apps", "base"]) await scenario.pass({ name });
    expect(await scenario.message()).toBe("dependency 'NS/base' is not ready");
    expect(await scenario.message("Ready", "base")).toBe("dependency 'NS/apps' is not ready");
  });
});
