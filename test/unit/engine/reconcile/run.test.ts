import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ObjectItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { sendUsers } from "@sluice/engine/reconcile/dependents.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, conditionsLine, type Scenario, startBench } from "../../../support/reconcile/bench.ts";
import { createCalls, type Interference } from "../../../support/reconcile/calls.ts";
import { isWrite } from "../../../support/reconcile/ports.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

async function run(
  item: WorkItem,
  interference: Interference = {},
): Promise<{ writes: readonly string[]; queued: readonly string[]; events: readonly string[] }> {
  const calls = createCalls(interference);
  const queued: string[] = [];
  const before = scenario.events.length;
  await scenario.engine(calls, queued).run(item);
  return {
    writes: calls.lines.filter(isWrite),
    queued: queued.map(scenario.shown),
    events: scenario.events.slice(before).map(({ type, reason, message }) => `${type} ${reason} ${message}`),
  };
}

const object = (group: string, kind: string, name = "a"): ObjectItem => ({
  kind: "object",
  key: { cluster: "test", group, kind, namespace: scenario.namespace, name },
  cause: "new",
  look: "new",
});

describe("kinds that Sluice does not work on yet", () => {
  const text = (kind: string): string => `${kind} is not implemented yet: Sluice does nothing with this object`;

  it.each([
    ["image.toolkit.fluxcd.io", "v1", "ImageRepository", "{interval: 1m, image: ghcr.io/example/app}"],
    ["source.toolkit.fluxcd.io", "v1", "OCIRepository", "{interval: 1m, url: 'oci://example.com/a'}"],
    ["source.toolkit.fluxcd.io", "v1", "Bucket", "{interval: 1m, bucketName: bucket, endpoint: example.com}"],
  ])("%s/%s %s is stalled, once, with a message that names it; no finalizer is added", async (group, version, kind, spec) => {
    await scenario.put(`---\napiVersion: ${group}/${version}\nkind: ${kind}\nmetadata: {name: a, namespace: NS}\nspec: ${spec}\n`);
    const first = await run(object(group, kind));
    expect(first).toEqual({ writes: [`patch status ${kind}/a`], queued: [], events: [`Warning UnsupportedKind ${text(kind)}`] });
    const found = await scenario.find(`${group}/${version}`, kind, "a");
    expect(found === undefined ? "" : conditionsLine(conditionsOf(found))).toBe("Stalled=True:UnsupportedKind Ready=False:UnsupportedKind");
    expect(found === undefined ? "" : conditionsOf(found)[0]?.message).toBe(text(kind));
    expect(found?.metadata.finalizers).toBeUndefined();
    expect(await run({ ...object(group, kind), cause: "interval" })).toEqual({ writes: [], queued: [], events: [] });
    // A request is answered, so that nobody waits for it.
    await scenario.merge(
      { apiVersion: `${group}/${version}`, kind, name: "a", namespace: scenario.namespace },
      { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "t1" } } },
    );
    expect((await run({ ...object(group, kind), cause: "request" })).events).toEqual([]);
    expect((await scenario.find(`${group}/${version}`, kind, "a"))?.status).toMatchObject({ lastHandledReconcileAt: "t1" });
  });
});

describe("Alerts and Providers, which nobody reconciles", () => {
  const GROUP = "notification.toolkit.fluxcd.io";
  const PROVIDER = "{type: generic, address: 'https://example.com'}";
  const ALERT = "{providerRef: {name: p}, eventSources: [{kind: Kustomization, name: '*'}]}";
  const put = (kind: string, spec: string, finalizers = "[]"): Promise<void> =>
    scenario.put(`---\napiVersion: ${GROUP}/v1beta3\nkind: ${kind}\nmetadata: {name: a, namespace: NS, finalizers: ${finalizers}}\nspec: ${spec}\n`);
  const remove = (kind: string): Promise<void> => scenario.remove({ apiVersion: `${GROUP}/v1beta3`, kind, name: "a", namespace: scenario.namespace });
  const finalizers = async (kind: string) => (await scenario.find(`${GROUP}/v1beta3`, kind, "a"))?.metadata.finalizers;

  it("a Provider gets the finalizer, says nothing, and loses it when it is deleted", async () => {
    await put("Provider", PROVIDER);
    expect(await run(object(GROUP, "Provider"))).toEqual({ writes: ["patch Provider/a"], queued: [], events: [] });
    expect(await finalizers("Provider")).toEqual(["finalizers.fluxcd.io"]);
    expect(await run(object(GROUP, "Provider"))).toEqual({ writes: [], queued: [], events: [] });
    await remove("Provider");
    expect(await scenario.find(`${GROUP}/v1beta3`, "Provider", "a")).toBeDefined();
    expect((await run(object(GROUP, "Provider"))).writes).toEqual(["patch Provider/a"]);
    expect(await scenario.find(`${GROUP}/v1beta3`, "Provider", "a")).toBeUndefined();
  });

  it.each([
    ["as it should be", "[]", [], undefined],
    ["with the finalizer of an older Flux", "[finalizers.fluxcd.io, other.example.com/x]", ["patch Alert/a"], ["other.example.com/x"]],
  ])("an Alert %s", async (_, before, writes, after) => {
    await put("Alert", ALERT, before);
    expect(await run(object(GROUP, "Alert"))).toEqual({ writes, queued: [], events: [] });
    expect(await finalizers("Alert")).toEqual(after);
  });

  it("an Alert that is deleted is not held by an older Flux", async () => {
    await put("Alert", ALERT, "[finalizers.fluxcd.io]");
    await remove("Alert");
    await run({ ...object(GROUP, "Alert"), cause: "deletion" });
    expect(await scenario.find(`${GROUP}/v1beta3`, "Alert", "a")).toBeUndefined();
  });
});

describe("items of work", () => {
  it.each<{ name: string; item: () => WorkItem }>([
    { name: "over an object that is gone", item: () => object("kustomize.toolkit.fluxcd.io", "Kustomization") },
    { name: "over a kind that is none of Flux's", item: () => object("example.com", "Kustomization") },
  ])("$name: nothing is done, and nothing follows", async ({ item }) => {
    expect(await run(item())).toEqual({ writes: [], queued: [], events: [] });
  });

  it("a push to nobody's repository is counted and dropped", async () => {
    expect((await run({ kind: "push", repository: "https://git.example.com/none", ref: "refs/heads/main", delivery: "d" })).queued).toEqual([]);
    expect(scenario.log.at(-1)).toContain('"concerned":0');
  });

  it.each<{ name: string; cause: string; look: string; broken: boolean; want: readonly string[] }>([
    { name: "somebody else's look that breaks off is tried again", cause: "push", look: "d", broken: true, want: ["Kustomization/NS/apps (failed) in 0.75s"] },
    { name: "a sweep's is not, where the object goes on to ask: the next sweep sends it", cause: "revision", look: "sweep 1 revision", broken: true, want: [] },
    {
      name: "a sweep's is, where it was the object's turn by the clock",
      cause: "interval",
      look: "sweep 1 interval",
      broken: true,
      want: ["Kustomization/NS/apps (failed) in 0.75s"],
    },
    { name: "and so is a retry's", cause: "retry", look: "sweep 1 retry", broken: true, want: ["Kustomization/NS/apps (failed) in 0.75s"] },
    {
      name: "what a sweep found to fail is tried again",
      cause: "interval",
      look: "sweep 1 interval",
      broken: false,
      want: ["Kustomization/NS/apps (failed) in 60s"],
    },
    { name: "what had failed already is not, by a sweep", cause: "retry", look: "sweep 1 retry", broken: false, want: [] },
    { name: "by its own chain it is", cause: "failed", look: "1", broken: false, want: ["Kustomization/NS/apps (failed) in 60s"] },
    { name: "by a host without sweeps it is", cause: "retry", look: "1", broken: false, want: ["Kustomization/NS/apps (failed) in 60s"] },
  ])("$name", async ({ cause, look, broken, want }) => {
    await scenario.push({ "kustomization.yaml": "resources: [missing.yaml]" });
    await scenario.spec({ retryInterval: "1m" });
    const item = { ...object("kustomize.toolkit.fluxcd.io", "Kustomization", "apps"), cause, look };
    const interference = broken ? { instead: () => new Error("nobody answers") } : {};
    expect((await run(item, interference)).queued).toEqual(want);
  });

  it("a sweep is one line of the log, with what it saw and did", async () => {
    await scenario.push("");
    await scenario.spec({});
    const now = scenario.now();
    await run({ kind: "cluster", cluster: "test", since: now, until: now });
    const line = JSON.parse(scenario.log.at(-1) ?? "{}");
    expect(line).toMatchObject({
      level: "info",
      message: "sweep",
      cluster: "test",
      brokeOff: 0,
      malformed: 0,
      refused: 0,
      requests: expect.any(Number),
      ms: 0,
    });
    expect(line.due).toBe(line.new + line.passed);
    expect(line.new).toBeGreaterThan(0);
  });

  it("an exception ends one run only: it is shown with what it was about, and tried again", async () => {
    const broken = await run(object("kustomize.toolkit.fluxcd.io", "Kustomization"), {
      instead: () => {
        throw new Error("a bug");
      },
    });
    expect(broken.queued).toEqual(["Kustomization/NS/a (failed) in 0.75s"]);
    expect(scenario.shown(scenario.log.join("\n"))).toMatch(/"run broke off","object":"test\/Kustomization\/NS\/a","error":"a bug"/);
  });
});

describe("sendUsers", () => {
  const REVISION = "main@sha1:2";
  const ready = (status: string) => [{ type: "Ready", status, reason: "R", message: "m", observedGeneration: 1, lastTransitionTime: "2030-01-01T00:00:00Z" }];
  const source = (): Manifest => ({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: "app", namespace: scenario.namespace },
  });

  async function sent(): Promise<readonly string[]> {
    const items: string[] = [];
    const deps = {
      cluster: scenario.admin(),
      clock: { now: scenario.now },
      clusterName: "test",
      queue: {
        send: async (item: WorkItem, { notBefore }: { readonly notBefore?: number } = {}) => {
          if (item.kind === "object") items.push(`${item.key.name}${notBefore === undefined ? "" : ` in ${(notBefore - scenario.now()) / 1000}s`}`);
        },
      },
    };
    await sendUsers(deps, source(), REVISION);
    return items.toSorted();
  }

  it("sends those that apply from the source and are not at its revision; those that wait for others of them later", async () => {
    await scenario.spec({}, "plain");
    await scenario.spec({ dependsOn: [{ name: "plain" }] }, "waits");
    await scenario.spec({ dependsOn: [{ name: "elsewhere" }] }, "waits-for-others");
    await scenario.spec({ suspend: true }, "suspended");
    await scenario.spec({ sourceRef: { kind: "GitRepository", name: "other" } }, "other-name");
    await scenario.spec({ sourceRef: { kind: "GitRepository", name: "app", namespace: "elsewhere" } }, "other-namespace");
    await scenario.spec({ sourceRef: { kind: "Bucket", name: "app" } }, "other-kind");
    for (const [name, status] of [
      ["done", "True"],
      ["working", "Unknown"],
      ["failed", "False"],
    ] as const) {
      await scenario.spec({}, name);
      await scenario.status(scenario.ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name), {
        lastAttemptedRevision: REVISION,
        conditions: ready(status),
      });
    }
    const found = await sent();
    expect(found.filter((name) => !name.startsWith("waits "))).toEqual(["failed", "plain", "waits-for-others"]);
    expect(found.find((name) => name.startsWith("waits "))).toBe("waits in 5s");
  });
});
