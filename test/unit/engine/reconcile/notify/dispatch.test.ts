import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { Channels } from "@sluice/engine/reconcile/notify/deps.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf } from "../../../../support/notify/world.ts";
import { createCalls } from "../../../../support/reconcile/calls.ts";

let made = 0;
const eventOf = (change: Partial<NotifiedEvent> = {}): NotifiedEvent => ({
  ...notified(`e${++made}`, {
    involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    reason: "Progressing",
    message: `message ${made}`,
    reportingController: "kustomize-controller",
  }),
  ...change,
});

const ALL = { eventSources: [{ kind: "Kustomization", name: "*" }] };
const alert = (name: string, spec: JsonObject = {}): Manifest => alertOf({ name, namespace: "apps", spec: { ...ALL, providerRef: { name: "p" }, ...spec } });
const PROVIDER = providerOf("p", "apps", { type: "generic", address: "http://127.0.0.1:9" });

const targets = (world: ReturnType<typeof createWorld>): readonly string[] =>
  world.queue.map(({ delivery: { target } }) => (target.kind === "channel" ? target.name : target.alert.name));

describe("one broken Alert stops no other", () => {
  it.each<{ what: string; broken: Manifest; said: string }>([
    {
      what: "it cannot be read",
      broken: alert("b", { providerRef: 7 }),
      said: "InvalidConfig the Alert cannot be read: spec.providerRef: expected a map, got a number; spec.providerRef.name: required value",
    },
    { what: "a pattern does not compile", broken: alert("b", { inclusionList: ["("] }), said: "InvalidConfig failed to compile inclusion regex: (" },
    {
      what: "a pattern takes too long",
      broken: alert("b", { inclusionList: ["x{1000}".repeat(2_000)] }),
      said: `InvalidConfig inclusion regex takes too long: ${"x{1000}".repeat(2_000)}`,
    },
    {
      what: "its Provider is not there",
      broken: alert("b", { providerRef: { name: "q" } }),
      said: 'NotificationDispatchFailed failed to dispatch notification for Kustomization/apps/web: failed to read provider: Provider.notification.toolkit.fluxcd.io "q" not found',
    },
  ])("$what", async ({ broken, said }) => {
    const world = createWorld({ objects: [alert("a"), broken, alert("c"), PROVIDER] });
    await world.notifications().dispatch(eventOf());
    expect(targets(world)).toEqual(["a", "c"]);
    expect(world.warnings()).toEqual([`Warning ${said}`]);
  });

  it("a pattern that fits in no Event is quoted in part", async () => {
    const world = createWorld({ objects: [alert("b", { exclusionList: [`(${"x".repeat(1_000_000)}`] }), PROVIDER] });
    await world.notifications().dispatch(eventOf());
    expect(world.told.map(({ message }) => message.length)).toEqual([16_384]);
  });

  it("a tenant whose patterns take all the time has none left, others have theirs", async () => {
    const heavy = "x{1000}".repeat(19);
    const evil = Array.from({ length: 40 }, (_, index) => alert(`evil-${index}`, { inclusionList: [heavy] }));
    const spec = { eventSources: [{ kind: "Kustomization", name: "*", namespace: "apps" }], providerRef: { name: "p" }, exclusionList: [heavy] };
    const objects = [...evil, alertOf({ name: "a", namespace: "shop", spec }), PROVIDER, providerOf("p", "shop", { type: "generic" })];
    const world = createWorld({ objects });
    await world.notifications().dispatch(eventOf());
    expect(targets(world)).toEqual(["a"]);
    expect([...new Set(world.told.map(({ object, message }) => `${object.namespace} ${message.slice(0, 30)}`))]).toEqual([
      "apps inclusion regex takes too long",
    ]);
  });

  it("not even when nobody answers; the exception comes at the end, and the next try sends what is missing", async () => {
    const world = createWorld({
      objects: [alert("a"), alert("b", { providerRef: { name: "q" } }), alert("c"), PROVIDER, providerOf("q", "apps", { type: "generic" })],
    });
    const event = eventOf();
    const calls = createCalls({ instead: (line) => (line === "get Provider/q" ? new Error("nobody answered") : undefined) });
    await expect(world.notifications(calls).dispatch(event)).rejects.toThrow("nobody answered");
    expect(targets(world)).toEqual(["a", "c"]);
    expect(await world.notifications().dispatch(event)).toEqual({ kind: "dispatched", alerts: 3, deliveries: 3 });
    await world.drain();
    expect(world.sent).toHaveLength(3);
  });
});

describe("what is asked of the cluster", () => {
  it("labels and a Provider are read once for all Alerts", async () => {
    const labelled = { eventSources: [{ kind: "Kustomization", name: "*", matchLabels: { tier: "front" } }] };
    const object = {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "web", namespace: "apps", labels: { tier: "front" } },
    };
    const world = createWorld({ objects: [alert("a", labelled), alert("b", labelled), alert("c"), PROVIDER, object] });
    const calls = createCalls();
    await world.notifications(calls).dispatch(eventOf());
    expect(targets(world).toSorted()).toEqual(["a", "b", "c"]);
    expect(calls.lines.filter((line) => /^(get|list) /.test(line))).toEqual(
      ["list Alert", "get Provider/p", "get Kustomization/web"].toSorted((a, b) => calls.lines.indexOf(a) - calls.lines.indexOf(b)),
    );
  });

  it("nothing for what was said already", async () => {
    const world = createWorld({ objects: [alert("a"), PROVIDER] });
    await world.notifications().dispatch(eventOf({ message: "same" }));
    const calls = createCalls();
    expect(await world.notifications(calls).dispatch(eventOf({ message: "same" }))).toEqual({ kind: "duplicate" });
    expect(calls.lines).toEqual(["read events"]);
  });

  it("a cluster without Alerts has none; one that does not let them be listed is an exception", async () => {
    const answering = (why: string) =>
      createCalls({ instead: (line) => (line === "list Alert" ? { kind: "refused", why, code: 0, reason: "", message: "no" } : undefined) });
    const world = createWorld();
    expect(await world.notifications(answering("unknown-kind")).dispatch(eventOf())).toEqual({ kind: "dispatched", alerts: 0, deliveries: 0 });
    await expect(world.notifications(answering("forbidden")).dispatch(eventOf())).rejects.toThrow("the Alerts cannot be listed: no");
  });
});

describe("that something was said is written down", () => {
  const other = alert("a", { eventSources: [{ kind: "Kustomization", name: "other" }] });
  const slack = { address: async () => secret("https://hooks.test/x") };
  const written = (lines: readonly string[]): readonly string[] => lines.filter((line) => /^(write|queue|say)/.test(line));

  it.each<{ what: string; objects: readonly Manifest[]; channels?: Channels; want: readonly string[] }>([
    { what: "not where there is no Alert", objects: [], want: [] },
    { what: "not where no Alert wants it", objects: [other, PROVIDER], want: [] },
    { what: "not where the channels want failures only", objects: [other, PROVIDER], channels: { slack }, want: [] },
    { what: "before it is sent, once for all Alerts", objects: [alert("a"), alert("b"), PROVIDER], want: ["write events", "queue", "queue"] },
    { what: "before an Alert is complained of", objects: [alert("a", { inclusionList: ["("] })], want: ["write events", "say InvalidConfig"] },
    { what: "before an Alert that cannot be read is complained of", objects: [alert("a", { providerRef: 7 })], want: ["write events", "say InvalidConfig"] },
    {
      what: "before a channel hears of it",
      objects: [],
      channels: { amazonQ: { topicArn: "arn", wants: "all" } },
      want: ["write events", "queue"],
    },
  ])("$what", async ({ objects, channels = {}, want }) => {
    const world = createWorld({ objects, channels });
    const calls = createCalls();
    await world.notifications(calls).dispatch(eventOf());
    expect(written(calls.lines)).toEqual(want);
    expect(calls.lines.filter((line) => line === "read events")).toHaveLength(1);
  });

  it("and of two who say the same at the same time one is heard", async () => {
    const world = createWorld({ objects: [alert("a"), alert("b", { inclusionList: ["("] }), PROVIDER], channels: { slack } });
    const [one, two] = [eventOf({ message: "same", severity: "error" }), eventOf({ message: "same", severity: "error" })];
    const ends = await Promise.all([one, two].map((event) => world.notifications().dispatch(event)));
    expect(ends.map(({ kind }) => kind).toSorted()).toEqual(["dispatched", "duplicate"]);
    expect(targets(world).toSorted()).toEqual(["a", "slack"]);
    expect(world.told).toHaveLength(1);
  });

  it("an event that was cut off behind it goes on, also when what it said is said again meanwhile", async () => {
    const world = createWorld({ objects: [alert("a"), PROVIDER] });
    const [one, two] = [eventOf({ message: "same" }), eventOf({ message: "same" })];
    const calls = createCalls({ instead: (line) => (line === "queue" ? new Error("nobody answered") : undefined) });
    await expect(world.notifications(calls).dispatch(one)).rejects.toThrow("nobody answered");
    expect((await world.notifications().dispatch(two)).kind).toBe("duplicate");
    expect(await world.notifications().dispatch(one)).toEqual({ kind: "dispatched", alerts: 1, deliveries: 1 });
    expect(world.queue.map(({ delivery }) => delivery.event.id)).toEqual([one.id]);
  });
});

describe("the built-in channels", () => {
  const slack = { address: async () => secret("https://hooks.test/x") };
  const amazonQ = (wants: "failures" | "all") => ({ topicArn: "arn", wants });
  const UPDATE = { "kustomize.toolkit.fluxcd.io/commit_status": "update" };
  const failed = (at: string, message?: string) =>
    eventOf({ severity: "error", reason: "BuildFailed", timestamp: at, ...(message !== undefined && { message }) });
  const progress = (at: string) => eventOf({ timestamp: at });
  const finished = (at: string, message?: string) =>
    eventOf({ reason: "ReconciliationSucceeded", timestamp: at, metadata: UPDATE, ...(message !== undefined && { message }) });

  const T1 = "2026-01-02T03:04:01Z";
  const T2 = "2026-01-02T03:04:02Z";
  const T3 = "2026-01-02T03:04:03Z";
  const T4 = "2026-01-02T03:04:04Z";

  it.each<{ what: string; channels: Channels; events: readonly NotifiedEvent[]; want: string }>([
    {
      what: "each failure, and one recovery",
      channels: { slack },
      events: [failed(T1), progress(T2), failed(T2), progress(T3), finished(T3), finished(T4)],
      want: "1 - 1 - 1 -",
    },
    { what: "nothing of who was never ill", channels: { slack }, events: [progress(T1), finished(T2)], want: "- -" },
    { what: "a recovery that comes before its failure is none", channels: { slack }, events: [finished(T2), failed(T1), finished(T3)], want: "- 1 1" },
    { what: "an older one is no recovery", channels: { slack }, events: [failed(T3), finished(T2), finished(T4)], want: "1 - 1" },
    { what: "nor between two failures", channels: { slack }, events: [failed(T1), failed(T3), finished(T2), finished(T4)], want: "1 1 - 1" },
    { what: "a failure that comes after its recovery", channels: { slack }, events: [failed(T1), finished(T3), failed(T2), finished(T4)], want: "1 1 1 -" },
    { what: "a new failure after a recovery", channels: { slack }, events: [failed(T1), finished(T2), failed(T3), finished(T4)], want: "1 1 1 1" },
    {
      what: "the same failure and recovery again within five minutes, since who reads them knows the other state",
      channels: { slack },
      events: [
        failed(T1, "same"),
        failed(T1, "same"),
        finished(T2, "well"),
        failed(T3, "same"),
        failed(T3, "same"),
        finished(T4, "well"),
        finished(T4, "well"),
      ],
      want: "1 - 1 1 - 1 -",
    },
    { what: "Amazon Q: failures and recoveries", channels: { amazonQ: amazonQ("failures") }, events: [failed(T1), progress(T2), finished(T3)], want: "1 - 1" },
    {
      what: "Amazon Q: all but what is a commit status only",
      channels: { amazonQ: amazonQ("all") },
      events: [progress(T1), finished(T2), failed(T3), finished(T4)],
      want: "1 - 1 1",
    },
    { what: "both", channels: { slack, amazonQ: amazonQ("all") }, events: [progress(T1), failed(T2), finished(T3)], want: "1 2 2" },
    { what: "none", channels: {}, events: [failed(T1), finished(T2)], want: "- -" },
  ])("$what", async ({ channels, events, want }) => {
    const world = createWorld({ channels });
    const counts: string[] = [];
    for (const event of events) {
      const before = world.queue.length;
      await world.notifications().dispatch(event);
      counts.push(String(world.queue.length - before || "-"));
    }
    expect(counts.join(" ")).toBe(want);
  });

  it("hear of a failure also when the cluster does not answer", async () => {
    const world = createWorld({ channels: { slack } });
    const calls = createCalls({ instead: (line) => (line === "list Alert" ? new Error("no cluster") : undefined) });
    await expect(world.notifications(calls).dispatch(failed(T1))).rejects.toThrow("no cluster");
    expect(targets(world)).toEqual(["slack"]);
  });

  it("are given keys without the prefixes of their groups, and the cluster's name, whatever the object calls it", async () => {
    const world = createWorld({ channels: { slack, amazonQ: amazonQ("all") } });
    const metadata = {
      "kustomize.toolkit.fluxcd.io/revision": "main@sha1:aa",
      "kustomize.toolkit.fluxcd.io/token": "t",
      "other/x": "y",
      "event.toolkit.fluxcd.io/cluster": "another",
    };
    await world.notifications().dispatch(eventOf({ severity: "error", metadata }));
    await world.notifications().dispatch(eventOf({ severity: "error" }));
    const shown = world.queue.map(({ delivery: { event } }) => event.metadata);
    expect(shown).toEqual([
      { revision: "main@sha1:aa", cluster: "test" },
      { revision: "main@sha1:aa", cluster: "test" },
      { cluster: "test" },
      { cluster: "test" },
    ]);
  });
});

/** Source: sethvargo/go-limiter, memorystore: one token in each five minutes, which are counted from the first. */
describe("the same again", () => {
  const MINUTE = 60_000;

  it.each<{ what: string; at: readonly number[]; told: readonly number[] }>([
    { what: "within five minutes is told once", at: [0, 1, 4.99], told: [0] },
    { what: "after exactly five minutes is told again", at: [0, 5], told: [0, 5] },
    { what: "is told in each five minutes from the first", at: [0, 7, 9.99, 10, 14, 15], told: [0, 7, 10, 15] },
    { what: "by a clock that is a little slow is told once", at: [0, -0.01, -4.9], told: [0] },
    { what: "after the clock was set back is told, and that begins anew", at: [0, -60, -56, -55], told: [0, -60, -55] },
  ])("$what", async ({ at, told }) => {
    const world = createWorld({ objects: [alert("a"), PROVIDER] });
    const heard: number[] = [];
    for (const minute of at) {
      world.wait(minute * MINUTE - world.now());
      const { kind } = await world.notifications().dispatch(eventOf({ id: `at ${minute}`, message: "same" }));
      if (kind === "dispatched") heard.push(minute);
    }
    expect(heard).toEqual(told);
  });
});
