import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { parseReceiver } from "@sluice/engine/flux/receiver-object.ts";
import type { Notes } from "@sluice/engine/ports/notes.ts";
import { createReceiverIndex } from "@sluice/engine/reconcile/receive/receiver-index.ts";
import { reconcileReceiver } from "@sluice/engine/reconcile/receiver.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReceiverWorld, RECEIVER, type ReceiverWorld, secretOf } from "../../../support/receivers/world.ts";

const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
const SECRET = { apiVersion: "v1", kind: "Secret", name: "hook" };

let world: ReceiverWorld;
let namespaces = 0;
let namespace = "";

beforeAll(async () => {
  world = await createReceiverWorld({ get: async () => ({ kind: "failed", message: "nobody is asked here" }) });
});
beforeEach(async () => {
  namespace = `ns-${++namespaces}`;
  await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  world.events.splice(0);
  world.queued.splice(0);
});

const ref = () => ({ ...RECEIVER, namespace, name: "hook" });
const find = (): Promise<Manifest | undefined> => world.find(ref());
const put = (spec: JsonObject = {}): Promise<void> =>
  world.put({ ...RECEIVER, metadata: { name: "hook", namespace }, spec: { type: "generic", resources: [], secretRef: { name: "hook" }, ...spec } });
const token = (value = "t"): Promise<void> => world.put(secretOf("hook", namespace, { token: value }));
const pass = (cause = "start", options = {}) => world.pass(namespace, "hook", { cause, ...options });
const told = (): readonly string[] => world.events.splice(0).map(({ type, reason, message }) => `${type} ${reason} ${message}`);
const line = async (): Promise<string> => {
  const object = await find();
  const conditions = (object === undefined ? [] : conditionsOf(object)).map(({ type, status, reason }) => `${type}=${status}:${reason}`).join(" ");
  return `${conditions} | observed ${(object?.status as { observedGeneration?: number } | undefined)?.observedGeneration} of ${object?.metadata.generation}`;
};

describe("a Receiver", () => {
  it("is told of when it becomes ready, and at rest says and writes nothing", async () => {
    await token();
    await put();
    expect(await pass("new")).toMatchObject({ outcome: { kind: "succeeded" } });
    expect([await line(), told(), world.queued]).toEqual([
      "Ready=True:Succeeded | observed 1 of 1",
      ["Normal Succeeded Reconciliation finished, next run in 10m0s"],
      [],
    ]);
    const before = (await find())?.metadata.resourceVersion;
    await pass("interval");
    expect([(await find())?.metadata.resourceVersion, told()]).toEqual([before, []]);
  });

  it("without a token is tried again with back-off, and says so each time; then its path is there, and nothing else has changed", async () => {
    await put({ interval: "1h" });
    const missing = `Warning Failed unable to read token from secret '${namespace}/hook' error: secrets "hook" not found`;
    for (let attempt = 0; attempt < 3; attempt++) {
      const key = { cluster: "test", group: "notification.toolkit.fluxcd.io", kind: "Receiver", namespace, name: "hook" };
      await world.engine().run({ kind: "object", key, cause: "failed", look: "x", attempt });
    }
    expect([await line(), told()]).toEqual(["Reconciling=True:ProgressingWithRetry Ready=False:TokenNotFound | observed -1 of 1", [missing, missing, missing]]);
    expect(world.queued.map(({ item, in: after }) => [item.cause, after])).toEqual([
      ["failed", 750],
      ["failed", 1500],
      ["failed", 3000],
    ]);
    await token();
    await pass("failed");
    expect([await line(), told()]).toEqual(["Ready=True:Succeeded | observed 1 of 1", ["Normal Succeeded Reconciliation finished, next run in 1h0m0s"]]);
  });

  it("a Secret that the server does not show is not a Secret that is not there", async () => {
    await put();
    const forbidden = { kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: 'secrets "hook" is forbidden' } as const;
    const { get } = world.cluster;
    const object = parseReceiver((await find()) ?? { apiVersion: "", kind: "", metadata: {} });
    if (!object.ok) throw new Error(object.problem);
    const cluster = { ...world.cluster, get: async (at: Parameters<typeof get>[0]) => (at.kind === "Secret" ? forbidden : get(at)) };
    const log = { info: () => undefined, error: () => undefined };
    const events = { emit: async () => undefined };
    const outcome = await reconcileReceiver({ cluster, events, clock: world.clock, log, settings: DEFAULT_SETTINGS, clusterName: "test" }, object.value);
    expect(outcome).toMatchObject({
      kind: "failed",
      cause: { reason: "TokenNotFound", message: `unable to read token from secret '${namespace}/hook' error: secrets "hook" is forbidden` },
    });
  });

  it("that cannot work is stalled, told of once, and nobody looks again by the clock", async () => {
    await token();
    await put({ resourceFilter: "1 +" });
    expect(await pass("new")).toMatchObject({ outcome: { kind: "stalled" } });
    expect(await line()).toBe("Stalled=True:InvalidCELExpression Ready=False:InvalidCELExpression | observed 1 of 1");
    expect(told()).toEqual([
      expect.stringMatching(/^Warning InvalidCELExpression Reconciliation failed terminally due to configuration error: invalid resourceFilter expression: /),
    ]);
    await pass("request");
    expect([told(), world.queued]).toEqual([[], []]);
  });

  it("of generic-oidc needs no Secret; what is wrong with its issuers stalls it", async () => {
    const provider = { issuerURL: "https://issuer.example.com", validations: [{ expression: "true", message: "m" }] };
    await put({ type: "generic-oidc", secretRef: null, oidcProviders: [provider] });
    await pass("new");
    expect(await line()).toBe("Ready=True:Succeeded | observed 1 of 1");
    await world.merge(ref(), { spec: { oidcProviders: [{ ...provider, validations: [{ expression: "true", message: "" }] }] } });
    await pass("generation");
    expect(await line()).toBe("Stalled=True:ValidationFailed Ready=False:ValidationFailed | observed 2 of 2");
    const [condition] = conditionsOf((await find()) ?? { apiVersion: "", kind: "", metadata: {} });
    expect(condition?.message).toBe(
      'Reconciliation failed terminally due to configuration error: oidcProviders[0] (issuerURL="https://issuer.example.com"): validations[0]: message is required',
    );
  });

  it("suspended answers requests, and does nothing else; one that was never looked at keeps its -1", async () => {
    await put({ suspend: true });
    await pass("new");
    expect([await line(), (await find())?.metadata.finalizers]).toEqual([" | observed -1 of 1", ["finalizers.fluxcd.io"]]);
    await world.merge(ref(), { metadata: { annotations: { [REQUESTED_AT]: "t1" } } });
    await pass("request");
    expect((await find())?.status).toEqual({ observedGeneration: -1, lastHandledReconcileAt: "t1" });
    expect(told()).toEqual([]);
  });

  it("keeps what others say of it", async () => {
    await token();
    await put();
    const foreign = { type: "Seen", status: "True", reason: "Seen", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };
    await world.cluster.patch(ref(), { body: { type: "merge", merge: { status: { conditions: [foreign] } } }, subresource: "status", manager: "other" });
    await pass();
    expect(await line()).toBe("Ready=True:Succeeded Seen=True:Seen | observed 1 of 1");
  });

  it("that is deleted is let go; so it is when it is malformed for nobody", async () => {
    await token();
    await put();
    await pass();
    await world.remove(ref());
    expect(await find()).toBeDefined();
    await pass("deletion");
    expect(await find()).toBeUndefined();
  });

  it("gets no finalizer in a cluster that Sluice leaves", async () => {
    await token();
    await put();
    await pass("new", { settings: { marker: { apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "gone" } } });
    expect([(await find())?.metadata.finalizers, await line()]).toEqual([undefined, " | observed -1 of 1"]);
  });
});

describe("a pass that is cut off", () => {
  /** One pass in which the call number `stopAt`, of whatever port, has its effect and then breaks off; how many calls there were. */
  async function cutOff(stopAt: number): Promise<number> {
    let made = 0;
    const call = async <Answer>(effect: () => Promise<Answer>): Promise<Answer> => {
      const answer = await effect();
      if (++made === stopAt) throw new Error("killed");
      return answer;
    };
    const parsed = parseReceiver((await find()) ?? { apiVersion: "", kind: "", metadata: {} });
    if (!parsed.ok) throw new Error(parsed.problem);
    const { cluster } = world;
    const notes = createMemoryNotes({ clock: world.clock });
    await reconcileReceiver(
      {
        cluster: { ...cluster, get: (at) => call(() => cluster.get(at)), patch: (at, patch) => call(() => cluster.patch(at, patch)) },
        events: { emit: (event) => call(async () => void world.events.push(event)) },
        clock: world.clock,
        log: { info: () => undefined, error: () => undefined },
        settings: DEFAULT_SETTINGS,
        clusterName: "test",
        receiverIndex: createReceiverIndex({ notes, clock: world.clock }),
      },
      parsed.value,
    ).catch(() => undefined);
    return made;
  }

  it.each<{ name: string; spec: JsonObject; want: string; told: RegExp }>([
    { name: "ready", spec: {}, want: "Ready=True:Succeeded | observed 1 of 1", told: /^Normal Succeeded Reconciliation finished/ },
    {
      name: "stalled",
      spec: { resourceFilter: "(" },
      want: "Stalled=True:InvalidCELExpression Ready=False:InvalidCELExpression | observed 1 of 1",
      told: /^Warning Invalid/,
    },
    {
      name: "without a token",
      spec: { secretRef: { name: "gone" } },
      want: "Reconciling=True:ProgressingWithRetry Ready=False:TokenNotFound | observed -1 of 1",
      told: /^Warning Failed/,
    },
  ])("wherever that is, the next one ends the same, and nobody is left untold: $name", async ({ spec, want, told: said }) => {
    for (let stopAt = 1; ; stopAt++) {
      namespace = `ns-${++namespaces}`;
      await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      await token();
      await put(spec);
      world.events.splice(0);
      const made = await cutOff(stopAt);
      await pass();
      expect([stopAt, await line(), (await find())?.metadata.finalizers]).toEqual([stopAt, want, ["finalizers.fluxcd.io"]]);
      expect(told()[0]).toMatch(said);
      if (made < stopAt) break;
    }
  });
});

describe("its path is noted", () => {
  const sweepItem = () => ({ kind: "cluster" as const, cluster: "test", since: world.clock.now(), until: world.clock.now() });
  const counted = (notes: Notes, calls: string[]): Notes => ({
    ...notes,
    read: (key) => {
      calls.push("read");
      return notes.read(key);
    },
    write: (key, text, over) => {
      calls.push("write");
      return notes.write(key, text, over);
    },
  });
  const pathOf = async (): Promise<string> => ((await find())?.status as { webhookPath: string }).webhookPath;

  it("by the pass that finds it, and by each sweep of another process, which reads and does not write", async () => {
    const notes = createMemoryNotes({ clock: world.clock });
    await token();
    await put();
    await pass("new", { notes });
    const find = createReceiverIndex({ notes, clock: world.clock }).find;
    expect(await find(await pathOf())).toEqual([{ cluster: "test", namespace, name: "hook" }]);
    const calls: string[] = [];
    const engine = world.engine({ notes: counted(notes, calls) });
    await engine.run(sweepItem());
    expect(calls.filter((call) => call === "read").length).toBeGreaterThan(0);
    calls.splice(0);
    await engine.run(sweepItem());
    expect(calls).toEqual([]);
  });

  it("by the sweep, for one that was ready before", async () => {
    const notes = createMemoryNotes({ clock: world.clock });
    await token("of-before");
    await put();
    await pass();
    await world.engine({ notes }).run(sweepItem());
    expect(await createReceiverIndex({ notes, clock: world.clock }).find(await pathOf())).toEqual([{ cluster: "test", namespace, name: "hook" }]);
  });

  it("notes that are silent keep neither a Receiver nor a sweep from anything", async () => {
    const broken: Notes = { read: () => Promise.reject(new Error("S3 is silent")), write: async () => false, remove: async () => undefined };
    await token();
    await put();
    expect(await pass("new", { notes: broken })).toMatchObject({ outcome: { kind: "succeeded" } });
    expect(await line()).toBe("Ready=True:Succeeded | observed 1 of 1");
    expect(await world.engine({ notes: broken }).run(sweepItem())).toMatchObject({ kind: "cluster" });
    expect(world.log.join("\n")).toContain("S3 is silent");
  });

  it("a sweep finds it at rest, and what has changed it sends", async () => {
    await token();
    await put();
    await pass();
    world.queued.splice(0);
    const sweep = async (): Promise<readonly string[]> => {
      await world.engine().run({ kind: "cluster", cluster: "test", since: world.clock.now(), until: world.clock.now() });
      return world.queued.splice(0).flatMap(({ item }) => (item.key.namespace === namespace ? [item.cause] : []));
    };
    expect(await sweep()).toEqual([]);
    await world.merge(ref(), { spec: { type: "gitlab" } });
    expect(await sweep()).toEqual(["generation"]);
    await pass();
    await world.merge(ref(), { metadata: { annotations: { [REQUESTED_AT]: "t1" } } });
    expect(await sweep()).toEqual(["request"]);
    await pass();
    expect(await sweep()).toEqual([]);
    // The interval finds a token that has changed.
    await token("another");
    const { engine, clock } = world;
    await engine().run({ kind: "cluster", cluster: "test", since: clock.now(), until: (clock.now() + 600_000) as ReturnType<typeof clock.now> });
    expect(world.queued.splice(0).flatMap(({ item }) => (item.key.namespace === namespace ? [item.cause] : []))).toEqual(["interval"]);
    await pass("interval");
    expect(told().at(-1)).toBe("Normal Succeeded Reconciliation finished, next run in 10m0s");
    await world.remove({ ...SECRET, namespace });
  });
});
