import { hours, minutes } from "@sluice/engine/domain/time.ts";
import { nextTurn } from "@sluice/engine/plan/due.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configMap, definition, deployment, secret, thing } from "../../../../support/reconcile/manifests.ts";
import { GROUP, type Sweeping, startSweeping } from "../../../../support/reconcile/sweeping.ts";

let at: Sweeping;
// A sweep is over a whole cluster, so each test has one of its own.
beforeEach(async () => {
  at = await startSweeping();
});
afterEach(() => at.stop());

describe("drift is found, and sent once for each object", () => {
  it.each<{ name: string; files?: string; spec?: object; change: () => Promise<void>; want?: readonly string[] }>([
    { name: "a field that somebody changed", change: () => at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } }) },
    { name: "a field that somebody took", change: () => at.scenario.put(configMap("a", "theirs")) },
    { name: "an object that is gone", change: () => at.scenario.remove(at.scenario.ref("v1", "ConfigMap", "a")) },
    {
      name: "an object whose labels somebody gave to another",
      change: () => at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": "other" } } }),
    },
    {
      name: "an object whose labels somebody took away",
      change: () =>
        at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), {
          metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": null, "kustomize.toolkit.fluxcd.io/namespace": null } },
        }),
    },
    {
      name: "what the inventory has and the build has not",
      change: async () => {
        await at.scenario.put(
          configMap("left", "1", "labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: NS}"),
          "kustomize-controller",
        );
        const { status } = await at.scenario.parsed();
        const entries = [...(status.inventory?.entries ?? []), { id: `${at.scenario.namespace}_left__ConfigMap`, v: "v1" }];
        await at.scenario.status(at.apps(), { inventory: { entries } });
      },
    },
    {
      name: "a field that somebody added is theirs",
      change: () => at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { data: { more: "x" } }),
      want: [],
    },
    {
      name: "the status of a Deployment moves by itself",
      files: deployment("d"),
      change: () => at.scenario.status(at.scenario.ref("apps/v1", "Deployment", "d"), { replicas: 3 }),
      want: [],
    },
  ])("$name", async ({ files, spec, change, want = ["Kustomization/NS/apps (interval)"] }) => {
    await at.start(files, spec);
    expect((await at.sweep()).queued).toEqual([]);
    await change();
    const { queued, report } = await at.sweep();
    expect(queued).toEqual(want);
    expect(report.sent).toEqual(want.length === 0 ? {} : { interval: 1 });
    expect((await at.sweep()).queued, "after the pass").toEqual([]);
  });

  it("sends the one that has drifted, and none of its neighbours", async () => {
    await at.push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await at.scenario.spec({ path: "./one" });
    await at.scenario.spec({ path: "./two" }, "two");
    await at.settle("apps", "two");
    await at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "b"), { data: { key: "x" } });
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/two (interval)"]);
  });

  it("asks of every object once a day, and so sends its owner: the function comes later, and answers for the same time", async () => {
    const settings = { fullLookEvery: hours(24) };
    await at.start(configMap("a"), { interval: "1h" });
    const { uid } = (await at.scenario.parsed()).metadata;
    let sent = 0;
    let asked = 0;
    for (let interval = 0; interval < 24; interval++) {
      at.scenario.wait(nextTurn(uid, minutes(60), at.scenario.now()) - at.scenario.now() + 30_000);
      const now = at.scenario.now();
      const swept = await at.scenario.sweep({ git: at.remote, settings, window: { since: now - 60_000, until: now } });
      const mine = swept.sent.filter(({ key }) => key.kind === "Kustomization");
      sent += mine.length;
      at.scenario.wait(45 * 60_000);
      if (mine.length > 0) asked += (await at.scenario.pass({ settings })).asked.length;
    }
    expect({ sent, asked }).toEqual({ sent: 1, asked: 1 });
  });
});

describe("what lasts is not sent minute after minute", () => {
  const nothingDueByTheClock = () => ({ window: { since: at.scenario.now(), until: at.scenario.now() } });

  it("one that waits for a dependency: once that is ready, it is sent", async () => {
    await at.push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await at.scenario.spec({ path: "./one" });
    await at.scenario.spec({ path: "./two", dependsOn: [{ name: "apps" }] }, "two");
    await at.settleSource();
    expect((await at.scenario.pass({ name: "two" })).outcome).toBe("waiting");
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (new)"]);
    // Its pass has come in the comparison; now the other one's turn is found, whenever the clock would bring it.
    expect((await at.sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/two (dependencies)"]);
    expect((await at.sweep()).queued).toEqual([]);
  });

  it("one that waits for a dependency that fails, also when the source moves on", async () => {
    await at.push({ "one/a.yaml": "nonsense: [", "two/b.yaml": configMap("b") });
    await at.scenario.spec({ path: "./one" });
    await at.scenario.spec({ path: "./two", dependsOn: [{ name: "apps" }] }, "two");
    await at.settleSource();
    await at.scenario.pass();
    await at.scenario.pass({ name: "two" });
    expect((await at.sweep(nothingDueByTheClock())).queued).toEqual([]);
    await at.move({ "one/a.yaml": "nonsense: [[", "two/b.yaml": configMap("b") });
    expect((await at.sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/apps (revision)"]);
    expect((await at.sweep(nothingDueByTheClock())).report).toMatchObject({ due: 0, sent: {} });
  });

  it("one whose path a new revision has not", async () => {
    await at.push({ "one/a.yaml": configMap("a") });
    await at.scenario.spec({ path: "./one" });
    await at.settle();
    await at.move({ "two/a.yaml": configMap("a") });
    expect((await at.sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/apps (revision)"]);
    expect(await at.scenario.line()).toContain("Ready=False:ArtifactFailed");
    expect((await at.sweep(nothingDueByTheClock())).queued).toEqual([]);
  });

  it("one whose artifact the store has lost goes on to send its source until that has seen to it", async () => {
    await at.start();
    await at.push(configMap("a", "2"));
    at.scenario.memory.artifacts.clear();
    const sent = async () => (await at.scenario.sweep({ git: at.remote, ...nothingDueByTheClock() })).queued;
    expect(await sent()).toEqual(["Kustomization/NS/apps (revision)"]);
    expect((await at.scenario.pass()).queued).toContain("GitRepository/NS/app (lost artifact)");
    expect(await sent()).toEqual(["Kustomization/NS/apps (revision)"]);
    at.remote.fail({ kind: "failed", why: "unreachable", message: "no" });
    await at.settleSource();
    await at.scenario.pass();
    expect(await sent()).toEqual([]);
  });

  it("one that awaits health", async () => {
    await at.startWaiting();
    expect(await at.scenario.line()).toContain("Ready=Unknown");
    expect((await at.sweep()).report).toMatchObject({ due: 2, passed: 2 });
    await at.say("True");
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (unfinished)"]);
  });

  it("one that failed, and fails the same", async () => {
    await at.startWaiting();
    at.scenario.wait(120_000);
    await at.scenario.pass();
    expect(await at.scenario.line()).toContain("Ready=False:HealthCheckFailed");
    expect((await at.sweep()).report).toMatchObject({ due: 2, passed: 2, sent: {} });
    await at.say("True");
    expect((await at.sweep()).report).toMatchObject({ due: 2, passed: 1, sent: { retry: 1 } });
  });

  it("one that is deleted, and waits until its objects are gone", async () => {
    await at.start(configMap("a"), { deletionPolicy: "WaitForTermination" });
    const stuck = at.scenario.ref("v1", "ConfigMap", "a");
    await at.scenario.merge(stuck, { metadata: { finalizers: ["example.com/held"] } });
    await at.scenario.remove(at.apps());
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (deletion)"]);
    expect((await at.sweep()).report).toMatchObject({ due: 2, passed: 2, sent: {} });
    await at.scenario.merge(stuck, { metadata: { finalizers: [] } });
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (deletion)"]);
    expect((await at.sweep()).report).toMatchObject({ listed: 1 });
  });

  it("a stalled one", async () => {
    await at.start(configMap("a"), {});
    await at.scenario.spec({ decryption: { provider: "sops" } });
    await at.scenario.pass();
    expect(await at.scenario.line()).toContain("Stalled=True");
    expect((await at.sweep()).report).toMatchObject({ due: 1, passed: 1 });
  });

  it("a cluster that Sluice is leaving: what is new there is looked at, and left", async () => {
    await at.push(configMap("a"));
    await at.scenario.spec({});
    const answer = await at.scenario
      .admin()
      .delete({ apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "sluice" }, { propagation: "Background" });
    expect(answer.kind).toBe("deleted");
    expect((await at.sweep()).report).toMatchObject({ due: 2, passed: 2, sent: {} });
  });
});

describe("health", () => {
  it("an object that was healthy and is not any more, out of the LIST", async () => {
    await at.startWaiting();
    await at.say("True");
    await at.scenario.settle();
    const resting = await at.sweep();
    expect(resting.queued).toEqual([]);
    expect(resting.calls.filter((line) => line.startsWith("get "))).toEqual([]);
    await at.say("False");
    const swept = await at.sweep();
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(swept.calls.filter((line) => line.startsWith("get "))).toEqual([]);
  });

  it("what is checked and is none of ours takes one read, however many check it", async () => {
    await at.scenario.put(configMap("theirs"));
    await at.push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    const healthChecks = [{ apiVersion: "v1", kind: "ConfigMap", name: "theirs", namespace: at.scenario.namespace }];
    await at.scenario.spec({ path: "./one", healthChecks });
    await at.scenario.spec({ path: "./two", healthChecks }, "two");
    await at.settle("apps", "two");
    const resting = await at.sweep();
    expect(resting.report).toMatchObject({ due: 3, passed: 3 });
    expect(resting.calls.filter((line) => line.startsWith("get "))).toEqual(["get ConfigMap/theirs"]);
    await at.scenario.remove(at.scenario.ref("v1", "ConfigMap", "theirs"));
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (interval)", "Kustomization/NS/two (interval)"]);
  });

  it("more than a hundred reads for one object are its function's work", async () => {
    await at.push(configMap("a"));
    const healthChecks = Array.from({ length: 101 }, (_, n) => ({ apiVersion: "v1", kind: "ConfigMap", name: `c-${n}`, namespace: at.scenario.namespace }));
    for (const { name } of healthChecks) await at.scenario.put(configMap(name));
    await at.scenario.spec({ healthChecks });
    await at.settle();
    const swept = await at.scenario.sweep({ git: at.remote });
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(at.scenario.log.findLast((line) => line.includes("sweep sends"))).toContain("more than 100 single reads");
    expect(swept.report.requests).toBeLessThanOrEqual(16 + 100);
  });
});

describe("what goes into a build", () => {
  const variables = configMap("vars", "one");
  const templated = configMap("a", "$" + "{key}");

  it("a ConfigMap with variables that has changed", async () => {
    await at.scenario.put(variables);
    await at.start(templated, { postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
    expect((await at.sweep()).queued).toEqual([]);
    await at.scenario.put(configMap("vars", "two"));
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it("a Secret, whose render is kept nowhere, is built in the look and not sent until it has changed", async () => {
    const value = (text: string): string => secret("vars", `stringData: {key: "${text}"}`);
    await at.scenario.put(value("one"));
    await at.start(templated, { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
    const swept = await at.scenario.sweep({ git: at.remote });
    expect(swept.queued).toEqual([]);
    expect(swept.calls.filter((line) => line === "read artifact")).toEqual(["read artifact"]);
    expect(swept.writes).toEqual([]);
    await at.scenario.put(value("two"));
    expect((await at.scenario.sweep({ git: at.remote })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect([...at.scenario.memory.renders.values()].some((bytes) => Buffer.from(bytes).includes("two"))).toBe(false);
    expect(at.scenario.log.join("\n")).not.toContain("two");
  });

  it("a Secret that is gone", async () => {
    await at.scenario.put(secret("vars", "stringData: {key: one}"));
    await at.start(templated, { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
    await at.scenario.remove(at.scenario.ref("v1", "Secret", "vars"));
    expect((await at.scenario.sweep({ git: at.remote })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it("a schema that has changed", async () => {
    await at.scenario.put(definition(GROUP));
    await at.start(thing(GROUP, "t"));
    expect((await at.sweep()).queued).toEqual([]);
    await at.scenario.put(definition(GROUP).replace("spec: {type: object,", "note: {type: string}\n            spec: {type: object,"));
    expect((await at.sweep()).queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect((await at.sweep()).queued).toEqual([]);
  });
});
