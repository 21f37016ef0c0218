import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDeliveryQueue } from "../../../lib/local/delivery-queue.ts";

const START = epochMs(Date.parse("2026-01-02T03:04:05Z"));
beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

const event = (id: string): NotifiedEvent => ({
  id,
  involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: id, uid: id, resourceVersion: "1" },
  severity: "info",
  timestamp: "2026-01-02T03:04:05Z",
  message: "m",
  reason: "r",
  reportingController: "kustomize-controller",
  reportingInstance: "kustomize-controller",
});
const delivery = (id: string): Delivery => ({ cluster: "c", event: event(id), target: { kind: "channel", name: "slack" }, attempt: 0, done: 0 });

function world() {
  const done: string[] = [];
  const errors: string[] = [];
  const queue = createDeliveryQueue(
    { now: () => epochMs(Date.now()) },
    { info: () => {}, error: (message, { error }) => void errors.push(`${message}: ${error}`) },
  );
  const work = {
    dispatch: async ({ id }: NotifiedEvent) => void done.push(`dispatch ${id}`),
    deliver: async ({ event: { id } }: Delivery) => void done.push(`deliver ${id} +${Date.now() - START}`),
  };
  return { queue, done, errors, work };
}

describe("the delivery queue of the local mode", () => {
  it("works on what came before it was started, and after", async () => {
    const { queue, done, work } = world();
    queue.add(event("a"));
    queue.start(work);
    await queue.send(delivery("b"));
    await queue.idle();
    expect(done).toEqual(["dispatch a", "deliver b +0"]);
  });

  it("waits for the moment that a delivery is for, and holds up nobody meanwhile", async () => {
    const { queue, done, work } = world();
    queue.start(work);
    await queue.send(delivery("late"), { notBefore: epochMs(START + 2_000) });
    await queue.send(delivery("now"));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(done).toEqual(["deliver now +0"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(["deliver now +0", "deliver late +2000"]);
  });

  it("brings what broke off again, until it has been brought twelve times", async () => {
    const { queue, errors } = world();
    let brought = 0;
    queue.start({
      dispatch: async () => {
        brought++;
        throw new Error("no answer");
      },
      deliver: async () => {},
    });
    queue.add(event("a"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(brought).toBe(12);
    expect(errors.at(0)).toBe("notification broke off: no answer");
    expect(errors.at(-1)).toBe("notification was lost: no answer");
  });

  it("takes 20,000 events at once in their order: the work for each does not grow with the others", async () => {
    const { queue, done, work } = world();
    queue.start(work);
    const names = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    for (const name of names) queue.add(event(name));
    await queue.idle();
    expect(done).toEqual(names.map((name) => `dispatch ${name}`));
  }, 10_000); // a quarter of a second; it was half a minute when it did

  it("has a place left for others while 31 hang", async () => {
    const { queue, done, work } = world();
    queue.start({ ...work, deliver: (one) => (one.event.id === "hangs" ? new Promise(() => {}) : work.deliver(one)) });
    for (let index = 0; index < 31; index++) await queue.send(delivery("hangs"));
    await queue.send(delivery("b"));
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(["deliver b +0"]);
  });

  it("takes nothing after it was stopped", async () => {
    const { queue, done, work } = world();
    queue.start(work);
    await queue.send(delivery("late"), { notBefore: epochMs(START + 2_000) });
    await queue.stop();
    queue.add(event("a"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(done).toEqual([]);
  });
});
