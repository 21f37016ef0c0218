import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAws, type FakeAws } from "../../../../support/aws/create-aws.ts";
import { type QueuePoller, type QueueSource, startQueuePoller } from "../../../../support/lambda/event-sources/queue-poller.ts";
import type { InvokeEnd, LambdaFunction } from "../../../../support/lambda/function.ts";

let aws: FakeAws;
let sqs: SQSClient;
let poller: QueuePoller | undefined;
beforeEach(async () => {
  aws = await createAws();
  sqs = new SQSClient({ ...aws.client });
});
afterEach(async () => {
  await poller?.stop();
  poller = undefined;
  sqs.destroy();
  await aws.stop();
});

/** A function that is given each batch as its bodies and says how it ends. */
const target = (end: (bodies: readonly string[], event: SQSEvent) => InvokeEnd | Promise<InvokeEnd>): LambdaFunction => ({
  name: "f",
  arn: "arn:aws:lambda:eu-central-1:000000000000:function:f",
  invoke: async (event) => {
    const given = parseEvent(event);
    return end(
      given.Records.map(({ body }) => body),
      given,
    );
  },
  kill: () => 0,
  running: () => 0,
  invocations: [],
  logs: [],
  onLog: () => undefined,
  stop: async () => undefined,
});
const parseEvent = (event: unknown): SQSEvent => JSON.parse(JSON.stringify(event));
const answered = (value: unknown = null): InvokeEnd => ({ kind: "answered", requestId: "", payload: JSON.stringify(value) });
const failed: InvokeEnd = { kind: "failed", requestId: "", error: { errorType: "Error", errorMessage: "no" } };

const start = (fn: LambdaFunction, queueUrl: string, more: Partial<QueueSource> = {}): void => {
  poller = startQueuePoller({ sqs, queueUrl, target: fn, region: aws.region, maximumConcurrency: 2, ...more });
};
const send = async (queueUrl: string, body: string, group?: string): Promise<void> => {
  const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `${group}/${body}` };
  const MessageAttributes = { reason: { DataType: "String", StringValue: `because ${body}` } };
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes, ...fifo }));
};
const standard = (): string => aws.sqs.createQueue("q", { VisibilityTimeout: "30" });
const fifo = (): string => aws.sqs.createQueue("q.fifo", { FifoQueue: "true", VisibilityTimeout: "30" });
/** Waits until `is` holds: the queue and its poller are real requests. */
const until = (is: () => boolean): Promise<void> => vi.waitFor(() => expect(is()).toBe(true), { timeout: 5_000, interval: 5 });

describe("a queue's event source mapping", () => {
  it("gives messages as Lambda does, and deletes them after an answer", async () => {
    const url = standard();
    await send(url, "a");
    const events: SQSEvent[] = [];
    start(
      target((_, event) => {
        events.push(event);
        return answered();
      }),
      url,
    );
    await until(() => aws.sqs.messages("q").length === 0 && events.length === 1);
    expect(events[0]?.Records).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: "a",
        attributes: expect.objectContaining({ ApproximateReceiveCount: "1", SentTimestamp: expect.any(String), SenderId: expect.any(String) }),
        messageAttributes: { reason: { stringValue: "because a", stringListValues: [], binaryListValues: [], dataType: "String" } },
        md5OfBody: "0cc175b9c0f1b6a831c399e269772661",
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: "aws:sqs",
        eventSourceARN: aws.sqs.arn("q"),
        awsRegion: aws.region,
      },
    ]);
  });

  it("leaves the whole batch hidden when the function fails", async () => {
    const url = standard();
    await send(url, "a");
    start(
      target(() => failed),
      url,
    );
    await until(() => poller?.batches.length === 1);
    expect(aws.sqs.counts("q")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    expect(poller?.batches[0]).toMatchObject({ done: [], failed: [expect.any(String)], error: "Error: no" });
  });

  it("brings a message again once its time is up, counted", async () => {
    const url = standard();
    await send(url, "a");
    const counts: (string | undefined)[] = [];
    start(
      target((_, event) => {
        counts.push(event.Records[0]?.attributes.ApproximateReceiveCount);
        return counts.length === 1 ? failed : answered();
      }),
      url,
    );
    await until(() => poller?.batches.length === 1);
    for (const { id } of aws.sqs.messages("q")) aws.sqs.release("q", id);
    await until(() => aws.sqs.messages("q").length === 0);
    expect(counts).toEqual(["1", "2"]);
  });

  it("deletes of a batch what was not reported as failed", async () => {
    const url = fifo();
    for (const body of ["a", "b", "c"]) await send(url, body, "g");
    start(
      target((bodies, event) =>
        answered({ batchItemFailures: event.Records.filter((_, at) => bodies[at] !== "a").map(({ messageId }) => ({ itemIdentifier: messageId })) }),
      ),
      url,
      { reportBatchItemFailures: true },
    );
    await until(() => poller?.batches.length === 1);
    expect(aws.sqs.messages("q.fifo").map(({ body }) => body)).toEqual(["b", "c"]);
  });

  it("keeps the order within a group, one batch of it at a time, groups side by side", async () => {
    const url = fifo();
    for (const body of ["1", "2", "3", "4"]) for (const group of ["g", "h"]) await send(url, `${group}${body}`, group);
    const seen: string[] = [];
    const running = new Map<string, number>();
    let most = 0;
    start(
      target(async (bodies) => {
        const group = bodies[0]?.[0] ?? "";
        running.set(group, (running.get(group) ?? 0) + 1);
        most = Math.max(most, running.get(group) ?? 0);
        seen.push(...bodies);
        await new Promise((done) => setImmediate(done));
        running.set(group, (running.get(group) ?? 0) - 1);
        return answered();
      }),
      url,
      { batchSize: 1 },
    );
    await until(() => aws.sqs.messages("q.fifo").length === 0 && seen.length === 8);
    expect(seen.filter((body) => body.startsWith("g"))).toEqual(["g1", "g2", "g3", "g4"]);
    expect(seen.filter((body) => body.startsWith("h"))).toEqual(["h1", "h2", "h3", "h4"]);
    expect(most).toBe(1);
  });

  it("has no more batches with the function than it may", async () => {
    const url = standard();
    for (const body of ["a", "b", "c", "d"]) await send(url, body);
    const open: (() => void)[] = [];
    start(
      target(() => new Promise((done) => open.push(() => done(answered())))),
      url,
      { batchSize: 1, maximumConcurrency: 2 },
    );
    await until(() => open.length === 2);
    expect(aws.sqs.counts("q")).toMatchObject({ visible: 2, inFlight: 2 });
    expect(poller?.held()).toHaveLength(2);
    while (aws.sqs.messages("q").length > 0) {
      for (const end of open.splice(0)) end();
      await new Promise((done) => setImmediate(done));
    }
    await until(() => poller?.batches.length === 4);
  });

  it("asks again while the function is throttled", async () => {
    const url = standard();
    await send(url, "a");
    let asked = 0;
    start(
      target(() => (++asked < 3 ? { kind: "throttled" } : answered())),
      url,
    );
    await until(() => poller?.batches.length === 1);
    expect(asked).toBe(3);
    expect(poller?.batches).toMatchObject([{ done: [expect.any(String)], failed: [] }]);
  });

  it("goes on when the queue does not answer for a while", async () => {
    const url = standard();
    aws.faults.add({ service: "sqs", times: 12, effect: { kind: "drop", when: "before" } });
    let got = 0;
    start(
      target((bodies) => {
        got += bodies.length;
        return answered();
      }),
      url,
    );
    await until(() => aws.calls.count("sqs") >= 12);
    await send(url, "a");
    await until(() => got === 1 && aws.sqs.messages("q").length === 0);
  });
});
