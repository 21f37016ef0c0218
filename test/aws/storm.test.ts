import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Disturbance } from "../support/git/github-server.ts";
import { countWrites, fluxWrites } from "./checks/changing-writes.ts";
import { finish } from "./scenario/finish.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** Too much of everything from GitHub: pushes, and refusals. */
const DELIVERIES = 1_000;
const COMMITS = 10;
const AT_ONCE = 3;
let world: AwsWorld;
let app: Scenario;
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "inner", private: true }] });
  app = await startScenario(world, { repository: "ada/app" });
});
afterAll(() => world?.stop());

type Runs = Readonly<Record<string, number>>;
/** Passes over objects by kind and end; runs of pushes. Of both clusters together. */
function runs(): Runs {
  const passes = world.functions().flatMap(({ logs }) =>
    logs.flatMap(({ fields }) => {
      if (fields?.["msg"] === "push") return ["push looked up"];
      return typeof fields?.["cause"] === "string" && typeof fields["outcome"] === "string" ? [`${fields["controllerKind"]} ${fields["outcome"]}`] : [];
    }),
  );
  const invocations = world.functions().map(({ name, invocations: { length } }) => [`invocations of ${name}`, length] as const);
  return { ...Object.fromEntries([...Map.groupBy(passes, (name) => name)].map(([name, all]) => [name, all.length])), ...Object.fromEntries(invocations) };
}

/** Kustomizations of which more than one pass ended at one revision. */
function passesTwice(): readonly string[] {
  const passes = world.fn("apply").logs.flatMap(({ fields }) => (fields?.["cause"] === undefined ? [] : [`${fields["cluster"]} ${fields["revision"]}`]));
  return [...Map.groupBy(passes, (name) => name)].filter(([, all]) => all.length > 1).map(([name, all]) => `${name}: ${all.length}`);
}

const difference = (before: Runs, after: Runs): Runs => Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));

describe(`a storm of ${DELIVERIES} pushes with ${COMMITS} commits`, () => {
  it("collapses: each object is worked on once for each revision at most", async () => {
    await app.push({ a: "0" });
    await app.ends();
    const before = runs();
    for (let commit = 1; commit <= COMMITS; commit++) {
      const { payload } = await world.github.push("ada/app", {});
      await app.commit({ a: String(commit) });
      const deliveries = Array.from({ length: DELIVERIES / COMMITS }, () => world.github.delivery("push", payload, world.secret));
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let delivery = deliveries.pop(); delivery !== undefined; delivery = deliveries.pop()) expect((await world.deliver(delivery)).status).toBe(202);
        }),
      );
    }
    await finish(world, 120_000);
    const counted = difference(before, runs());
    process.stderr.write(`storm: ${JSON.stringify(counted, undefined, 1)}\n`);
    for (const { spec } of world.clusters) {
      const requests = app.requests(spec.name);
      // What was written: every object once for each revision that it saw, and never more revisions than there are commits.
      expect(countWrites(requests).every(({ changed }) => changed <= 1)).toBe(true);
      expect(countWrites(requests).length).toBeLessThanOrEqual(COMMITS);
      for (const [name, { status }] of Object.entries(fluxWrites(requests))) expect(status, name).toBeLessThanOrEqual(2 * 2 * COMMITS);
    }
    expect(passesTwice()).toEqual([]);
    // A push is looked up by batches of up to ten of its repository, once for each cluster; what finds nothing new costs one conditional request to GitHub.
    expect(counted["invocations of sluice-webhook"]).toBe(DELIVERIES);
    expect(counted["Kustomization succeeded"]).toBeLessThanOrEqual(2 * 2 * COMMITS);
    expect(counted["push looked up"]).toBeLessThanOrEqual(2 * DELIVERIES);
    expect(counted["GitRepository succeeded"]).toBeLessThanOrEqual(counted["push looked up"] ?? 0);
    await app.ends();
  }, 180_000);
});

describe("GitHub", () => {
  const API = /^\/api\/v3\//;
  const reset = String(Math.ceil(Date.now() / 1000) + 2);
  const limited = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };

  it.each<{ readonly what: string; readonly disturbance: Disturbance; readonly said: RegExp }>([
    {
      what: "limits the rate, with 403",
      disturbance: { path: API, times: 2, effect: { kind: "answer", status: 403, headers: limited, message: "API rate limit exceeded" } },
      said: /rate limit/,
    },
    {
      what: "limits the rate, with 429",
      disturbance: { path: API, times: 2, effect: { kind: "answer", status: 429, headers: { "retry-after": "1" }, message: "secondary rate limit" } },
      said: /rate limit/,
    },
    { what: "breaks", disturbance: { path: API, times: 3, effect: { kind: "answer", status: 502, message: "Server Error" } }, said: /502/ },
    {
      what: "cuts the tarball off",
      disturbance: { path: /^\/codeload\//, times: 2, effect: { kind: "cut", after: 60 } },
      said: /clone|tarball|broke|aborted|terminated|closed|end/i,
    },
  ])("$what: it is said in the log, tried again, and applied in the end", async ({ disturbance, said }) => {
    const seen = world.fn("source").logs.length;
    world.github.disturb(disturbance);
    await app.push({ a: disturbance.path.source + disturbance.effect.kind + said.source });
    await app.ends();
    world.github.disturb();
    const failures = world
      .fn("source")
      .logs.slice(seen)
      .filter(({ fields }) => fields?.["cause"] !== undefined && fields["outcome"] === "failed");
    expect(failures.length).toBeGreaterThan(0);
    process.stderr.write(`GitHub: ${failures.length} failures, ${failures.map(({ fields }) => fields?.["message"]).join("; ")}\n`);
    for (const { fields } of failures) expect(String(fields?.["message"])).toMatch(said);
  });
});
