import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { groupOf, writeMessage } from "@sluice/platform/sqs/message.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { redrive } from "./scenario/redrive.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { nameOf, QUEUE_NAMES, type QueueName } from "./world/queues.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** Messages that nobody can handle: each ends where a person finds it, with its reason, and holds up its own group for a bounded time and no other. */
let world: AwsWorld;
let app: Scenario;
let sqs: SQSClient;
const minutes = createMinutes();
beforeAll(async () => {
  world = await createAwsWorld();
  sqs = new SQSClient({ ...world.aws.client });
  app = await startScenario(world, { repository: "ada/app", source: { interval: "1m" } });
  await app.push({ a: "0" });
  await app.ends();
});
afterAll(async () => {
  sqs?.destroy();
  await world?.stop();
});

const key = (group: string, kind: string, name: string) => ({ cluster: "prod", group, kind, namespace: "flux-system", name });
const SOURCE = key("source.toolkit.fluxcd.io", "GitRepository", "app");
const KUSTOMIZATION = key("kustomize.toolkit.fluxcd.io", "Kustomization", "app");
const groupIn: Readonly<Record<QueueName, string | undefined>> = {
  source: groupOf({ kind: "object", key: SOURCE, cause: "push", look: "1" }),
  apply: groupOf({ kind: "object", key: KUSTOMIZATION, cause: "push", look: "1" }),
  sweep: "prod",
  later: undefined,
  deliveries: undefined,
};

let sent = 0;
async function put(queue: QueueName, body: string, group = groupIn[queue]): Promise<void> {
  const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `poison-${++sent}` };
  await sqs.send(new SendMessageCommand({ QueueUrl: world.aws.sqs.url(nameOf(queue)), MessageBody: body, ...fifo }));
}

let round = 0;
const next = (): { readonly a: string } => ({ a: String(++round) });
const emptyDeadLetters = async (): Promise<void> => {
  const { PurgeQueueCommand } = await import("@aws-sdk/client-sqs");
  for (const queue of QUEUE_NAMES) {
    const { deadLettersOf } = await import("./world/queues.ts");
    if (world.aws.sqs.messages(deadLettersOf(queue)).length > 0)
      await sqs.send(new PurgeQueueCommand({ QueueUrl: world.aws.sqs.url(deadLettersOf(queue)) })).catch(() => undefined);
  }
};

/** `delivery`: why it is no delivery, which the queue of those says. */
const BODIES: readonly { readonly body: string; readonly reason: string; readonly delivery: string }[] = [
  { body: "not JSON", reason: "expected a message as a JSON object", delivery: "expected a message as a JSON object" },
  { body: '{"version":2,"item":{}}', reason: "version: expected 1, got 2", delivery: "version: expected 1" },
  {
    body: '{"version":1,"item":{"kind":"object","key":{"cluster":"prod"},"cause":"x","look":"y"}}',
    reason: "item.key.group: expected a text that is not empty, got nothing",
    delivery: "delivery: expected an object",
  },
];

describe.each(QUEUE_NAMES)("a malformed message in the queue %s", (queue) => {
  it.each(BODIES)("$reason", async ({ body, reason, delivery }) => {
    const before = world.deadLetters().length;
    await put(queue, body);
    await app.push(next());
    await world.tick(minutes.next());
    await app.ends({ deadLetters: before + 1 });
    expect(world.deadLetters().slice(0)).toContainEqual({ queue, body, reason: queue === "deliveries" ? delivery : reason });
  });
});

it("a malformed message is put aside at once: nothing waits for it", () => {
  const visibility = world.aws.calls.all("sqs", "ChangeMessageVisibility");
  expect(visibility).toEqual([]);
});

describe("a message whose run throws every time", () => {
  it("holds up its own group for half a minute at most, and ends with the reason; put back when the cause is gone, it is done", async () => {
    await emptyDeadLetters();
    for (const one of world.functions()) one.kill("idle");
    const refused = world.aws.faults.add({
      service: "eks",
      effect: { kind: "fail", status: 403, code: "AccessDeniedException", message: "not authorized to perform: eks:DescribeCluster" },
    });
    const before = world.deadLetters().length;
    await app.commit(next());
    await put("source", writeMessage({ kind: "object", key: SOURCE, cause: "push", look: `poison ${round}` }));
    await finish(world);
    const dead = world.deadLetters().slice(before);
    expect(dead.map(({ queue }) => queue)).toEqual(["source"]);
    expect(dead[0]?.reason).toContain("not authorized to perform: eks:DescribeCluster");
    const pauses = world.aws.calls.all("sqs", "ChangeMessageVisibility").map(({ input }) => Number(input["VisibilityTimeout"]));
    expect(pauses).toEqual([2, 4, 8, 16]);
    refused();
    expect(await redrive(world)).toBe(1 + before);
    await finish(world);
    await app.ends({ deadLetters: world.deadLetters().length });
    expect(world.deadLetters().map(({ body }) => body)).not.toContain(dead[0]?.body);
  });
});

describe("a message that kills its function every time", () => {
  it("goes to the dead letters by the queue itself, and its group goes on", async () => {
    const before = world.deadLetters().length;
    const fn = world.fn("source");
    let kills = 0;
    const killer = world.cluster().api?.fault({
      when: ({ by, target }) => by === "source" && target.includes("gitrepositories/flux-system/app"),
      times: 5,
      effect: { kind: "do", when: "before", act: () => (kills += fn.kill("busy")) },
    });
    await app.push(next());
    await finish(world);
    killer?.();
    expect(kills).toBe(5);
    expect(world.deadLetters().length - before).toBe(1);
    expect(world.deadLetters().at(before)?.reason).toBeUndefined();
    await world.tick(minutes.next());
    await app.ends({ kills, deadLetters: before + 1 });
  });

  it("holds up no neighbour: another repository is deployed meanwhile", async () => {
    const before = world.deadLetters().length;
    const neighbour = await startScenario(world, { repository: "ada/neighbour", object: "neighbour" });
    const fn = world.fn("source");
    const killer = world.cluster().api?.fault({
      when: ({ by, target }) => by === "source" && target.includes("gitrepositories/flux-system/app"),
      effect: { kind: "do", when: "before", act: () => fn.kill("busy") },
    });
    await app.push(next());
    await world.settle();
    await neighbour.push({ n: "1" });
    await world.settle();
    const there = world.cluster().sandbox?.store.get({ group: "", plural: "configmaps" }, "default", "n");
    expect(there).toMatchObject({ data: { value: "1" } });
    killer?.();
    await app.ends({ kills: 5, deadLetters: before });
  });
});
