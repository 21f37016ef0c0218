import { afterAll, beforeAll, expect, it } from "vitest";
import type { Values } from "./scenario/files.ts";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { createRandom, type Random, seedsOf } from "./scenario/random.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import type { ApiAsk } from "./world/api-requests.ts";
import { armKill, type KillPoint } from "./world/kill-points.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/**
 * A push, and functions that die in the middle of it, before or after some request to AWS or to a cluster. However often: Git is what is in the clusters in the end,
 * no object is written twice without a kill, nothing is left that nobody would prune. `SEEDS=200 npm run test:aws -- kills` for a long run, `SEED=17 SEEDS=1` for one.
 */
let world: AwsWorld;
let app: Scenario;
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "inner", private: true }] });
  app = await startScenario(world, { repository: "ada/app" });
  await app.push({ a: "0", b: "0" });
  await app.ends();
});
afterAll(() => world?.stop());

let values: Values = {};

/** Some of six ConfigMaps, some of them changed: objects come, change and go. */
const changed = (random: Random, seed: number): Values => {
  const names = ["a", "b", "c", "d", "e", "f"].filter(() => random.chance(0.7));
  const next = names.map((name) => [name, random.chance(0.6) ? `${seed}` : (values[name] ?? `${seed}`)] as const);
  return Object.fromEntries([...next, ["always", `${seed}`]]);
};

const pointsOf = (random: Random, fns: readonly [KillPoint["fn"], ...KillPoint["fn"][]]): readonly KillPoint[] =>
  Array.from({ length: 1 + random.below(3) }, () => ({ fn: random.pick(fns), nth: 1 + random.below(30), when: random.pick(["before", "after"]) }));

const minutes = createMinutes();
const total = { kills: 0, rounds: 0 };

it.each(seedsOf(6))("seed %i", async (seed) => {
  const random = createRandom(seed);
  const isLost = random.chance(0.3);
  const points = pointsOf(random, isLost ? ["sweep", "source", "apply"] : ["source", "apply"]);
  values = changed(random, seed);
  const armed = points.map((point) => armKill(world, point));
  if (isLost) {
    await app.commit(values);
    for (const { spec } of world.clusters) await app.request(spec.name);
    await world.tick(minutes.next());
  } else await app.push(values);
  await finish(world);
  // A tick may be what died; and a source that died between its status and its messages has told nobody. The next minute's tick sees to both.
  await world.tick(minutes.next());
  await finish(world);
  for (const { disarm } of armed) disarm();
  const kills = armed.reduce((sum, one) => sum + one.kills(), 0);
  total.kills += kills;
  total.rounds += 1;
  process.stderr.write(`kills: seed ${seed}: ${isLost ? "lost webhook" : "push"}, ${JSON.stringify(points)}: ${kills} kills\n`);
  await app.ends({ kills });
});

it.each([
  { what: "between the first deletion and the second", verb: "delete", skip: 1, when: "before" },
  { what: "after the second deletion", verb: "delete", skip: 1, when: "after" },
  { what: "after the inventory was written, before anything was created", verb: "apply", skip: 0, when: "before" },
  { what: "after the first of what is new", verb: "apply", skip: 0, when: "after" },
  { what: "before the end was written down", verb: "patch", skip: 1, when: "before" },
] as const)("a kill $what: nothing is left that nobody would prune", async ({ verb, skip, when }) => {
  await app.push({ p1: verb, p2: verb, p3: verb, p4: `${skip}` });
  await app.ends();
  let kills = 0;
  const act = (): void => {
    kills += world.fn("apply").kill("busy");
  };
  const fault = { when: (ask: ApiAsk) => ask.by === "apply" && ask.verb === verb && !ask.dryRun, skip, times: 1, effect: { kind: "do", when, act } } as const;
  const removes = world.clusters.map(({ api }) => api?.fault(fault));
  await app.push({ p4: `${skip} ${when}`, n1: `${verb} ${when}`, n2: `${verb} ${when}` });
  await finish(world);
  for (const remove of removes) remove?.();
  expect(kills).toBeGreaterThan(0);
  await app.ends({ kills });
});

it("kills did happen", () => expect(total.kills).toBeGreaterThan(total.rounds / 2));
