import { afterAll, beforeAll, expect, it } from "vitest";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/**
 * Functions whose time for it is over in the middle of a run. The engine's functions stop by themselves 10 s before Lambda would end them, so with a limit of 12 s
 * they have two.
 */
let world: AwsWorld;
let app: Scenario;
const minutes = createMinutes();
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "inner", private: true }], timeoutMs: 12_000 });
  app = await startScenario(world, { repository: "ada/app", source: { interval: "1m" } });
  await app.push({ a: "0", gone: "0" });
  await app.ends();
});
afterAll(() => world?.stop());

const hold = (verb: string, ms: number, times: number): (() => void) => {
  const removes = world.clusters.map(({ api }) =>
    api?.fault({ when: (ask) => ask.by !== "sweep" && ask.verb === verb && !ask.dryRun, times, effect: { kind: "delay", ms } }),
  );
  return () => {
    for (const remove of removes) remove?.();
  };
};

it.each([
  { what: "while it applies", verb: "apply", values: { a: "1", b: "1", c: "1" } },
  { what: "while it prunes", verb: "delete", values: { a: "2" } },
  { what: "while it writes status", verb: "patch", values: { a: "3", b: "3" } },
])("a function whose time for it is over $what is begun again, and finishes what it began", async ({ verb, values }) => {
  const release = hold(verb, 3_000, 1);
  await app.push(values);
  await finish(world);
  release();
  const cut = world.functions().flatMap(({ logs }) => logs.filter(({ fields }) => /time for it is over/.test(String(fields?.["error"])))).length;
  expect(cut).toBeGreaterThan(0);
  await world.tick(minutes.next());
  // A request that was given up may have been done all the same: as after a kill.
  await app.ends({ kills: 1 });
});
