import { epochMs, minutes } from "@sluice/engine/domain/time.ts";
import type { ObjectItem } from "@sluice/engine/domain/work-item.ts";
import { nextTurn } from "@sluice/engine/plan/due.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configMap, deployment } from "../../../../support/reconcile/manifests.ts";
import { KUSTOMIZATION, SOURCE, type Sweeping, startSweeping } from "../../../../support/reconcile/sweeping.ts";

const REQUESTED = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "t1" } } };

let at: Sweeping;
// A sweep is over a whole cluster, so each test has one of its own.
beforeEach(async () => {
  at = await startSweeping();
});
afterEach(() => at.stop());

describe("a cluster at rest", () => {
  it("gets a look at everything that is due, and nothing is sent, written, asked or built", async () => {
    await at.start();
    const { report, queued, calls } = await at.sweep();
    expect(queued).toEqual([]);
    expect(report).toEqual({ listed: 2, due: 2, passed: 2, sent: {}, brokeOff: 0, malformed: 0, refused: 0, requests: 16 });
    expect(calls.filter((line) => !line.startsWith("list "))).toEqual(expect.arrayContaining(["find artifact", "recall render", "recall render"]));
    expect(at.remote.asked.length).toBeGreaterThan(0);
  });

  it("takes at most 30 requests for 1,000 objects in 50 Kustomizations, discovery included", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 50 }, (_, k) => [
        `k${k}/all.yaml`,
        Array.from({ length: 20 }, (_, n) => (n % 4 === 0 ? deployment(`d-${k}-${n}`) : configMap(`c-${k}-${n}`))).join(""),
      ]),
    );
    await at.push(files);
    await at.settleSource();
    for (let k = 0; k < 50; k++) {
      await at.scenario.spec({ path: `./k${k}` }, `apps-${k}`);
      await at.scenario.pass({ name: `apps-${k}`, isOverlapped: true });
    }
    const swept = await at.scenario.sweep({ git: at.remote });
    expect(swept.queued).toEqual([]);
    expect(swept.report).toMatchObject({ listed: 51, due: 51, passed: 51 });
    expect(swept.requests).toBeLessThanOrEqual(30);
    expect(swept.calls.filter((line) => line.startsWith("get "))).toEqual([]);
    expect(swept.calls.filter((line) => line.includes("artifact"))).toEqual(["find artifact"]);
  });

  it("looks at nothing that is not due", async () => {
    await at.start();
    const { report, calls } = await at.sweep({ window: { since: at.scenario.now(), until: at.scenario.now() } });
    expect(report).toMatchObject({ listed: 2, due: 0, passed: 0, requests: 15 });
    expect(calls.every((line) => line.startsWith("list "))).toBe(true);
  });

  it("stays silent about one that is suspended, whatever drifts", async () => {
    await at.start();
    await at.scenario.merge(at.apps(), { spec: { suspend: true } });
    await at.scenario.pass();
    await at.scenario.remove(at.scenario.ref("v1", "ConfigMap", "a"));
    expect((await at.sweep()).queued).toEqual([]);
  });
});

describe("every cause", () => {
  it.each<{ name: string; change: () => Promise<void>; want: readonly string[] }>([
    { name: "a request", change: () => at.scenario.merge(at.apps(), REQUESTED), want: ["Kustomization/NS/apps (request)"] },
    { name: "a request to the source", change: () => at.scenario.merge(at.app(), REQUESTED), want: ["GitRepository/NS/app (request)"] },
    {
      name: "a request to one that is suspended",
      change: async () => {
        await at.scenario.merge(at.apps(), { spec: { suspend: true } });
        await at.scenario.pass();
        await at.scenario.merge(at.apps(), REQUESTED);
      },
      want: ["Kustomization/NS/apps (request)"],
    },
    { name: "a new one", change: () => at.scenario.spec({ path: "./" }, "fresh"), want: ["Kustomization/NS/fresh (new)"] },
    { name: "a changed one", change: () => at.scenario.spec({ interval: "20m" }), want: ["Kustomization/NS/apps (generation)"] },
    { name: "a changed source", change: () => at.scenario.merge(at.app(), { spec: { interval: "2h" } }), want: ["GitRepository/NS/app (generation)"] },
    { name: "a deleted one", change: () => at.scenario.remove(at.apps()), want: ["Kustomization/NS/apps (deletion)"] },
    { name: "a deleted source", change: () => at.scenario.remove(at.app()), want: ["GitRepository/NS/app (deletion)"] },
    {
      name: "one that a run left in the middle",
      change: async () => {
        await at.move(configMap("a") + configMap("b") + configMap("c"));
        for (let n = 1; !(await at.scenario.line()).includes("Ready=Unknown"); n++) await at.scenario.pass({ cut: { n, when: "before" } });
      },
      want: ["Kustomization/NS/apps (unfinished)"],
    },
    { name: "a source that has moved on", change: () => at.move(configMap("a", "2")), want: ["Kustomization/NS/apps (revision)"] },
    { name: "a remote that has moved on", change: async () => at.remote.stand(`main@sha1:${"0".repeat(40)}`), want: ["GitRepository/NS/app (interval)"] },
    {
      name: "a remote that fails",
      change: async () => at.remote.fail({ kind: "failed", why: "unreachable", message: "no" }),
      want: ["GitRepository/NS/app (interval)"],
    },
    { name: "an artifact that the store has lost", change: async () => at.scenario.memory.artifacts.clear(), want: ["GitRepository/NS/app (interval)"] },
    { name: "a render that the store has lost", change: async () => at.scenario.memory.renders.clear(), want: ["Kustomization/NS/apps (interval)"] },
  ])("$name", async ({ change, want }) => {
    await at.start();
    await change();
    expect((await at.sweep()).queued).toEqual(want);
  });

  it("has the window and the cause in what it sends, so that a window swept twice is one look", async () => {
    await at.start();
    await at.scenario.merge(at.apps(), REQUESTED);
    const { sent } = await at.sweep();
    expect(sent).toEqual([
      {
        kind: "object",
        key: { cluster: "test", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: at.scenario.namespace, name: "apps" },
        cause: "request",
        look: `sweep ${at.scenario.now()} request`,
      },
    ]);
  });
});

describe("one object never stops the others", () => {
  it("one that nobody can read is said in the log, and counted", async () => {
    await at.push({ "one/a.yaml": configMap("a"), "two/b.yaml": configMap("b") });
    await at.scenario.spec({ path: "./one" });
    await at.scenario.spec({ path: "./two" }, "broken");
    await at.settle("apps", "broken");
    await at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    const broken = { kind: "listed", resourceVersion: "1", items: [] };
    const { items } = await listed();
    const instead = (line: string): object | undefined =>
      line === "list Kustomization"
        ? { ...broken, items: items.map((item) => (item.metadata.name === "broken" ? { ...item, spec: { path: 5 } } : item)) }
        : undefined;
    const swept = await at.scenario.sweep({ git: at.remote, instead });
    expect(swept.queued).toEqual(["Kustomization/NS/apps (interval)"]);
    expect(swept.report).toMatchObject({ malformed: 1, passed: 1, sent: { interval: 1 } });
    expect(at.scenario.log.filter((line) => line.includes('"malformed"') && line.includes("/broken"))).toHaveLength(1);
  });

  it("one whose look breaks off is sent, and the others get theirs", async () => {
    await at.push({ "one/a.yaml": configMap("a"), "two/d.yaml": deployment("d") });
    await at.scenario.spec({ path: "./one" });
    await at.scenario.spec({ path: "./two" }, "two");
    await at.settle("apps", "two");
    const swept = await at.scenario.sweep({ git: at.remote, instead: (line) => (line === "list Deployment" ? new Error("nobody answers") : undefined) });
    expect(swept.queued).toEqual(["Kustomization/NS/two (interval)"]);
    expect(swept.report).toMatchObject({ due: 3, passed: 2, brokeOff: 1, sent: { interval: 1 } });
    expect(at.scenario.log.filter((line) => line.includes("look broke off") && line.includes("nobody answers"))).toHaveLength(1);
  });

  it("a cluster that does not answer throws, so that its window is swept again", async () => {
    await at.start();
    await expect(
      at.scenario.sweep({ git: at.remote, instead: (line) => (line === "list Kustomization" ? new Error("connection refused") : undefined) }),
    ).rejects.toThrow("connection refused");
  });

  const listed = async () => {
    const answer = await at.scenario.admin().list({ apiVersion: KUSTOMIZATION, kind: "Kustomization" });
    if (answer.kind !== "listed") throw new Error(answer.message);
    return answer;
  };
});

describe("what may not be listed", () => {
  const forbidden = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" };

  it("a managed kind is read object by object, as a pass does it", async () => {
    await at.start();
    const instead = (line: string): object | undefined => (line === "list ConfigMap" ? forbidden : undefined);
    const swept = await at.sweep({ instead });
    expect(swept.queued).toEqual([]);
    expect(swept.calls.filter((line) => line.startsWith("get ")).toSorted()).toEqual(["get ConfigMap/a", "get ConfigMap/b"]);
    await at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    expect((await at.sweep({ instead })).queued).toEqual(["Kustomization/NS/apps (interval)"]);
  });

  it.each(["unknown-kind", "absent"])("a kind of Flux that is not there is no trouble: %s", async (why) => {
    await at.start();
    const swept = await at.scenario.sweep({ git: at.remote, instead: (line) => (line === "list HelmRelease" ? { ...forbidden, why } : undefined) });
    expect(swept.report).toMatchObject({ listed: 2, refused: 0 });
  });

  it("a kind of Flux is said in the log and counted; the others are looked after", async () => {
    await at.start();
    const swept = await at.scenario.sweep({ git: at.remote, instead: (line) => (line === "list GitRepository" ? forbidden : undefined) });
    expect(swept.report).toMatchObject({ listed: 1, refused: 1 });
    expect(at.scenario.log.filter((line) => line.includes('"kind not listed"') && line.includes("GitRepository"))).toHaveLength(1);
  });
});

describe("a server that answers with trouble of its own", () => {
  it.each([
    { code: 500, message: "etcdserver: request timed out" },
    { code: 401, message: "Unauthorized" },
  ])("has said nothing of the objects, so that the window is swept again: $code", async ({ code, message }) => {
    await at.start();
    const refused = { kind: "refused", why: "other", code, reason: "", message };
    const instead = (line: string): object | undefined => (line === "list Kustomization" ? refused : undefined);
    await expect(at.scenario.sweep({ git: at.remote, instead })).rejects.toThrow(`Kustomization cannot be listed: ${code} ${message}`);
  });
});

describe("kinds that are not implemented yet", () => {
  it("are sent once, and not again", async () => {
    await at.scenario.put(
      `---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: b, namespace: NS}\nspec: {interval: 1m, bucketName: bucket, endpoint: example.com}\n`,
    );
    const first = await at.scenario.sweep({ git: at.remote });
    expect(first.queued).toEqual(["Bucket/NS/b (new)"]);
    for (const item of first.sent) await at.scenario.engine({ lines: [], made: () => 0, run: (_, effect) => effect() }, []).run(item);
    expect((await at.scenario.sweep({ git: at.remote })).queued).toEqual([]);
    await at.scenario.merge(at.scenario.ref(SOURCE, "Bucket", "b"), { spec: { interval: "2m" } });
    expect((await at.scenario.sweep({ git: at.remote })).queued).toEqual(["Bucket/NS/b (generation)"]);
  });
});

describe("Alerts and Providers", () => {
  const run = async (sent: readonly ObjectItem[]): Promise<void> => {
    for (const item of sent) await at.scenario.engine({ lines: [], made: () => 0, run: (_, effect) => effect() }, []).run(item);
  };

  it("are sent for a finalizer that should be there or should not, and otherwise never", async () => {
    await at.scenario.put(`---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: p, namespace: NS}
spec: {type: generic, address: 'https://example.com'}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: old, namespace: NS, finalizers: [finalizers.fluxcd.io]}
spec: {providerRef: {name: p}, eventSources: [{kind: Kustomization, name: '*'}]}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: a, namespace: NS}
spec: {providerRef: {name: p}, eventSources: [{kind: Kustomization, name: '*'}]}
`);
    const first = await at.scenario.sweep({ git: at.remote });
    expect(first.queued.toSorted()).toEqual(["Alert/NS/old (new)", "Provider/NS/p (new)"]);
    await run(first.sent);
    const second = await at.scenario.sweep({ git: at.remote });
    expect([second.queued, second.report.due]).toEqual([[], 0]);
    await at.scenario.remove(at.scenario.ref("notification.toolkit.fluxcd.io/v1beta3", "Provider", "p"));
    const third = await at.scenario.sweep({ git: at.remote });
    expect(third.queued).toEqual(["Provider/NS/p (deletion)"]);
    await run(third.sent);
    expect((await at.scenario.sweep({ git: at.remote })).queued).toEqual([]);
  });
});

describe("windows", () => {
  it("each turn is looked at in exactly one of successive windows; a merged window has them all", async () => {
    await at.start();
    await at.scenario.merge(at.scenario.ref("v1", "ConfigMap", "a"), { data: { key: "x" } });
    const from = at.scenario.now();
    const sentIn = async (since: number, until: number): Promise<number> => (await at.scenario.sweep({ git: at.remote, window: { since, until } })).sent.length;
    let minutely = 0;
    for (let minute = 0; minute < 10; minute++) minutely += await sentIn(from + minute * 60_000, from + (minute + 1) * 60_000);
    expect(minutely).toBe(1);
    expect(await sentIn(from, from + 600_000)).toBe(1);
    expect(await sentIn(from, from + 7_200_000)).toBe(1);
    const turn = nextTurn((await at.scenario.parsed()).metadata.uid, minutes(10), epochMs(from));
    expect([await sentIn(turn - 1000, turn), await sentIn(turn, turn + 1000)]).toEqual([1, 0]);
  });
});
