import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { epochMs, seconds } from "@sluice/engine/domain/time.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createOrder } from "@sluice/engine/reconcile/notify/order.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf } from "../../../../support/notify/world.ts";
import { CutOff, createCalls } from "../../../../support/reconcile/calls.ts";

const ALERT = alertOf({ name: "a", namespace: "apps", spec: { eventSources: [] } });
const REVISION = { revision: "main@sha1:aa" };

let made = 0;
const delivery = (reason: string, second: number, change: Partial<NotifiedEvent> = {}): Delivery => ({
  cluster: "test",
  event: {
    ...notified(`e${++made}`, {
      involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
      severity: "info",
      timestamp: `2026-01-02T03:04:0${second}Z`,
      reason,
      message: "m",
      metadata: REVISION,
      reportingController: "kustomize-controller",
    }),
    ...change,
  },
  target: { kind: "provider", alert: { namespace: "apps", name: "a", uid: "uid-of-a" }, provider: "p" },
  attempt: 0,
  done: 0,
});

/** Which of them were sent, by their place. */
async function sentOf(type: string, deliveries: readonly Delivery[], answer?: () => NotifierAnswer): Promise<readonly number[]> {
  const world = createWorld({ objects: [ALERT, providerOf("p", "apps", { type })], ...(answer !== undefined && { answer }) });
  for (const each of deliveries) await world.notifications().deliver(each);
  const ids = world.sent.map(({ notification }) => notification.event.id);
  return deliveries.flatMap(({ event }, index) => (ids.includes(event.id) ? [index] : []));
}

const SETTINGS = {
  namespace: "apps",
  name: "p",
  uid: "",
  annotations: {},
  address: "",
  channel: "",
  username: "",
  statusId: "id",
  secrets: {},
  timeout: seconds(15),
};

const FAILED = "HealthCheckFailed";
const DONE = "ReconciliationSucceeded";

describe("what came late undoes nothing", () => {
  it.each(["github", "gitlab", "azuredevops", "githubpullrequestcomment", "pagerduty"])("%s", async (type) =>
    expect(await sentOf(type, [delivery(DONE, 5), delivery(FAILED, 4), delivery(FAILED, 6)])).toEqual([0, 2]));

  it.each(["slack", "generic", "sns", "grafana"])("%s only passes on", async (type) =>
    expect(await sentOf(type, [delivery(DONE, 5), delivery(FAILED, 4)])).toEqual([0, 1]));

  it.each<{ what: string; deliveries: readonly Delivery[]; want: readonly number[] }>([
    { what: "in its order", deliveries: [delivery("Progressing", 4), delivery(FAILED, 5), delivery(DONE, 6)], want: [0, 1, 2] },
    { what: "on the way in the second of its end", deliveries: [delivery(DONE, 5), delivery("Progressing", 5)], want: [0] },
    { what: "its end in the second of being on the way", deliveries: [delivery("Progressing", 5), delivery(DONE, 5)], want: [0, 1] },
    { what: "of another commit", deliveries: [delivery(DONE, 5), delivery(FAILED, 4, { metadata: { revision: "main@sha1:bb" } })], want: [0, 1] },
    {
      what: "of another object",
      deliveries: [delivery(DONE, 5), delivery(FAILED, 4, { involvedObject: { ...delivery(DONE, 5).event.involvedObject, uid: "v" } })],
      want: [0, 1],
    },
    { what: "the oldest of three", deliveries: [delivery(DONE, 6), delivery(DONE, 5), delivery(DONE, 7), delivery(FAILED, 6)], want: [0, 2] },
  ])("$what", async ({ deliveries, want }) => expect(await sentOf("github", deliveries)).toEqual(want));

  it("what was not taken overtakes nothing", async () => {
    let answers = 0;
    const answer = (): NotifierAnswer => (++answers === 1 ? { kind: "refused", message: "no" } : { kind: "sent" });
    expect(await sentOf("github", [delivery(DONE, 5), delivery(FAILED, 4)], answer)).toEqual([0, 1]);
  });

  it("an incident is an object's, whatever the commit", async () =>
    expect(await sentOf("pagerduty", [delivery(DONE, 5), delivery(FAILED, 4, { metadata: { revision: "main@sha1:bb" } })])).toEqual([0]));
});

it("wherever the one that tells is cut off, nothing older comes after it", async () => {
  let isReached = true;
  for (let n = 1; isReached; n++) {
    const world = createWorld({ objects: [ALERT, providerOf("p", "apps", { type: "github" })] });
    const [newer, older] = [delivery(DONE, 5), delivery(FAILED, 4)];
    const calls = createCalls({ cut: { n, when: "after" } });
    const end = await world
      .notifications(calls)
      .deliver(newer)
      .catch((error: unknown) => error);
    isReached = end instanceof CutOff;
    world.wait(120_000); // longer than anybody may be at it
    await world.notifications().deliver(newer);
    await world.notifications().deliver(older);
    expect(
      world.sent.map(({ notification }) => notification.event.reason),
      calls.lines.at(-1),
    ).not.toContain(FAILED);
  }
});

describe("the note of what was told", () => {
  const settings = { ...SETTINGS, type: "github" } as const;
  const createBook = () => createOrder(createMemoryNotes({ clock: { now: () => epochMs(0) } }));

  it("keeps the newest, in whatever order they end", async () => {
    const order = createBook();
    await order.told(delivery(DONE, 7), settings);
    await order.told(delivery(DONE, 5), settings);
    expect(await order.isOvertaken(delivery(FAILED, 6), settings)).toBe(true);
  });

  it.each([
    { what: "another cluster's", other: { ...delivery(FAILED, 4), cluster: "prod" }, of: settings },
    { what: "another Provider's", other: delivery(FAILED, 4), of: { ...settings, name: "q" } },
    { what: "another status", other: delivery(FAILED, 4), of: { ...settings, statusId: "x" } },
  ])("does not speak of $what", async ({ other, of }) => {
    const order = createBook();
    await order.told(delivery(DONE, 5), settings);
    expect(await order.isOvertaken(other, of)).toBe(false);
  });
});
