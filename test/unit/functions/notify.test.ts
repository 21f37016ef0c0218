import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { DeliveryEnd, DispatchEnd } from "@sluice/engine/reconcile/notify/ends.ts";
import { parseTopicEvent } from "@sluice/platform/lambda/events.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createNotify } from "@sluice/platform/lambda/notify.ts";
import { writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { describe, expect, it } from "vitest";
import { DELIVERY } from "../platform/sqs/delivery.ts";
import { ARRIVED, contextOf, topicEvent } from "./events.ts";

const EVENT: NotifiedEvent = DELIVERY.event;
const message = (changes: Partial<NotifiedEvent> = {}, cluster = "prod"): string => writeEventMessage({ ...EVENT, ...changes }, cluster);

/** Over one cluster, `prod`, in which dispatches and deliveries end as they are told. */
function createWorld(dispatchEnd: DispatchEnd | Error = { kind: "dispatched", alerts: 2, deliveries: 3 }, deliveryEnd: DeliveryEnd = { kind: "suppressed" }) {
  const lines: string[] = [];
  const dispatched: NotifiedEvent[] = [];
  const delivered: Delivery[] = [];
  const host = createFunctionHost({ functionName: "notify", clock: { now: () => epochMs(ARRIVED) }, write: (line) => lines.push(line) });
  const notify = createNotify({
    host,
    inCluster: async (cluster, _, use) => {
      if (cluster !== "prod") return undefined;
      return use({
        dispatch: async (event) => {
          dispatched.push(event);
          if (dispatchEnd instanceof Error) throw dispatchEnd;
          return dispatchEnd;
        },
        deliver: async (delivery) => {
          delivered.push(delivery);
          return deliveryEnd;
        },
      });
    },
  });
  const { signal } = new AbortController();
  const finish = async (): Promise<void> => {
    const request = { context: contextOf("r-1"), response: undefined, event: undefined, error: null, internal: {} };
    await host.middleware.after?.(request);
  };
  return {
    dispatched,
    delivered,
    hear: (...messages: readonly string[]) => notify.hear(parseTopicEvent(topicEvent(...messages)), signal),
    deliver: (delivery: Delivery) => notify.deliver(delivery, signal),
    said: async () => {
      await finish();
      const parsed: readonly Readonly<Record<string, unknown>>[] = lines.map((line) => JSON.parse(line));
      const isMetric = (line: object): boolean => "_aws" in line;
      return { lines: parsed.filter((line) => !isMetric(line)), metrics: parsed.filter(isMetric).map(({ _aws, ...values }) => values) };
    },
  };
}

describe("an event of the topic", () => {
  it.each([
    { severity: "info", metric: "EventInfo" },
    { severity: "error", metric: "EventError" },
  ] as const)("of severity $severity goes to whoever wants it, exactly, and is counted", async ({ severity, metric }) => {
    const world = createWorld();
    await world.hear(message({ severity }));
    expect(world.dispatched).toEqual([{ ...EVENT, severity }]);
    const { lines, metrics } = await world.said();
    expect(lines).toMatchObject([
      { msg: "invocation", cluster: "prod", controllerKind: "Kustomization", namespace: "flux-system", name: "apps", reason: "BuildFailed", severity },
    ]);
    expect(lines).toMatchObject([{ dispatch: "dispatched", alerts: 2, deliveries: 3 }]);
    expect(metrics).toEqual([{ [metric]: 1, cluster: "prod" }]);
  });
  it("says which revision it is about, where it is about one", async () => {
    const world = createWorld({ kind: "duplicate" });
    await world.hear(message({ metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:1" } }));
    expect((await world.said()).lines).toMatchObject([{ revision: "main@sha1:1", dispatch: "duplicate" }]);
  });
  it("of a cluster that was taken out of the configuration is for nobody", async () => {
    const world = createWorld();
    await world.hear(message({}, "gone"));
    expect(world.dispatched).toEqual([]);
    expect((await world.said()).lines).toMatchObject([{ dispatch: "no such cluster" }]);
  });
  it("comes again where it could not be found out who wants it, and is not counted before", async () => {
    const world = createWorld(new Error("no answer"));
    await expect(world.hear(message())).rejects.toThrow("no answer");
    expect((await world.said()).metrics).toEqual([]);
  });
});

describe("a message that is no event", () => {
  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    message().replace('"version":1', '"version":2'),
    message().replace('"error"', '"loud"'),
  ])("is logged and counted, and does not come again: %s", async (text) => {
    const world = createWorld();
    await world.hear(text);
    const { lines, metrics } = await world.said();
    expect(lines[0]).toMatchObject({ level: "error", msg: "message is no event", message: "m-1" });
    expect(metrics).toEqual([{ EventMalformed: 1 }]);
  });
  it("does not stop its neighbours", async () => {
    const world = createWorld();
    await world.hear("{", message());
    expect(world.dispatched).toEqual([EVENT]);
  });
});

describe("a delivery", () => {
  it.each<{ end: DeliveryEnd; metrics: readonly object[] }>([
    { end: { kind: "delivered", attempts: 1, late: false }, metrics: [{ NotificationSent: 1, cluster: "prod" }] },
    {
      end: { kind: "again", next: DELIVERY, notBefore: epochMs(5), why: "status 500", failed: false },
      metrics: [{ NotificationRetried: 1, cluster: "prod", reason: "status 500" }],
    },
    { end: { kind: "failed", message: "refused" }, metrics: [{ NotificationFailed: 1, cluster: "prod", reason: "refused" }] },
    { end: { kind: "given-up", why: "silence" }, metrics: [{ NotificationGivenUp: 1, cluster: "prod", reason: "silence" }] },
    { end: { kind: "dropped", why: "suspended" }, metrics: [{ NotificationDropped: 1, cluster: "prod", reason: "suspended" }] },
    { end: { kind: "suppressed" }, metrics: [] },
  ])("that ended as $end.kind", async ({ end, metrics }) => {
    const world = createWorld(undefined, end);
    await world.deliver(DELIVERY);
    expect(world.delivered).toEqual([DELIVERY]);
    expect((await world.said()).metrics).toEqual(metrics);
  });
  it("to a cluster that is gone is dropped, and said", async () => {
    const world = createWorld();
    await world.deliver({ ...DELIVERY, cluster: "gone" });
    expect((await world.said()).lines[0]).toMatchObject({ level: "error", msg: "no such cluster", cluster: "gone" });
  });
});
