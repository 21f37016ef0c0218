import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { PublishCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AwsAnswer } from "../support/aws/answer.ts";
import type { Effect, Fault } from "../support/aws/faults.ts";
import type { Input } from "../support/aws/input.ts";
import { findSecrets } from "./checks/no-secrets.ts";
import { finish } from "./scenario/finish.ts";
import { hurry } from "./scenario/hurry.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type Behaviour, hang, type Providers, startProviders, status, TAKES } from "./world/providers.ts";
import { nameOf, QUEUE_NAMES } from "./world/queues.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/**
 * Providers that are slow, fail or lie, functions that die while they notify, and everything around them that fails: nobody misses a message, nobody gets one twice but
 * by the one crash between a provider's answer and the note of it, and nobody waits for somebody else's provider.
 */
const NAMESPACE = "flux-system";
const NOTIFICATION = "notification.toolkit.fluxcd.io/v1beta3";
const CANARY = "canary-of-a-provider";
const STORM = 300;

let world: AwsWorld;
let app: Scenario;
let providers: Providers;
let sns: SNSClient;
const minutes = createMinutes();
beforeAll(async () => {
  providers = await startProviders();
  world = await createAwsWorld({ concurrency: 4 });
  sns = new SNSClient({ ...world.aws.client });
  app = await startScenario(world, { repository: "ada/app" });
  await app.push({ a: "0" });
  await app.ends();
});
afterEach(async () => {
  world.aws.faults.clear();
  world.cluster().network.be("open");
  expect(world.deadLetters()).toEqual([]);
  expect(world.aws.lambda.discarded()).toEqual([]);
  for (const queue of QUEUE_NAMES) expect(world.aws.sqs.counts(nameOf(queue)), queue).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});
afterAll(async () => {
  sns?.destroy();
  providers?.close();
  await world?.stop();
});

/** An Alert over all events of the Kustomization `about`, and its Provider, at the address of its own name. */
async function provide(name: string, about: string, spec: JsonObject = {}): Promise<void> {
  const metadata = { name, namespace: NAMESPACE };
  const address = `${providers.address(name)}`;
  await world.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { address, token: `${CANARY}-${name}` } });
  await world.apply({ apiVersion: NOTIFICATION, kind: "Provider", metadata, spec: { type: "generic", secretRef: { name }, timeout: "60s", ...spec } });
  const eventSources = [{ kind: "Kustomization", name: about }];
  await world.apply({ apiVersion: NOTIFICATION, kind: "Alert", metadata, spec: { providerRef: { name }, eventSources } });
}

/** As a run publishes it: of the Kustomization `about`. */
async function publish(about: string, message = about): Promise<void> {
  const involvedObject = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: NAMESPACE,
    name: about,
    uid: about,
    resourceVersion: "1",
  };
  const controller = { reportingController: "kustomize-controller", reportingInstance: "kustomize-controller" };
  const said = { id: randomUUID(), severity: "error", timestamp: "2026-01-02T03:04:05Z", reason: "HealthCheckFailed", message } as const;
  await sns.send(new PublishCommand({ TopicArn: world.topicArn, Message: writeEventMessage({ ...said, ...controller, involvedObject }, "prod") }));
}

/** Messages of the Events on that Alert. */
const saidOf = (alert: string): readonly string[] =>
  (world.cluster().sandbox?.store.list({ group: "", plural: "events" }) ?? [])
    .map((event) => JSON.parse(JSON.stringify(event)))
    .filter(({ involvedObject }) => involvedObject.kind === "Alert" && involvedObject.name === alert)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);

const metricsOf = (name: string): number =>
  world
    .fn("notify")
    .logs.map(({ fields }) => fields?.[name])
    .reduce((sum: number, value) => sum + (typeof value === "number" ? value : 0), 0);

const until = async (holds: () => boolean, limitMs = 20_000): Promise<void> => {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come to pass: ${holds}`);
    await delay(20);
  }
};

describe("providers that are slow, fail or lie", () => {
  const failing =
    (times: number, code: number): Behaviour =>
    (nth) =>
      nth < times ? status(code) : TAKES;
  const GAVE_UP = /^Warning NotificationDispatchFailed failed to send notification for Kustomization\/flux-system\/all: .* giving up after 5 attempt\(s\)/;
  const DEADLINE = /^Warning NotificationDispatchFailed failed to send .*: context deadline exceeded$/;
  const REFUSED = /^Warning NotificationDispatchFailed failed to send .*: request failed with status code 400: $/;
  type Row = {
    readonly name: string;
    readonly be: Behaviour;
    readonly spec?: JsonObject;
    readonly asked: number;
    readonly taken: number;
    readonly said?: RegExp;
    readonly end: "Sent" | "Failed" | "GivenUp";
  };
  const rows: readonly Row[] = [
    { name: "well", be: () => TAKES, asked: 1, taken: 1, end: "Sent" },
    { name: "slow", be: () => ({ takes: true, answer: { kind: "late", status: 200, ms: 700 } }), asked: 1, taken: 1, end: "Sent" },
    { name: "busy-a-while", be: failing(3, 503), asked: 4, taken: 1, end: "Sent" },
    { name: "broken-for-minutes", be: failing(6, 500), asked: 7, taken: 1, said: GAVE_UP, end: "Sent" },
    { name: "broken", be: () => status(500), asked: 8, taken: 0, said: GAVE_UP, end: "GivenUp" },
    { name: "hangs", be: () => hang, spec: { timeout: "1s" }, asked: 4, taken: 0, said: DEADLINE, end: "GivenUp" },
    { name: "hangs-a-while", be: (nth) => (nth < 2 ? hang : TAKES), spec: { timeout: "1s" }, asked: 3, taken: 1, said: DEADLINE, end: "Sent" },
    { name: "endless", be: () => ({ takes: true, answer: { kind: "endless", status: 200 } }), asked: 1, taken: 1, end: "Sent" },
    { name: "endless-failure", be: (nth) => (nth < 2 ? { answer: { kind: "endless", status: 500 } } : TAKES), asked: 3, taken: 1, end: "Sent" },
    { name: "rate-limited", be: (nth) => (nth < 1 ? status(429, { "retry-after": "25" }) : TAKES), asked: 2, taken: 1, end: "Sent" },
    { name: "resets", be: (nth) => (nth < 2 ? { answer: { kind: "reset" } } : TAKES), asked: 3, taken: 1, end: "Sent" },
    // Who lies is believed: what was refused is not sent again, though it was taken, and what was accepted is not, though it was dropped.
    { name: "refuses-what-it-took", be: () => ({ takes: true, answer: { kind: "status", status: 400 } }), asked: 1, taken: 1, said: REFUSED, end: "Failed" },
    { name: "drops", be: () => status(200), asked: 1, taken: 0, end: "Sent" },
  ];
  const counts = (): Readonly<Record<Row["end"], number>> => ({
    Sent: metricsOf("NotificationSent"),
    Failed: metricsOf("NotificationFailed"),
    GivenUp: metricsOf("NotificationGivenUp"),
  });

  it("all come to their ends", async () => {
    for (const { name, be, spec } of rows) {
      providers.be(name, be);
      await provide(name, "all", spec);
    }
    const before = counts();
    await publish("all");
    await hurry(world);
    const after = counts();
    const ends = (end: Row["end"]): number => rows.filter((row) => row.end === end).length;
    expect({ Sent: after.Sent - before.Sent, Failed: after.Failed - before.Failed, GivenUp: after.GivenUp - before.GivenUp }).toEqual({
      Sent: ends("Sent"),
      Failed: ends("Failed"),
      GivenUp: ends("GivenUp"),
    });
  });

  it.each(rows)("$name: asked $asked times, taken $taken times, and said where it has to be", ({ name, asked, taken, said }) => {
    expect(providers.asked(name)).toHaveLength(asked);
    expect(providers.taken(name)).toHaveLength(taken);
    const told = saidOf(name);
    expect(told).toHaveLength(said === undefined ? 0 : 1);
    if (said !== undefined) expect(told[0]).toMatch(said);
  });

  it("what the rate limit asked for was waited for", () => {
    const waits = world.aws.calls.all("sqs", "SendMessageBatch").filter(({ input }) => JSON.stringify(input).includes("rate-limited"));
    expect(JSON.stringify(waits.map(({ input }) => input))).toMatch(/"DelaySeconds":2[56]/);
  });

  it("what was given up is in the log, with Alert and Provider", () => {
    const given = world.fn("notify").logs.flatMap(({ fields }) => (fields?.["msg"] === "delivery given up" ? [fields["alert"]] : []));
    expect(given.toSorted()).toEqual([`${NAMESPACE}/broken`, `${NAMESPACE}/hangs`]);
  });
});

describe("a provider that hangs", () => {
  it("delays neither its neighbours nor a reconciliation", async () => {
    await provide("stuck", "with-stuck");
    for (const name of ["beside-1", "beside-2"]) await provide(name, "with-stuck");
    providers.be("stuck", () => hang);
    await publish("with-stuck", "one");
    await publish("with-stuck", "two");
    await until(() => providers.hanging("stuck") > 0);
    await app.push({ a: "while it hangs" });
    const data = (): unknown => world.cluster().sandbox?.store.get({ group: "", plural: "configmaps" }, "default", "a")?.data;
    await until(() => JSON.stringify(data()).includes("while it hangs"));
    await until(() => ["beside-1", "beside-2"].every((name) => providers.taken(name).length === 2));
    expect(providers.hanging("stuck")).toBeGreaterThan(0);
    providers.be("stuck", () => TAKES);
    providers.letGo("stuck");
    await hurry(world);
    await app.ends();
    expect(providers.taken("stuck").toSorted()).toEqual(["one", "two"]);
    for (const name of ["beside-1", "beside-2"]) expect(providers.taken(name).toSorted(), name).toEqual(["one", "two"]);
  });

  it(`in a storm of ${STORM} events: everybody else hears of each once, and only the first in each process wait for it`, async () => {
    const others = ["storm-1", "storm-2", "storm-3", "storm-4"];
    for (const name of others) await provide(name, "storm");
    await provide("storm-stuck", "storm", { timeout: "1s" });
    providers.be("storm-stuck", () => hang);
    const messages = Array.from({ length: STORM }, (_, n) => `event ${n}`);
    await Promise.all(messages.map((message) => publish("storm", message)));
    const end = performance.now() + 120_000;
    // More at once than the function has places for: Lambda tries again, more and more slowly, which nobody waits for here.
    while (!others.every((name) => providers.taken(name).length >= STORM) && performance.now() < end) {
      await world.retryNow();
      await delay(100);
    }
    // Nobody has waited for it but who could not know.
    expect(providers.asked("storm-stuck").length).toBeLessThan(STORM / 2);
    providers.be("storm-stuck", () => TAKES);
    // New processes know nothing of it: what waits is sent by its next attempt, and not by one minutes later.
    world.fn("notify").kill("idle");
    await hurry(world, 120_000);
    for (const name of [...others, "storm-stuck"]) expect(providers.taken(name).toSorted(), name).toEqual(messages.toSorted());
  }, 300_000);
});

describe("what is brought twice", () => {
  it("by SNS is told once", async () => {
    await provide("twice", "twice");
    // The topic's function under its name, beside its address: each message comes twice at the same time.
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn: world.topicArn, Protocol: "lambda", Endpoint: world.fn("notify").name, ReturnSubscriptionArn: true }),
    );
    const before = world.fn("notify").invocations.length;
    for (const message of ["1", "2", "3", "4"]) await publish("twice", message);
    await hurry(world);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(world.fn("notify").invocations.length - before).toBeGreaterThanOrEqual(8);
    expect(providers.taken("twice").toSorted()).toEqual(["1", "2", "3", "4"]);
  });

  it("by SQS is sent once", async () => {
    await provide("again", "again");
    providers.be("again", (nth) => (nth === 0 ? status(503) : TAKES));
    world.aws.sqs.disturb(nameOf("deliveries"), { lostDeletes: 5 });
    for (const message of ["1", "2", "3"]) await publish("again", message);
    await hurry(world);
    world.aws.sqs.disturb(nameOf("deliveries"), {});
    expect(providers.taken("again").toSorted()).toEqual(["1", "2", "3"]);
  });
});

const isOf =
  (prefix: string) =>
  (input: Input, caller: string): boolean =>
    caller.includes(":assumed-role/sluice-notify/") && String(input["Key"] ?? input["QueueUrl"]).includes(prefix);

describe("a function that is killed", () => {
  let kills = 0;
  const kill = (name: "notify" | "receiver" = "notify"): void => {
    kills += world.fn(name).kill("busy");
  };
  /** At the request behind `skip` others of its kind. */
  const killAt = (fault: Pick<Fault, "service" | "operation" | "when" | "skip">, when: "before" | "after"): void => {
    const isIt = fault.when ?? (() => true);
    const killed = (truth: AwsAnswer): AwsAnswer => {
      kill();
      return truth;
    };
    const effect: Effect = when === "after" ? { kind: "lie", answer: killed } : { kind: "drop", when: "before" };
    let seen = 0;
    const remove = world.aws.faults.add({
      ...fault,
      skip: 0,
      times: 1,
      when: (input, caller) => {
        if (!isIt(input, caller) || seen++ < (fault.skip ?? 0)) return false;
        if (when === "before") kill();
        return true;
      },
      effect,
    });
    void remove;
  };
  const claims = { service: "s3", operation: "PutObject", when: isOf("notes/events/") };
  const sends = { service: "sqs", operation: "SendMessageBatch", when: isOf("deliveries") };
  const turns = { service: "s3", operation: "PutObject", when: isOf("notes/delivered/") };

  it.each<{ readonly what: string; readonly arm: (name: string) => void; readonly taken: number }>([
    { what: "before it was written that the event is said", arm: () => killAt(claims, "before"), taken: 1 },
    { what: "after that", arm: () => killAt(claims, "after"), taken: 1 },
    { what: "before the delivery is in its queue", arm: () => killAt(sends, "before"), taken: 1 },
    { what: "after that", arm: () => killAt(sends, "after"), taken: 1 },
    { what: "before it took its turn", arm: () => killAt(turns, "before"), taken: 1 },
    { what: "after that, before the provider was asked", arm: () => killAt(turns, "after"), taken: 1 },
    {
      what: "when the provider was asked, which took nothing",
      arm: (name) => providers.be(name, (nth) => (nth === 0 ? { answer: { kind: "hang" }, act: kill } : TAKES)),
      taken: 1,
    },
    {
      what: "between the provider's answer and the note: the one that may come twice",
      arm: (name) => providers.be(name, (nth) => (nth === 0 ? { ...TAKES, act: kill } : TAKES)),
      taken: 2,
    },
    { what: "before that note was written: the same", arm: () => killAt({ ...turns, skip: 1 }, "before"), taken: 2 },
    { what: "after the note", arm: () => killAt({ ...turns, skip: 1 }, "after"), taken: 1 },
  ])("$what", async ({ what, arm, taken }) => {
    const name = `killed-${kills}`;
    await provide(name, name);
    const before = kills;
    arm(name);
    await publish(name, what);
    await hurry(world);
    // More than one when the invocation that dispatched it had not ended yet.
    expect(kills).toBeGreaterThan(before);
    expect(providers.taken(name)).toEqual(Array(taken).fill(what));
  });

  it("a Receiver's, before and after it has annotated: who asked is told, or the next tick sees to it", async () => {
    const metadata = { name: "receiver", namespace: NAMESPACE };
    await world.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { token: `${CANARY}-receiver` } });
    const resources = [{ kind: "GitRepository", name: "app" }];
    await world.apply({
      apiVersion: "notification.toolkit.fluxcd.io/v1",
      kind: "Receiver",
      metadata,
      spec: { type: "generic", secretRef: { name: "receiver" }, resources },
    });
    const tick = async (): Promise<void> => {
      await world.tick(minutes.next());
      await finish(world);
    };
    await tick();
    await tick();
    const receiver = world.cluster().sandbox?.store.get({ group: "notification.toolkit.fluxcd.io", plural: "receivers" }, NAMESPACE, "receiver");
    const path = /\/hook\/[0-9a-f]{64}/.exec(JSON.stringify(receiver))?.[0] ?? "";
    const killOnPatch = (when: "before" | "after"): void => {
      const patches = { when: ({ by, verb }: { readonly by: string; readonly verb: string }) => by === "receiver" && verb === "patch", times: 1 };
      world.cluster().api?.fault({ ...patches, effect: { kind: "do", when, act: () => kill("receiver") } });
    };
    const before = kills;

    await app.commit({ a: "killed before" });
    killOnPatch("before");
    expect((await world.hook(path)).status).toBe(500);
    expect((await world.hook(path)).status).toBe(200);
    await app.ends();

    await app.commit({ a: "killed after" });
    killOnPatch("after");
    expect((await world.hook(path)).status).toBe(500);
    await tick();
    await app.ends();
    expect(kills).toBe(before + 2);
  });
});

describe("what notes and queues do", () => {
  const notes = { service: "s3", when: isOf("notes/") };
  it.each<{ readonly name: string; readonly faults: readonly Fault[] }>([
    { name: "s3-breaks", faults: [{ ...notes, times: 12, effect: { kind: "fail", status: 500, code: "InternalError" } }] },
    { name: "s3-throttles", faults: [{ ...notes, times: 3, effect: { kind: "throttle" } }] },
    { name: "s3-is-slow", faults: [{ ...notes, effect: { kind: "delay", ms: 200 } }] },
    { name: "s3-loses-answers", faults: [{ ...notes, operation: "PutObject", times: 3, effect: { kind: "drop", when: "after" } }] },
    {
      name: "s3-conflicts",
      faults: [{ ...notes, operation: "PutObject", times: 3, effect: { kind: "fail", status: 409, code: "ConditionalRequestConflict" } }],
    },
    {
      name: "sqs-breaks",
      faults: [
        { service: "sqs", operation: "SendMessageBatch", when: isOf("deliveries"), times: 4, effect: { kind: "fail", status: 500, code: "InternalError" } },
      ],
    },
    {
      name: "sqs-loses-answers",
      faults: [{ service: "sqs", operation: "SendMessageBatch", when: isOf("deliveries"), times: 2, effect: { kind: "drop", when: "after" } }],
    },
  ])("$name: told once", async ({ name, faults }) => {
    await provide(name, name);
    for (const fault of faults) world.aws.faults.add(fault);
    for (const message of ["1", "2", "3"]) await publish(name, message);
    await hurry(world);
    expect(providers.taken(name).toSorted()).toEqual(["1", "2", "3"]);
  });
});

describe("a cluster that does not answer", () => {
  it("while it is asked who wants to hear: they hear it when it does", async () => {
    await provide("late-dispatch", "late-dispatch");
    const before = world.fn("notify").invocations.length;
    const { network } = world.cluster();
    const connections = network.connections();
    // Silent, and after a while it breaks: nobody waits here until the function's own patience is over.
    network.be("silent");
    await publish("late-dispatch");
    await until(() => network.connections() > connections);
    network.be("closed");
    await until(() =>
      world
        .fn("notify")
        .invocations.slice(before)
        .some(({ error }) => error !== undefined),
    );
    world.cluster().network.be("open");
    await hurry(world);
    expect(providers.taken("late-dispatch")).toEqual(["late-dispatch"]);
  });

  it("while it is asked for a Provider: it is sent when it does", async () => {
    await provide("late-delivery", "late-delivery");
    const failed = (): number => world.fn("notify").logs.filter(({ fields }) => fields?.["msg"] === "message failed").length;
    const before = failed();
    let refusals = 0;
    const remove = world.cluster().api?.fault({
      when: ({ by, verb, target }) => by === "notify" && verb === "get" && target.includes("secrets/") && ++refusals > 0,
      effect: { kind: "drop", when: "before" },
    });
    await publish("late-delivery");
    await until(() => failed() > before);
    remove?.();
    await hurry(world);
    expect(refusals).toBeGreaterThan(0);
    expect(providers.taken("late-delivery")).toEqual(["late-delivery"]);
  });
});

it("in all of this no secret was told", () => {
  const names = [...new Set(providers.all.map(({ name }) => name))];
  expect(findSecrets(world, { inClusters: [...names.map((name) => `${CANARY}-${name}`), `${CANARY}-receiver`] })).toEqual([]);
});
