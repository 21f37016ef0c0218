import { epochMs, hours, minutes } from "@sluice/engine/domain/time.ts";
import { nextTurn } from "@sluice/engine/plan/due.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, type SweepOptions, type Swept, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, definition, deployment, secret, thing } from "../../../../support/reconcile/manifests.ts";
import { createFakeRemote, type FakeRemote } from "../../../../support/reconcile/remote.ts";

const KUSTOMIZATION = "kustomize.toolkit.fluxcd.io/v1";
const SOURCE = "source.toolkit.fluxcd.io/v1";
const REQUESTED = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "t1" } } };

let bench: Bench;
let scenario: Scenario;
let remote: FakeRemote;
// A sweep is over a whole cluster, so each test has one of its own.
beforeEach(async () => {
  bench = await startBench();
  scenario = await bench.scenario();
  remote = createFakeRemote();
});
afterEach(() => bench.stop());

const app = () => scenario.ref(SOURCE, "GitRepository", "app");
const apps = (name = "apps") => scenario.ref(KUSTOMIZATION, "Kustomization", name);
const push = async (files: Parameters<Scenario["push"]>[0]): Promise<string> => {
  const revision = await scenario.push(files);
  remote.stand(revision);
  return revision;
};
/** As `push`, and the source has seen to it. */
async function move(files: Parameters<Scenario["push"]>[0]): Promise<void> {
  await push(files);
  await settleSource();
}
/** Source and Kustomization as runs leave them that have nothing more to do. */
async function settle(...names: string[]): Promise<void> {
  await settleSource();
  for (const name of names.length === 0 ? ["apps"] : names) await scenario.settle({ name });
}
async function settleSource(): Promise<void> {
  await scenario.pass({ kind: "GitRepository", name: "app", git: remote });
}
async function start(files: Parameters<Scenario["push"]>[0] = configMap("a") + configMap("b"), spec = {}): Promise<void> {
  await push(files);
  await scenario.spec(spec);
  await settle();
}

const GROUP = "NS.example.com";
/** What the one object under `wait` says of its health. */
const say = (status: string): Promise<void> =>
  scenario.status(scenario.ref(`${scenario.namespace}.example.com/v1`, "Thing", "one"), { conditions: [{ type: "Ready", status }] });
/** A Kustomization that waits for an object which is not ready. */
async function startWaiting(): Promise<void> {
  await scenario.put(definition(GROUP));
  await scenario.put(thing(GROUP, "one"));
  await say("False");
  await push(thing(GROUP, "one"));
  await scenario.spec({ wait: true, timeout: "1m", retryInterval: "1m" });
  await settleSource();
  expect((await scenario.pass()).outcome).toBe("progressing");
}

/**
 * A sweep, and what must be so after any: it has written, asked and said nothing, what it has not sent has nothing to do, and what it has sent has. A second
 * sweep of the window sends the same.
 */
async function sweep(options: SweepOptions = {}): Promise<Swept> {
  const swept = await scenario.sweep({ git: remote, ...options });
  const again = await scenario.sweep({ git: remote, ...options });
  expect(again.sent, "the same window again").toEqual(swept.sent);
  expect(swept.calls.filter((line) => /(^|: )(apply|patch|delete|dry-run|emit|store|read artifact|remember)/.test(line))).toEqual([]);
  await compareWithPasses(swept, options);
  return swept;
}

async function compareWithPasses(swept: Swept, { settings, instead }: SweepOptions): Promise<void> {
  const sent = new Set(swept.sent.map(({ key }) => `${key.kind}/${key.name}`));
  const objects = await Promise.all(
    (["GitRepository", "Kustomization"] as const).map(async (kind) =>
      (await scenario.names(kind === "GitRepository" ? SOURCE : KUSTOMIZATION, kind)).map((name) => ({ kind, name })),
    ),
  );
  // What is sent comes last: a pass that does something may bring work to others.
  const isSent = ({ kind, name }: { kind: string; name: string }): boolean => sent.has(`${kind}/${name}`);
  for (const { kind, name } of objects.flat().toSorted((a, b) => Number(isSent(a)) - Number(isSent(b)))) {
    const pass = await scenario.pass({ kind, name, git: remote, ...(settings && { settings }), ...(instead && { instead }), isOverlapped: true });
    const did = [...pass.writes, ...pass.events, ...pass.asked].length > 0 || pass.calls.includes("read artifact");
    if (!isSent({ kind, name }))
      expect({ name, writes: pass.writes, asked: pass.asked, events: pass.events }).toEqual({ name, writes: [], asked: [], events: [] });
    else expect({ name, did }).toEqual({ name, did: true });
  }
}

describe("a cluster at rest", () => {
  it("gets a look at everything that is due, and nothing is sent, written, asked or built", async () => {
    await start();
    const { report, queued, calls } = await sweep();
    expect(queued).toEqual([]);
    expect(report).toEqual({ listed: 2, due: 2, passed: 2, sent: {}, brokeOff: 0, malformed: 0, refused: 0, requests: 16 });
    expect(calls.filter((line) => !line.startsWith("list "))).toEqual(expect.arrayContaining(["find artifact", "recall render", "recall render"]));
    expect(remote.asked.length).toBeGreaterThan(0);
  });

  it("takes at most 30 requests for 1,000 objects in 50 Kustomizations, discovery included", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 50 }, (_, k) => [
        `k${k}/all.yaml`,
        Array.from({ length: 20 }, (_, n) => (n % 4 === 0 ? deployment(`d-${k}-${n}`) : configMap(`c-${k}-${n}`))).join(""),
      ]),
    );
    await push(files);
    await settleSource();
    for (let k = 0; k < 50; k++) {
      await scenario.spec({ path: `./k${k}` }, `apps-${k}`);
      await scenario.pass({ name: `apps-${k}`, isOverlapped: true });
      await scenario.pass({ name: `apps-${k}`, isOverlapped: true });
    }
    const swept = await scenario.sweep({ git: remote });
    expect(swept.queued).toEqual([]);
    expect(swept.report).toMatchObject({ listed: 51, due: 51, passed: 51 });
    expect(swept.requests).toBeLessThanOrEqual(30);
    expect(swept.calls.filter((line) => line.startsWith("get "))).toEqual([]);
    expect(swept.calls.filter((line) => line.includes("artifact"))).toEqual(["find artifact"]);
  });

  it("looks at nothing that is not due", async () => {
    await start();
    const { report, calls } = await sweep({ window: { since: scenario.now(), until: scenario.now() } });
    expect(report).toMatchObject({ listed: 2, due: 0, passed: 0, requests: 15 });
    expect(calls.every((line) => line.startsWith("list "))).toBe(true);
  });

  it("stays silent about one that is suspended, whatever drifts", async () => {
    await start();
    await scenario.merge(apps(), { spec: { suspend: true } });
    await scenario.pass();
    await scenario.remove(scenario.ref("v1", "ConfigMap", "a"));
    expect((await sweep()).queued).toEqual([]);
  });
});

describe("drift is found, and sent once for each object", () => {
  it.each<{ name: string; files?: string; spec?: object; change: () => Promise<void>; want?: readonly string[] }>([
    { name: "a field that somebody changed", change: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } }) },
    { name: "a field that somebody took", change: () => scenario.put(configMap("a", "theirs")) },
    { name: "an object that is gone", change: () => scenario.remove(scenario.ref("v1", "ConfigMap", "a")) },
    {
      name: "an object whose labels somebody gave to another",
      change: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": "other" } } }),
    },
    {
      name: "an object whose labels somebody took away",
      change: () =>
        scenario.merge(scenario.ref("v1", "ConfigMap", "a"), {
          metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": null, "kustomize.toolkit.fluxcd.io/namespace": null } },
        }),
    },
    {
      name: "what the inventory has and the build has not",
      change: async () => {
        await scenario.put(
          configMap("left", "1", "labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: NS}"),
          "kustomize-controller",
        );
        const { status } = await scenario.parsed();
        const entries = [...(status.inventory?.entries ?? []), { id: `${scenario.namespace}_left__ConfigMap`, v: "v1" }];
        await scenario.status(apps(), { inventory: { entries } });
      },
    },
    { name: "a field that somebody added is theirs", change: () => scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { more: "x" } }), want: [] },
    {
      name: "the status of a Deployment moves by itself",
      files: deployment("d"),
      change: () => scenario.status(scenario.ref("apps/v1", "Deployment", "d"), { replicas: 3 }),
      want: [],
    },
  ])("$name", async ({ files, spec, change, want = ["Kustomization/NS/apps (interval)"] }) => {
    await start(files, spec);
    expect((await sweep()).queued).toEqual([]);
    await change();
    const { queued, report } = await sweep();
    expect(queued).toEqual(want);
    expect(report.sent).toEqual(want.length === 0 ? {} : { interval: 1 });
    expect((await sweep()).queued, "after the pass").toEqual([]);
  });

  it("sends the one that has drifted, and none of its neighbours", async () => {
    await push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await scenario.spec({ path: "./one" });
    await scenario.spec({ path: "./two" }, "two");
    await settle("apps", "two");
    await scenario.merge(scenario.ref("v1", "ConfigMap", "b"), { data: { key: "x" } });
    expect((await sweep()).queued).toEqual(["Kustomization/NS/two (interval)"]);
  });

  it("asks of every object once a day, and so sends its owner", async () => {
    await start(configMap("a"));
    const { uid } = await scenario.parsed().then(({ metadata }) => metadata);
    const found = await scenario.find("v1", "ConfigMap", "a");
    let sent = 0;
    let asked = 0;
    for (let interval = 0; interval < 144; interval++) {
      // A sweep comes at most a minute after the turn, and the function a little later still: both answer for the same time.
      scenario.wait(nextTurn(uid, minutes(10), scenario.now()) - scenario.now() + 30_000);
      const swept = await scenario.sweep({
        git: remote,
        settings: { fullLookEvery: hours(24) },
        window: { since: scenario.now() - 60_000, until: scenario.now() },
      });
      sent += swept.sent.filter(({ key }) => key.kind === "Kustomization").length;
      scenario.wait(20_000);
      if (swept.sent.length > 0) asked += (await scenario.pass({ settings: { fullLookEvery: hours(24) } })).asked.length;
    }
    expect(found?.metadata.uid).toBeDefined();
    expect({ sent, asked }).toEqual({ sent: 1, asked: 1 });
  });
});

describe("every cause", () => {
  it.each<{ name: string; change: () => Promise<void>; want: readonly string[] }>([
    { name: "a request", change: () => scenario.merge(apps(), REQUESTED), want: ["Kustomization/NS/apps (request)"] },
    { name: "a request to the source", change: () => scenario.merge(app(), REQUESTED), want: ["GitRepository/NS/app (request)"] },
    {
      name: "a request to one that is suspended",
      change: async () => {
        await scenario.merge(apps(), { spec: { suspend: true } });
        await scenario.pass();
        await scenario.merge(apps(), REQUESTED);
      },
      want: ["Kustomization/NS/apps (request)"],
    },
    { name: "a new one", change: () => scenario.spec({ path: "./" }, "fresh"), want: ["Kustomization/NS/fresh (new)"] },
    { name: "a changed one", change: () => scenario.spec({ interval: "20m" }), want: ["Kustomization/NS/apps (generation)"] },
    { name: "a changed source", change: () => scenario.merge(app(), { spec: { interval: "2h" } }), want: ["GitRepository/NS/app (generation)"] },
    { name: "a deleted one", change: () => scenario.remove(apps()), want: ["Kustomization/NS/apps (deletion)"] },
    { name: "a deleted source", change: () => scenario.remove(app()), want: ["GitRepository/NS/app (deletion)"] },
    {
      name: "one that a run left in the middle",
      change: async () => {
        await move(configMap("a") + configMap("b") + configMap("c"));
        for (let n = 1; !(await scenario.line()).includes("Ready=Unknown"); n++) await scenario.pass({ cut: { n, when: "before" } });
      },
      want: ["Kustomization/NS/apps (unfinished)"],
    },
    { name: "a source that has moved on", change: () => move(configMap("a", "2")), want: ["Kustomization/NS/apps (revision)"] },
    { name: "a remote that has moved on", change: async () => remote.stand(`main@sha1:${"0".repeat(40)}`), want: ["GitRepository/NS/app (interval)"] },
    {
      name: "a remote that fails",
      change: async () => remote.fail({ kind: "failed", why: "unreachable", message: "no" }),
      want: ["GitRepository/NS/app (interval)"],
    },
    { name: "an artifact that the store has lost", change: async () => scenario.memory.artifacts.clear(), want: ["GitRepository/NS/app (interval)"] },
    { name: "a render that the store has lost", change: async () => scenario.memory.renders.clear(), want: ["Kustomization/NS/apps (interval)"] },
  ])("$name", async ({ change, want }) => {
    await start();
    await change();
    expect((await sweep()).queued).toEqual(want);
  });

  it("has the window and the cause in what it sends, so that a window swept twice is one look", async () => {
    await start();
    await scenario.merge(apps(), REQUESTED);
    const { sent } = await sweep();
    expect(sent).toEqual([
      {
        kind: "object",
        key: { cluster: "test", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: scenario.namespace, name: "apps" },
        cause: "request",
        look: `sweep ${scenario.now()} request`,
      },
    ]);
  });
});

describe("what lasts is not sent minute after minute", () => {
  const nothingDueByTheClock = () => ({ window: { since: scenario.now(), until: scenario.now() } });

  it("one that waits for a dependency: once that is ready, it is sent", async () => {
    await push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await scenario.spec({ path: "./one" });
    await scenario.spec({ path: "./two", dependsOn: [{ name: "apps" }] }, "two");
    await settleSource();
    expect((await scenario.pass({ name: "two" })).outcome).toBe("waiting");
    expect((await sweep()).queued).toEqual(["Kustomization/NS/apps (new)"]);
    // Its pass has come in the comparison; now the other one's turn is found, whenever the clock would bring it.
    expect((await sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/two (dependencies)"]);
    expect((await sweep()).queued).toEqual([]);
  });

  it("one that waits for a dependency that fails, also when the source moves on", async () => {
    await push({ "one/a.yaml": "nonsense: [", "two/b.yaml": configMap("b") });
    await scenario.spec({ path: "./one" });
    await scenario.spec({ path: "./two", dependsOn: [{ name: "apps" }] }, "two");
    await settleSource();
    await scenario.pass();
    await scenario.pass({ name: "two" });
    expect((await sweep(nothingDueByTheClock())).queued).toEqual([]);
    await move({ "one/a.yaml": "nonsense: [[", "two/b.yaml": configMap("b") });
    expect((await sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/apps (revision)"]);
    expect((await sweep(nothingDueByTheClock())).queued).toEqual([]);
  });

  it("one whose path a new revision has not", async () => {
    await push({ "one/a.yaml": configMap("a") });
    await scenario.spec({ path: "./one" });
    await settle();
    await move({ "two/a.yaml": configMap("a") });
    expect((await sweep(nothingDueByTheClock())).queued).toEqual(["Kustomization/NS/apps (revision)"]);
    expect(await scenario.line()).toContain("Ready=False:ArtifactFailed");
    expect((await sweep(nothingDueByTheClock())).queued).toEqual([]);
  });

  it("one whose artifact the store has lost: its source is sent", async () => {
    await start();
    await push(configMap("a", "2"));
    scenario.memory.artifacts.clear();
    const { queued } = await scenario.sweep({ git: remote, ...nothingDueByTheClock() });
    expect(queued).toEqual(["Kustomization/NS/apps (revision)"]);
  });

  it("one that awaits health", async () => {
    await startWaiting();
    expect(await scenario.line()).toContain("Ready=Unknown");
    expect((await sweep()).report).toMatchObject({ due: 2, passed: 2 });
    await say("True");
    expect((await sweep()).queued).toEqual(["Kustomization/NS/apps (unfinished)"]);
  });

  it("one that failed, and fails the same", async () => {
    await startWaiting();
    scenario.wait(120_000);
    await scenario.pass();
    expect(await scenario.line()).toContain("Ready=False:HealthCheckFailed");
    expect((await sweep()).report).toMatchObject({ due: 2, passed: 2, sent: {} });
    await say("True");
    expect((await sweep()).report).toMatchObject({ due: 2, passed: 1, sent: { retry: 1 } });
  });

  it("a stalled one", async () => {
    await start(configMap("a"), {});
    await scenario.spec({ decryption: { provider: "sops" } });
    await scenario.pass();
    expect(await scenario.line()).toContain("Stalled=True");
    expect((await sweep()).report).toMatchObject({ due: 1, passed: 1 });
  });

  it("a cluster that Sluice is leaving: what is new there is looked at, and left", async () => {
    await push(configMap("a"));
    await scenario.spec({});
    const answer = await scenario
      .admin()
      .delete({ apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "sluice" }, { propagation: "Background" });
    expect(answer.kind).toBe("deleted");
    expect((await sweep()).report).toMatchObject({ due: 2, passed: 2, sent: {} });
  });
});

describe("health", () => {
  it("an object that was healthy and is not any more, out of the LIST", async () => {
    await startWaiting();
    await say("True");
    await scenario.settle();
    const resting = await sweep();
    expect(resting.queued).toEqual([]);
    expect(resting.calls.filter((line) => line.startsWith("get "))).toEqual([]);
    await say("False");
    const swept = await sweep();
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(swept.calls.filter((line) => line.startsWith("get "))).toEqual([]);
  });

  it("what is checked and is none of ours takes one read, however many check it", async () => {
    await scenario.put(configMap("theirs"));
    await push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    const healthChecks = [{ apiVersion: "v1", kind: "ConfigMap", name: "theirs", namespace: scenario.namespace }];
    await scenario.spec({ path: "./one", healthChecks });
    await scenario.spec({ path: "./two", healthChecks }, "two");
    await settle("apps", "two");
    const resting = await sweep();
    expect(resting.report).toMatchObject({ due: 3, passed: 3 });
    expect(resting.calls.filter((line) => line.startsWith("get "))).toEqual(["get ConfigMap/theirs"]);
    await scenario.remove(scenario.ref("v1", "ConfigMap", "theirs"));
    expect((await sweep()).queued).toEqual(["Kustomization/NS/apps (interval)", "Kustomization/NS/two (interval)"]);
  });

  it("more than a hundred reads for one object are its function's work", async () => {
    await push(configMap("a"));
    const healthChecks = Array.from({ length: 101 }, (_, n) => ({ apiVersion: "v1", kind: "ConfigMap", name: `c-${n}`, namespace: scenario.namespace }));
    for (const { name } of healthChecks) await scenario.put(configMap(name));
    await scenario.spec({ healthChecks });
    await settle();
    const swept = await scenario.sweep({ git: remote });
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(scenario.log.findLast((line) => line.includes("sweep sends"))).toContain("more than 100 single reads");
    expect(swept.report.requests).toBeLessThanOrEqual(16 + 100);
  });
});

describe("what goes into a build", () => {
  const variables = configMap("vars", "one");
  const templated = configMap("a", "$" + "{key}");

  it("a ConfigMap with variables that has changed", async () => {
    await scenario.put(variables);
    await start(templated, { postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } });
    expect((await sweep()).queued).toEqual([]);
    await scenario.put(configMap("vars", "two"));
    expect((await sweep()).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it("a Secret, whose render is kept nowhere, is built in the look and not sent until it has changed", async () => {
    const value = (text: string): string => secret("vars", `stringData: {key: "${text}"}`);
    await scenario.put(value("one"));
    await start(templated, { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
    const swept = await scenario.sweep({ git: remote });
    expect(swept.queued).toEqual([]);
    expect(swept.calls.filter((line) => line === "read artifact")).toEqual(["read artifact"]);
    expect(swept.writes).toEqual([]);
    await scenario.put(value("two"));
    expect((await scenario.sweep({ git: remote })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect([...scenario.memory.renders.values()].some((bytes) => Buffer.from(bytes).includes("two"))).toBe(false);
    expect(scenario.log.join("\n")).not.toContain("two");
  });

  it("a Secret that is gone", async () => {
    await scenario.put(secret("vars", "stringData: {key: one}"));
    await start(templated, { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } });
    await scenario.remove(scenario.ref("v1", "Secret", "vars"));
    expect((await scenario.sweep({ git: remote })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it("a schema that has changed", async () => {
    await scenario.put(definition(GROUP));
    await start(thing(GROUP, "t"));
    expect((await sweep()).queued).toEqual([]);
    await scenario.put(definition(GROUP).replace("spec: {type: object,", "note: {type: string}\n            spec: {type: object,"));
    expect((await sweep()).queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect((await sweep()).queued).toEqual([]);
  });
});

describe("one object never stops the others", () => {
  it("one that nobody can read is said in the log, and counted", async () => {
    await push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await scenario.spec({ path: "./one" });
    await scenario.spec({ path: "./two" }, "broken");
    await settle("apps", "broken");
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    const broken = { kind: "listed", resourceVersion: "1", items: [] };
    const { items } = await listed();
    const instead = (line: string): object | undefined =>
      line === "list Kustomization"
        ? { ...broken, items: items.map((item) => (item.metadata.name === "broken" ? { ...item, spec: { path: 5 } } : item)) }
        : undefined;
    const swept = await scenario.sweep({ git: remote, instead });
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(swept.report).toMatchObject({ malformed: 1, passed: 1, sent: { interval: 1 } });
    expect(scenario.log.filter((line) => line.includes('"malformed"') && line.includes("/broken"))).toHaveLength(1);
  });

  it("one whose look breaks off is sent, and the others get theirs", async () => {
    await push({ "one/a.yaml": configMap("a"), "two/d.yaml": deployment("d") });
    await scenario.spec({ path: "./one" });
    await scenario.spec({ path: "./two" }, "two");
    await settle("apps", "two");
    const swept = await scenario.sweep({ git: remote, instead: (line) => (line === "list Deployment" ? new Error("nobody answers") : undefined) });
    expect(swept.queued).toEqual(["Kustomization/NS/two (interval)"]);
    expect(swept.report).toMatchObject({ due: 3, passed: 2, brokeOff: 1, sent: { interval: 1 } });
    expect(scenario.log.filter((line) => line.includes("look broke off") && line.includes("nobody answers"))).toHaveLength(1);
  });

  it("a cluster that does not answer throws, so that its window is swept again", async () => {
    await start();
    await expect(
      scenario.sweep({ git: remote, instead: (line) => (line === "list Kustomization" ? new Error("connection refused") : undefined) }),
    ).rejects.toThrow("connection refused");
  });

  const listed = async () => {
    const answer = await scenario.admin().list({ apiVersion: KUSTOMIZATION, kind: "Kustomization" });
    if (answer.kind !== "listed") throw new Error(answer.message);
    return answer;
  };
});

describe("what may not be listed", () => {
  const forbidden = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" };

  it("a managed kind is read object by object, as a pass does it", async () => {
    await start();
    const instead = (line: string): object | undefined => (line === "list ConfigMap" ? forbidden : undefined);
    const swept = await sweep({ instead });
    expect(swept.queued).toEqual([]);
    expect(swept.calls.filter((line) => line.startsWith("get ")).toSorted()).toEqual(["get ConfigMap/a", "get ConfigMap/b"]);
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    expect((await sweep({ instead })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it("a kind of Flux is said in the log and counted; the others are looked after", async () => {
    await start();
    const swept = await scenario.sweep({ git: remote, instead: (line) => (line === "list GitRepository" ? forbidden : undefined) });
    expect(swept.report).toMatchObject({ listed: 1, refused: 1 });
    expect(scenario.log.filter((line) => line.includes('"kind not listed"') && line.includes("GitRepository"))).toHaveLength(1);
  });
});

describe("kinds that are not implemented yet", () => {
  it("are sent once, and not again", async () => {
    await scenario.put(
      `---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: b, namespace: NS}\nspec: {interval: 1m, bucketName: bucket, endpoint: example.com}\n`,
    );
    const first = await scenario.sweep({ git: remote });
    expect(first.queued).toEqual(["Bucket/NS/b (new)"]);
    for (const item of first.sent) await scenario.engine({ lines: [], made: () => 0, run: (_, effect) => effect() }, []).run(item);
    expect((await scenario.sweep({ git: remote })).queued).toEqual([]);
    await scenario.merge(scenario.ref(SOURCE, "Bucket", "b"), { spec: { interval: "2m" } });
    expect((await scenario.sweep({ git: remote })).queued).toEqual(["Bucket/NS/b (generation)"]);
  });

  it("without status are sent in the window after their creation alone", async () => {
    await scenario.put(
      `---\napiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider\nmetadata: {name: p, namespace: NS}\nspec: {type: generic, address: 'https://example.com'}\n`,
    );
    const now = scenario.now();
    const minutes = [-1, 0, 1, 2].map((minute) => ({ since: now + minute * 60_000, until: now + (minute + 1) * 60_000 }));
    const queued: (readonly string[])[] = [];
    for (const window of minutes) queued.push((await scenario.sweep({ git: remote, window })).queued);
    expect(queued).toEqual([[], ["Provider/NS/p (new)"], [], []]);
  });
});

describe("windows", () => {
  it("each turn is looked at in exactly one of successive windows; a merged window has them all", async () => {
    await start();
    await scenario.merge(scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    const from = scenario.now();
    const sentIn = async (since: number, until: number): Promise<number> => (await scenario.sweep({ git: remote, window: { since, until } })).sent.length;
    let minutely = 0;
    for (let minute = 0; minute < 10; minute++) minutely += await sentIn(from + minute * 60_000, from + (minute + 1) * 60_000);
    expect(minutely).toBe(1);
    expect(await sentIn(from, from + 600_000)).toBe(1);
    expect(await sentIn(from, from + 7_200_000)).toBe(1);
    const turn = nextTurn((await scenario.parsed()).metadata.uid, minutes(10), epochMs(from));
    expect([await sentIn(turn - 1000, turn), await sentIn(turn, turn + 1000)]).toEqual([1, 0]);
  });
});
