import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Input } from "../support/aws/input.ts";
import { countWrites, fluxWrites } from "./checks/changing-writes.ts";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { createRandom } from "./scenario/random.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { nameOf, type QueueName } from "./world/queues.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** Deliveries, messages and ticks that are lost, doubled, late or out of order. */
let world: AwsWorld;
let app: Scenario;
const minutes = createMinutes();
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "inner", private: true }] });
  app = await startScenario(world, { repository: "ada/app", source: { interval: "1m" }, spec: { interval: "10m" } });
});
afterAll(() => world?.stop());

const names = (): readonly string[] => world.clusters.map(({ spec }) => spec.name);
const runsOf = (fn: "source" | "apply" | "sweep"): readonly { readonly cluster: unknown; readonly kind: unknown; readonly outcome: unknown }[] =>
  world
    .fn(fn)
    .logs.flatMap(({ fields }) =>
      typeof fields?.["outcome"] === "string" && typeof fields["cause"] === "string"
        ? [{ cluster: fields["cluster"], kind: fields["controllerKind"], outcome: fields["outcome"] }]
        : [],
    );
const isOf =
  (queue: QueueName) =>
  (input: Input): boolean =>
    String(input["QueueUrl"]).endsWith(nameOf(queue));
const sweeps = (): number => world.fn("sweep").logs.filter(({ fields }) => fields?.["msg"] === "sweep").length;

describe("deliveries", () => {
  it("that come three times, and once more afterwards, are one push", async () => {
    const { delivery } = await world.push("ada/app", {});
    await finish(world);
    await app.push({ a: "1" });
    const again = await Promise.all([world.deliver(delivery), world.deliver(delivery), world.deliver(delivery)]);
    expect(again.map(({ status }) => status)).toEqual([202, 202, 202]);
    await finish(world);
    await world.deliver(delivery);
    await app.ends();
  });

  it("that come twice by SQS, since what was done could not be deleted, are one push", async () => {
    const remove = world.aws.faults.add({
      service: "sqs",
      operation: "DeleteMessageBatch",
      when: isOf("apply"),
      times: 6,
      effect: { kind: "drop", when: "before" },
    });
    const before = runsOf("apply").length;
    await app.push({ a: "2" });
    await app.ends();
    remove();
    expect(runsOf("apply").length - before).toBeGreaterThan(names().length);
  });

  it("are one push when the webhook's answer is lost, and GitHub's button is pressed", async () => {
    const remove = world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", times: 1, effect: { kind: "drop", when: "after" } });
    await app.push({ a: "3" });
    remove();
    await app.ends();
  });

  it("that name another repository or branch wake nobody", async () => {
    await world.github.create("ada/unknown");
    const before = runsOf("source").length;
    await world.push("ada/unknown", { "x.yaml": "" });
    await world.push("ada/app", { "x.txt": "" }, { branch: "other" });
    await app.ends();
    expect(runsOf("source").length).toBe(before);
  });
});

describe("a lost webhook", () => {
  it("is made good by the next tick", async () => {
    await app.commit({ a: "4", b: "1" });
    await world.tick(minutes.next());
    await app.ends();
  });

  it("is made good by the tick after those that were missed", async () => {
    await app.commit({ a: "5" });
    for (let missed = 0; missed < 7; missed++) minutes.next();
    await world.tick(minutes.next());
    await app.ends();
  });

  it("is made good once by a tick that comes twice, and by one that comes late", async () => {
    await app.commit({ a: "6" });
    const before = sweeps();
    const at = minutes.next();
    await Promise.all([world.tick(at), world.tick(at)]);
    await world.tick(at);
    await app.ends();
    expect(sweeps() - before).toBe(names().length);
    await app.commit({ a: "7" });
    const late = minutes.next();
    await world.tick(minutes.next());
    await world.tick(late);
    await app.ends();
  });

  it("is made good when the tick dies in the middle", async () => {
    await app.commit({ a: "8" });
    const remove = world.aws.faults.add({
      service: "sqs",
      operation: "SendMessageBatch",
      times: 5,
      effect: { kind: "fail", status: 500, code: "InternalError" },
    });
    await world.tick(minutes.next());
    remove();
    await world.tick(minutes.now());
    await app.ends();
  });
});

describe("a sweep at rest", () => {
  it("writes nothing, sends nothing, and asks little", async () => {
    await world.tick(minutes.next());
    await finish(world);
    const before = { apply: runsOf("apply").length, source: runsOf("source").length };
    await app.ends();
    for (let minute = 0; minute < 3; minute++) {
      await world.tick(minutes.next());
      await finish(world);
    }
    expect({ apply: runsOf("apply").length, source: runsOf("source").length }).toEqual(before);
    for (const name of names()) {
      expect(fluxWrites(app.requests(name)), name).toEqual({});
      expect(countWrites(app.requests(name)), name).toEqual([]);
      expect(app.requests(name).filter(({ by }) => by === "sweep").length, name).toBeLessThan(60);
    }
    await app.ends();
  });
});

describe("drift", () => {
  it("is put right in the interval, by one write", async () => {
    for (const name of names()) {
      await world
        .cluster(name)
        .admin.patch(
          { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "a" },
          { body: { type: "merge", merge: { data: { value: "drifted" } } }, manager: "somebody" },
        );
    }
    for (let minute = 0; minute < 10; minute++) {
      await world.tick(minutes.next());
      await finish(world);
    }
    for (const name of names()) {
      const written = app.requests(name).filter(({ by, changed, target }) => by === "apply" && changed && target.startsWith("configmaps/"));
      expect(
        written.map(({ target }) => target),
        name,
      ).toEqual(["configmaps/default/a"]);
    }
    await app.ends();
    expect(world.fn("apply").logs.filter(({ fields }) => fields?.["DriftCorrected"] !== undefined)).toHaveLength(names().length);
  });
});

describe("the annotation of flux reconcile", () => {
  it.each(["GitRepository", "Kustomization"] as const)("on a %s is answered after the next tick", async (kind) => {
    await app.request("prod", kind);
    await world.tick(minutes.next());
    await finish(world);
    const plural = kind === "GitRepository" ? "gitrepositories" : "kustomizations";
    const group = kind === "GitRepository" ? "source.toolkit.fluxcd.io" : "kustomize.toolkit.fluxcd.io";
    const object = world.cluster("prod").sandbox?.store.get({ group, plural }, "flux-system", "app");
    const asked = object?.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
    expect(asked).toBeDefined();
    expect(object?.["status"]).toMatchObject({ lastHandledReconcileAt: asked });
    await app.ends();
  });
});

describe("messages out of order", () => {
  it("in `later`, where waits for health go through: the end is the same", async () => {
    const random = createRandom(7);
    world.aws.sqs.disturb("sluice-later", { lostDeletes: 3, choose: random.below });
    const slow = await startScenario(world, {
      repository: "ada/slow",
      object: "slow",
      spec: { healthChecks: [{ apiVersion: "v1", kind: "ConfigMap", name: "ready", namespace: "default" }], timeout: "2m" },
    });
    await slow.push({ s: "1" });
    await world.settle();
    await slow.push({ s: "2" });
    await world.settle();
    for (const name of names()) await world.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "ready", namespace: "default" } }, name);
    await slow.ends();
    world.aws.sqs.disturb("sluice-later", {});
  });
});

describe("two revisions", () => {
  it("race: the newer one is what is there in the end, and nothing goes back and forth", async () => {
    const slow = world.clusters.map(({ api }) =>
      api?.fault({ when: ({ by, verb }) => by === "apply" && verb === "apply", times: 4, effect: { kind: "delay", ms: 400 } }),
    );
    await app.push({ a: "r1", b: "r1", c: "r1" });
    await app.push({ a: "r2", c: "r2", d: "r2" });
    await app.push({ a: "r3", d: "r3" });
    await app.ends();
    for (const remove of slow) remove?.();
  });

  it("race, and the older one still waits for health: its wait is over", async () => {
    const healthChecks = [{ apiVersion: "v1", kind: "ConfigMap", name: "newer", namespace: "default" }];
    const wait = await startScenario(world, { repository: "ada/wait", object: "wait", clusters: ["prod"], spec: { healthChecks, timeout: "5m" } });
    await wait.push({ older: "1" });
    await world.settle();
    const before = world.aws.sns.published(world.topicArn).length;
    await wait.push({ newer: "1" });
    await wait.ends();
    const told = world.aws.sns
      .published(world.topicArn)
      .slice(before)
      .map(({ message }) => JSON.parse(message).reason);
    expect(told).not.toContain("HealthCheckFailed");
    expect(told.filter((reason) => reason === "ReconciliationSucceeded")).toHaveLength(1);
  });
});
