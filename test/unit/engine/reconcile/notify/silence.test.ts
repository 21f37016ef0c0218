import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf, type World } from "../../../../support/notify/world.ts";

const eventOf = (id: string): NotifiedEvent =>
  notified(id, {
    involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    reason: "Progressing",
    message: `message of ${id}`,
    reportingController: "kustomize-controller",
  });

const ALL = { eventSources: [{ kind: "Kustomization", name: "*" }] };
const UNAVAILABLE: NotifierAnswer = { kind: "unavailable", prefix: "failed: ", request: "POST x", why: "silence", problem: "silence", done: 0 };

/** A world of two providers, of which `dead` takes `wait` for each answer while `isDead`. */
function worldWith(wait: number, isDead: (now: number) => boolean = () => true): World {
  const objects = ["dead", "well"].flatMap((name) => [
    alertOf({ name, namespace: "apps", spec: { ...ALL, providerRef: { name } } }),
    providerOf(name, "apps", { type: "generic", address: "http://127.0.0.1:9/hook", timeout: "15s" }),
  ]);
  const world: World = createWorld({
    objects,
    answer: ({ provider }) => {
      if (provider.name !== "dead" || !isDead(world.now())) return { kind: "sent" };
      world.wait(wait);
      return UNAVAILABLE;
    },
  });
  return world;
}

/** `provider event at-second …`, of what was asked. */
const asked = ({ sent }: World, provider: string): readonly string[] =>
  sent.filter(({ notification }) => notification.provider.name === provider).map(({ notification, at }) => `${notification.event.id} ${at / 1000}`);

const MANY = ["e1", "e2", "e3", "e4", "e5"];

async function storm(world: World): Promise<void> {
  for (const id of MANY) await world.notifications().dispatch(eventOf(id));
  await world.drain();
}

it("for a provider that is silent one waits; all others hear of it without waiting, and nobody else waits behind them", async () => {
  const world = worldWith(5_000);
  await storm(world);
  // e1 goes its way: 0 s, 2 s after that attempt ended, then the timeout is over; the quiet attempts are everybody's own.
  expect(asked(world, "dead").filter((line) => Number(line.split(" ")[1]) < 30)).toEqual(["e1 0", "e1 7"]);
  expect(asked(world, "well")).toEqual(MANY.map((id) => `${id} 5`));
  for (const id of MANY) expect(asked(world, "dead").filter((line) => line.startsWith(id)).length, id).toBeGreaterThanOrEqual(3);
  // Said of each, as if it had waited itself.
  const told = world.told.map(({ reason, message }) => `${reason} ${message}`);
  expect(told).toHaveLength(MANY.length);
  expect(new Set(told)).toEqual(
    new Set(["NotificationDispatchFailed failed to send notification for Kustomization/apps/web: failed: context deadline exceeded"]),
  );
});

it("nothing is lost by it: what others waited for in vain is sent when the provider is there again", async () => {
  const world = worldWith(5_000, (now) => now < 40_000);
  await storm(world);
  expect(world.log.filter((line) => line.includes('"delivered'))).toHaveLength(2 * MANY.length);
  expect(world.log.filter((line) => line.includes("given up"))).toEqual([]);
});

it("an answer ends it, and so does half a minute", async () => {
  const silences: string[] = [];
  const world = worldWith(5_000, (now) => now < 1_000);
  await world.notifications().dispatch(eventOf("e1"));
  await world.drain();
  await world.notifications().dispatch(eventOf("e2"));
  await world.drain();
  silences.push(...asked(world, "dead"));
  expect(silences).toEqual(["e1 0", "e1 7", "e2 7"]);
  const dead = worldWith(31_000);
  await dead.notifications().dispatch(eventOf("e1"));
  const [first] = dead.queue.splice(0, 1);
  if (first !== undefined) await dead.notifications().deliver(first.delivery);
  dead.wait(30_000);
  await dead.notifications().dispatch(eventOf("e2"));
  const last = dead.queue.findLast(({ delivery }) => delivery.event.id === "e2" && delivery.target.kind === "provider" && delivery.target.provider === "dead");
  if (last !== undefined) await dead.notifications().deliver(last.delivery);
  expect(asked(dead, "dead").map((line) => line.split(" ")[0])).toEqual(["e1", "e2"]);
});

it("who refuses, or fails at once, is asked by each", async () => {
  const world = worldWith(0);
  await storm(world);
  for (const id of MANY) expect(asked(world, "dead").filter((line) => line.startsWith(id)).length, id).toBeGreaterThanOrEqual(4);
});
