import { type Outgoing, sendBatches } from "@sluice/platform/sqs/batches.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AwsAnswer } from "../../../support/aws/answer.ts";
import { createQueueWorld } from "../../../support/queue-world.ts";

let world: Awaited<ReturnType<typeof createQueueWorld>>;
beforeEach(async () => {
  world = await createQueueWorld();
});
afterEach(() => world.stop());

const fifo = (body: string, group = body): Outgoing => ({ url: world.urls.apply, body, how: { kind: "fifo", group, dedupe: body } });
const standard = (body: string, delaySeconds = 0): Outgoing => ({ url: world.urls.later, body, how: { kind: "standard", delaySeconds } });
const waits: number[] = [];
const send = async (messages: readonly Outgoing[]) => {
  waits.length = 0;
  const errors = await sendBatches(world.client, messages, { wait: async (milliseconds) => waits.push(milliseconds) });
  return errors.map((error) => error?.message);
};
const bodies = (queue: string): readonly string[] => world.aws.sqs.messages(queue).map(({ body }) => body);
const requests = () => world.aws.calls.count("sqs", "SendMessageBatch");

/** What SQS answers of a batch when it does not take some of it: those are not in the queue. */
const refusing = (ids: readonly string[], senderFault: boolean) => (truth: AwsAnswer) => {
  const { Successful } = JSON.parse(String(truth.body));
  const kept = Successful.filter(({ Id }: { Id: string }) => !ids.includes(Id));
  const Failed = ids.map((Id) => ({ Id, Code: senderFault ? "InvalidMessageContents" : "InternalError", Message: "no", SenderFault: senderFault }));
  return { ...truth, body: JSON.stringify({ Successful: kept, Failed }) };
};

describe("sendBatches", () => {
  it("sends many with few requests, each to its queue", async () => {
    const names = Array.from({ length: 23 }, (_, index) => `m${index}`);
    expect(await send([...names.map((name) => fifo(name)), ...names.slice(0, 5).map((name) => standard(name, 60))])).toEqual(Array(28).fill(undefined));
    expect(requests()).toBe(4);
    expect([...bodies("apply.fifo")].toSorted()).toEqual([...names].toSorted());
    expect(bodies("later")).toEqual(names.slice(0, 5));
    expect(world.aws.sqs.counts("later")).toMatchObject({ visible: 0, delayed: 5 });
  });

  it("keeps the order of a group within a request", async () => {
    await send(["a", "b", "c", "d"].map((body) => fifo(body, "one")));
    expect(bodies("apply.fifo")).toEqual(["a", "b", "c", "d"]);
  });

  it("asks nothing when there is nothing to send", async () => {
    expect(await send([])).toEqual([]);
    expect(requests()).toBe(0);
  });

  it("splits what is too large for one request", async () => {
    const large = Array.from({ length: 5 }, (_, index) => standard(`${index}${"x".repeat(400_000)}`));
    expect(await send(large)).toEqual(Array(5).fill(undefined));
    expect(requests()).toBe(3);
  });

  it("sends again what SQS did not take, and that only", async () => {
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", times: 2, effect: { kind: "lie", answer: refusing(["1"], false) } });
    expect(await send([standard("a"), standard("b"), standard("c")])).toEqual([undefined, undefined, undefined]);
    expect(world.aws.calls.all("sqs", "SendMessageBatch").map(({ input }) => JSON.stringify(input["Entries"]).match(/"MessageBody":"\w"/g)?.length)).toEqual([
      3, 1, 1,
    ]);
    expect(waits).toEqual([100, 200]);
  });

  it("gives up after a while", async () => {
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", effect: { kind: "lie", answer: refusing(["0"], false) } });
    expect(await send([standard("a"), standard("b")])).toEqual([`${world.urls.later}: InternalError no`, undefined]);
    expect(waits).toEqual([100, 200, 400, 800]);
  });

  it("does not send again what is our own fault", async () => {
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", effect: { kind: "lie", answer: refusing(["0"], true) } });
    expect(await send([standard("a"), standard("b")])).toEqual([`${world.urls.later}: InvalidMessageContents no`, undefined]);
    expect(requests()).toBe(1);
  });

  it.each<{ what: string; effect: Parameters<typeof world.aws.faults.add>[0]["effect"] }>([
    { what: "throttled", effect: { kind: "throttle" } },
    { what: "failing", effect: { kind: "fail", status: 503, code: "ServiceUnavailable" } },
    { what: "dropped", effect: { kind: "drop", when: "after" } },
  ])("is not stopped by a request that was $what once, nor does a FIFO queue have a message twice", async ({ effect }) => {
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", times: 1, effect });
    expect(await send([fifo("a"), fifo("b")])).toEqual([undefined, undefined]);
    expect(bodies("apply.fifo")).toEqual(["a", "b"]);
  });

  it("says of each message of a request that failed that it did, and sends the others", async () => {
    world.aws.faults.add({
      service: "sqs",
      operation: "SendMessageBatch",
      when: (input) => input["QueueUrl"] === world.urls.apply,
      effect: { kind: "fail", status: 403, code: "AccessDeniedException", message: "not allowed" },
    });
    expect(await send([fifo("a"), standard("b"), fifo("c")])).toEqual(["not allowed", undefined, "not allowed"]);
    expect(bodies("later")).toEqual(["b"]);
  });
});
