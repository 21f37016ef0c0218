import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import type { ApiFault } from "./world/api-requests.ts";
import { ACCESS, accessRoleOf, eksNameOf, startCluster, type WorldCluster } from "./world/clusters.ts";
import { nameOf } from "./world/queues.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** What API servers do to a push: one that functions reach directly, one behind a gate. `prod` is beside them and always well. */
const ILL = ["ill", "inner"] as const;
let world: AwsWorld;
let app: Scenario;
const minutes = createMinutes();
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "ill" }, { name: "inner", private: true }] });
  app = await startScenario(world, { repository: "ada/app", source: { interval: "1m" }, spec: { interval: "5m", retryInterval: "1s" } });
  await app.push({ a: "0" });
  await app.ends();
});
let faults: (() => void)[] = [];
afterEach(() => {
  for (const remove of faults) remove();
  faults = [];
  for (const { network } of ill()) network.be("open");
});
afterAll(() => world?.stop());

const ill = (): readonly WorldCluster[] => ILL.map((name) => world.cluster(name));
const spoil = (fault: ApiFault): void => {
  for (const { api } of ill()) if (api !== undefined) faults.push(api.fault(fault));
};
const heal = (): void => {
  for (const remove of faults) remove();
};
const valueIn = (name: string): unknown => world.cluster(name).sandbox?.store.get({ group: "", plural: "configmaps" }, "default", "a")?.data;
const until = async (holds: () => boolean, limitMs = 20_000): Promise<void> => {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come to pass: ${holds}`);
    await delay(20);
  }
};
const tick = async (): Promise<void> => {
  await world.tick(minutes.next());
  await finish(world);
};

let round = 0;
const next = (): { readonly a: string } => ({ a: String(++round) });
const answer = (code: number, reason: string, headers: Readonly<Record<string, string>> = {}): ApiFault["effect"] => ({
  kind: "answer",
  code,
  reason,
  headers,
});

describe("a push meets an API server that", () => {
  it.each<{ readonly what: string; readonly fault: ApiFault }>([
    { what: "says 429 a few times, and when to come back", fault: { times: 4, effect: answer(429, "TooManyRequests", { "retry-after": "1" }) } },
    { what: "says 429 to every third request", fault: { times: 12, skip: 3, when: every(3), effect: answer(429, "TooManyRequests") } },
    { what: "says 503", fault: { times: 6, effect: answer(503, "ServiceUnavailable") } },
    { what: "says 502 to writes", fault: { times: 3, when: ({ verb }) => verb === "apply" || verb === "patch", effect: answer(502, "BadGateway") } },
    { what: "says 504 to reads", fault: { times: 3, when: ({ verb }) => verb === "get" || verb === "list", effect: answer(504, "Timeout") } },
    { what: "says 500 to a read", fault: { times: 2, when: ({ verb }) => verb === "list", effect: answer(500, "InternalError") } },
    { what: "does not know our token for a moment", fault: { times: 3, effect: answer(401, "Unauthorized") } },
    { what: "is slow", fault: { effect: { kind: "delay", ms: 60 } } },
    { what: "breaks connections before writes", fault: { times: 3, when: ({ verb }) => verb === "apply", effect: { kind: "drop", when: "before" } } },
    { what: "cannot be asked about Events", fault: { when: ({ target }) => target.startsWith("events/"), effect: answer(500, "InternalError") } },
  ])("$what", async ({ fault }) => {
    spoil(fault);
    await app.push(next());
    await finish(world);
    heal();
    await app.ends();
  });

  it("breaks connections after writes: the answer is lost, and the write is not made twice", async () => {
    spoil({ times: 2, when: ({ verb, dryRun }) => verb === "apply" && !dryRun, effect: { kind: "drop", when: "after" } });
    await app.push(next());
    await finish(world);
    heal();
    // What is sent again changes nothing: those are the writes that need a kill otherwise.
    await app.ends({ kills: 2 });
  });

  it("is in upgrade: refuses connections, says 503 and 429, and is back", async () => {
    for (const { network } of ill()) network.be("closed");
    await app.push(next());
    await until(() => valueIn("prod") !== undefined && JSON.stringify(valueIn("prod")).includes(`"${round}"`));
    spoil({ times: 20, effect: answer(503, "ServiceUnavailable") });
    for (const { network } of ill()) network.be("open");
    await finish(world);
    await tick();
    heal();
    await app.ends();
  });
});

describe("a dead cluster", () => {
  it("delays nobody, comes back, and what became due meanwhile is made good", async () => {
    for (const { network } of ill()) network.be("closed");
    await app.push(next());
    await until(() => JSON.stringify(valueIn("prod")).includes(`"${round}"`));
    await world.settle();
    for (const name of ILL) {
      await world
        .cluster(name)
        .admin.patch(
          { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "a" },
          { body: { type: "merge", merge: { data: { value: "drifted" } } }, manager: "somebody" },
        );
    }
    // Its windows stay in its group, where nobody else waits behind them.
    const swept = sweptIn("prod");
    for (let minute = 0; minute < 5; minute++) {
      await world.tick(minutes.next());
      await world.settle();
    }
    expect(sweptIn("prod") - swept).toBe(5);
    const waiting = world.aws.sqs.messages(nameOf("sweep")).map(({ groupId }) => groupId);
    expect(new Set(waiting)).toEqual(new Set(ILL));
    for (const { network } of ill()) network.be("open");
    await finish(world);
    await app.ends();
    for (const name of ILL) expect(valueIn(name), name).toEqual({ value: String(round) });
  });

  it("that stays dead for longer than a message comes again: its windows and pushes go on, nobody else waits, and all is made good", async () => {
    for (const { network } of ill()) network.be("closed");
    const carried = carriedOn();
    await app.push(next());
    await world.tick(minutes.next());
    await until(() => {
      world.release();
      return carriedOn() - carried >= 2 * ILL.length;
    }, 40_000);
    expect(world.deadLetters()).toEqual([]);
    for (const { network } of ill()) network.be("open");
    await finish(world);
    await tick();
    await app.ends();
  });
});

describe("access", () => {
  const roles = ["source", "apply", "sweep"] as const;

  it("that is taken away and given back", async () => {
    for (const { spec } of ill()) for (const name of roles) world.aws.eks.forbid(eksNameOf(spec), accessRoleOf(world.aws, spec, name));
    await app.push(next());
    await until(() => JSON.stringify(valueIn("prod")).includes(`"${round}"`));
    await world.settle();
    expect(world.fn("source").logs.some(({ fields }) => fields?.["msg"] === "cluster does not know our token" && fields["level"] === "error")).toBe(true);
    for (const { spec } of ill()) for (const name of roles) world.aws.eks.allow(eksNameOf(spec), accessRoleOf(world.aws, spec, name), ACCESS[name]);
    await finish(world);
    await app.ends();
  });

  it("that has lost its rights only: forbidden is an answer, said in the log, and the next tick after the mending sees to it", async () => {
    for (const { spec } of ill()) world.aws.eks.allow(eksNameOf(spec), accessRoleOf(world.aws, spec, "apply"), { groups: ["nobody"] });
    await app.push(next());
    await until(() => ILL.every((name) => forbiddenIn(name)));
    for (const { spec } of ill()) world.aws.eks.allow(eksNameOf(spec), accessRoleOf(world.aws, spec, "apply"), ACCESS.apply);
    await finish(world);
    await tick();
    await app.ends();
  });
});

describe("a cluster that was made anew", () => {
  it("is found at its new address, with its new certificate, and gets everything that Git has", async () => {
    const old = world.cluster("ill");
    old.network.be("closed");
    world.aws.eks.recreateCluster({ name: "ill", endpoint: old.url, certificateAuthority: "gone" });
    const anew = await startCluster(world.aws, { name: "ill" });
    try {
      world.replace(anew);
      await app.watch("ill");
      await app.push(next());
      await finish(world);
      await tick();
      await app.ends();
    } finally {
      await old.stop();
    }
  });
});

function every(nth: number): (ask: unknown) => boolean {
  let asked = 0;
  return () => ++asked % nth === 0;
}

const forbiddenIn = (cluster: string): boolean =>
  world
    .fn("apply")
    .logs.some(({ fields }) => fields?.["cluster"] === cluster && fields["outcome"] === "failed" && /forbidden/i.test(String(fields["message"])));

const carriedOn = (): number => world.functions().flatMap(({ logs }) => logs.filter(({ fields }) => fields?.["msg"] === "item is carried on")).length;

const sweptIn = (cluster: string): number => world.fn("sweep").logs.filter(({ fields }) => fields?.["msg"] === "sweep" && fields["cluster"] === cluster).length;
