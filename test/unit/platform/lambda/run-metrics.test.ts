import { epochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Metrics } from "@sluice/platform/lambda/metrics.ts";
import { followUps, measuredEvents } from "@sluice/platform/lambda/run-metrics.ts";
import { parseMessage, writeMessage } from "@sluice/platform/sqs/message.ts";
import { describe, expect, it } from "vitest";

const PUSHED_AT = epochMs(1_900_000_000_123);
const key = { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "n", name: "a" };
const LOOK: ObjectItem = { kind: "object", key, cause: "source", look: "main@sha1:1" };
const PUSH: WorkItem = { kind: "push", repository: "https://a/b", ref: "refs/heads/main", delivery: "d" };
const CLUSTER: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(1), until: epochMs(2) };

describe("what a run sends", () => {
  const sentBy = async (item: WorkItem, next: WorkItem): Promise<readonly unknown[]> => {
    const sent: unknown[] = [];
    const queue = followUps({ send: async (each, options) => void sent.push([each, options]) }, item);
    await queue.send(next, { notBefore: epochMs(7) });
    return sent;
  };
  it.each<[string, WorkItem, WorkItem, WorkItem]>([
    ["after a push carries its moment", { ...PUSH, pushedAt: PUSHED_AT }, LOOK, { ...LOOK, pushedAt: PUSHED_AT }],
    ["after a look that follows from a push, too", { ...LOOK, pushedAt: PUSHED_AT }, LOOK, { ...LOOK, pushedAt: PUSHED_AT }],
    ["for another cluster, too", { ...PUSH, pushedAt: PUSHED_AT }, { ...PUSH, cluster: "dev" }, { ...PUSH, cluster: "dev", pushedAt: PUSHED_AT }],
    ["after anything else carries none", LOOK, LOOK, LOOK],
    ["in a sweep carries none", CLUSTER, LOOK, LOOK],
    ["is never a sweep of a push", { ...PUSH, pushedAt: PUSHED_AT }, CLUSTER, CLUSTER],
  ])("%s", async (_, item, next, want) => expect(await sentBy(item, next)).toEqual([[want, { notBefore: 7 }]]));

  it.each<WorkItem>([{ ...PUSH, pushedAt: PUSHED_AT }, { ...LOOK, pushedAt: PUSHED_AT }, PUSH, LOOK])("survives a message: $kind", (item) => {
    expect(parseMessage(writeMessage(item))).toEqual({ ok: true, value: { item } });
  });
  it.each([-1, "yesterday", null, {}])("a moment that is none is a problem: %j", (pushedAt) => {
    const body = JSON.stringify({ version: 1, item: { ...PUSH, pushedAt } });
    expect(parseMessage(body)).toMatchObject({ ok: false, problem: expect.stringContaining("item.pushedAt") });
  });
});

const EVENT: FluxEvent = {
  object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "n", name: "a", uid: "u", resourceVersion: "1" },
  type: "Normal",
  reason: "ReconciliationSucceeded",
  message: "Reconciliation finished in 1s, next run in 10m0s",
  metadata: {},
  controller: "kustomize-controller",
};
const CHANGES: FluxEvent = { ...EVENT, reason: "Progressing", message: "ConfigMap/n/a configured\nDeployment/n/b created\nServiceAccount/n/c deleted" };

const RELEASED: FluxEvent = { ...EVENT, object: { ...EVENT.object, kind: "HelmRelease" }, reason: "UpgradeSucceeded", message: "Helm upgrade succeeded" };
const PUT_BACK: FluxEvent = {
  ...RELEASED,
  reason: "DriftCorrected",
  message: "Cluster state of release n/a.v1 has been corrected:\nConfigMap/n/a configured\nConfigMap/n/b created",
};

async function measured(item: WorkItem, event: FluxEvent): Promise<readonly string[]> {
  const counted: string[] = [];
  const metrics: Metrics = {
    count: (name, by, about) => void counted.push(`${name} ${by} ${JSON.stringify(about)}`),
    milliseconds: (name, value, about) => void counted.push(`${name} ${value} ms ${JSON.stringify(about)}`),
    flush: () => undefined,
  };
  const passed: FluxEvent[] = [];
  const clock = { now: () => epochMs(PUSHED_AT + 2500) };
  await measuredEvents({ emit: async (each) => void passed.push(each) }, item, { metrics, clock, cluster: "prod" }).emit(event);
  expect(passed).toEqual([event]);
  return counted;
}

describe("an event", () => {
  const pushed: WorkItem = { ...LOOK, pushedAt: PUSHED_AT };
  const interval: WorkItem = { ...LOOK, cause: "interval", look: "sweep 2 interval" };
  const source = { ...EVENT.object, kind: "GitRepository" };
  it.each<[string, WorkItem, FluxEvent, readonly string[]]>([
    ["of a push that is applied", pushed, EVENT, ['PushToApplied 2500 ms {"cluster":"prod"}']],
    ["of a success that no push began", LOOK, EVENT, []],
    ["of a failure", pushed, { ...EVENT, type: "Warning", reason: "BuildFailed" }, []],
    ["of a source", pushed, { ...EVENT, object: source }, []],
    ["of changes that a push brought", pushed, CHANGES, []],
    ["of changes at the interval: drift", interval, CHANGES, ['DriftCorrected 3 {"cluster":"prod"}']],
    ["of an interval that changed nothing", interval, EVENT, []],
    ["of health at the interval", interval, { ...EVENT, reason: "Progressing", message: "Health check passed in 1s" }, []],
    ["of a release that a push brought", pushed, RELEASED, ['PushToApplied 2500 ms {"cluster":"prod"}']],
    ["of a release that failed", pushed, { ...RELEASED, type: "Warning", reason: "UpgradeFailed" }, []],
    ["of a test of a release", pushed, { ...RELEASED, reason: "TestSucceeded" }, []],
    ["of drift of a release, whenever it is seen", LOOK, PUT_BACK, ['DriftCorrected 2 {"cluster":"prod"}']],
    ["of drift that stays", interval, { ...PUT_BACK, type: "Warning", reason: "DriftCorrectionFailed" }, []],
    ["of a new revision that a sweep found", { ...LOOK, cause: "revision" }, CHANGES, []],
  ])("%s", async (_, item, event, want) => expect(await measured(item, event)).toEqual(want));
});
