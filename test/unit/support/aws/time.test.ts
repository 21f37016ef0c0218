import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";

const START = Date.UTC(2026, 10, 21, 9);

let clock: VirtualClock;
let aws: FakeAws;
beforeEach(async () => {
  clock = createVirtualClock(START);
  aws = await createAws({ clock });
});
afterEach(() => aws.stop());

describe("the virtual clock", () => {
  it("runs what falls due in order, each at its own time, and waits for it", async () => {
    const seen: string[] = [];
    clock.after(20, () => void seen.push(`b ${clock.now() - START}`));
    const cancel = clock.after(15, () => void seen.push("never"));
    clock.after(10, async () => {
      await Promise.resolve();
      seen.push(`a ${clock.now() - START}`);
      clock.after(5, () => void seen.push(`c ${clock.now() - START}`));
    });
    cancel();
    await clock.advance(30);
    expect([seen, clock.now() - START]).toEqual([["a 10", "c 15", "b 20"], 30]);
  });

  it("is what objects are dated by", async () => {
    aws.s3.createBucket("b");
    await clock.advance(5000);
    aws.s3.put("b", "k", Buffer.from("x"));
    const dated = async () => (await new S3Client(aws.client).send(new HeadObjectCommand({ Bucket: "b", Key: "k" }))).LastModified?.toISOString();
    expect(await dated()).toBe("2026-11-21T09:00:05.000Z");
    aws.s3.age("b", "k", 2000);
    expect(await dated()).toBe("2026-11-21T09:00:03.000Z");
  });
});

describe("long polling", () => {
  const poll = (QueueUrl: string, abortSignal?: AbortSignal) =>
    new SQSClient({ ...aws.client, maxAttempts: 1 }).send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }),
      abortSignal === undefined ? {} : { abortSignal },
    );
  const asked = async (): Promise<void> => {
    while (aws.calls.count("sqs", "ReceiveMessage") === 0) await new Promise(setImmediate);
  };
  const send = (QueueUrl: string, DelaySeconds?: number) =>
    new SQSClient(aws.client).send(new SendMessageCommand({ QueueUrl, MessageBody: "x", ...(DelaySeconds === undefined ? {} : { DelaySeconds }) }));

  it.each<{ what: string; act: (queue: string) => Promise<unknown>; want: number }>([
    { what: "a message that is sent", act: send, want: 1 },
    { what: "a delayed message that falls due", act: (queue) => send(queue, 10).then(() => clock.advance(10_000)), want: 1 },
    { what: "the end of the wait", act: () => clock.advance(20_000), want: 0 },
  ])("is answered by $what", async ({ act, want }) => {
    const queue = aws.sqs.createQueue("q");
    const answer = poll(queue);
    await asked();
    await act(queue);
    expect((await answer).Messages?.length ?? 0).toBe(want);
  });

  it("takes nothing for a client that has gone", async () => {
    const queue = aws.sqs.createQueue("q");
    const controller = new AbortController();
    const answer = poll(queue, controller.signal).catch(() => "gone");
    await asked();
    controller.abort();
    expect(await answer).toBe("gone");
    while (aws.calls.all("sqs", "ReceiveMessage")[0]?.status === undefined) await new Promise(setImmediate);
    await send(queue);
    expect(aws.sqs.counts("q")).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

describe("a standard queue that behaves badly", () => {
  it("gives a message again although it was deleted", async () => {
    const QueueUrl = aws.sqs.createQueue("q", { VisibilityTimeout: "30" });
    const sqs = new SQSClient(aws.client);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    aws.sqs.disturb("q", { lostDeletes: 1 });
    const take = async () => {
      const [message] = (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }))).Messages ?? [];
      if (message !== undefined) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return message?.Body;
    };
    const first = await take();
    await clock.advance(30_000);
    const second = await take();
    await clock.advance(30_000);
    expect([first, second, await take()]).toEqual(["x", "x", undefined]);
  });

  it("gives messages in another order, and early when released", async () => {
    const QueueUrl = aws.sqs.createQueue("q");
    const sqs = new SQSClient(aws.client);
    for (const MessageBody of "abc") await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    aws.sqs.disturb("q", { choose: (count) => count - 1 });
    const receive = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }))).Messages ?? [];
    const got = await receive();
    expect(got.map(({ Body }) => Body).join("")).toBe("cba");
    aws.sqs.release("q", got[0]?.MessageId ?? "");
    expect((await receive()).map(({ Body }) => Body)).toEqual(["c"]);
  });
});

it("what is taken out of a queue nobody gets", async () => {
  const QueueUrl = aws.sqs.createQueue("q");
  const sqs = new SQSClient(aws.client);
  for (const MessageBody of "ab") await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds: 60 }));
  aws.sqs.take("q", aws.sqs.messages("q")[0]?.id ?? "");
  await clock.advance(60_000);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["b"]);
});

describe("pages of logs", () => {
  it.each([
    { most: 2, emptyPages: false, want: ["1 2", "3 4", "5"] },
    { most: 3, emptyPages: true, want: ["", "1 2 3", "", "4 5"] },
  ])("at most $most, empty ones between: $emptyPages", async ({ most, emptyPages, want }) => {
    aws.logs.write("g", "s", ["1", "2", "3", "4", "5"]);
    aws.logs.paging({ most, emptyPages });
    const client = new CloudWatchLogsClient(aws.client);
    const pages: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(new FilterLogEventsCommand({ logGroupName: "g", nextToken }));
      pages.push((page.events ?? []).map(({ message }) => message).join(" "));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual(want);
  });
});

describe("a role that may not list a bucket", () => {
  it("is told that a missing key is forbidden", async () => {
    aws.s3.createBucket("b", { mayList: false });
    const s3 = new S3Client({ ...aws.client, maxAttempts: 1 });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "b", Key: "none" }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});
