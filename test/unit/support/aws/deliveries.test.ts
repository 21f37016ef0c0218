import { createServer } from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsProblem } from "../../../support/aws/answer.ts";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import { FunctionError } from "../../../support/aws/lambda/lambda.ts";

const START = Date.UTC(2026, 10, 21, 9);
const MINUTE = 60_000;

type Invocation = { readonly at: number; readonly name: string; readonly event: unknown };

let clock: VirtualClock;
let aws: FakeAws;
let invocations: Invocation[];
let behaviour: (name: string, event: unknown) => unknown;
beforeEach(async () => {
  clock = createVirtualClock(START);
  invocations = [];
  behaviour = () => ({ done: true });
  aws = await createAws({
    clock,
    lambda: async (name, event) => {
      invocations.push({ at: (clock.now() - START) / 1000, name, event });
      return behaviour(name, event);
    },
  });
});
afterEach(() => aws.stop());

const invoke = (more: object = {}) =>
  new LambdaClient({ ...aws.client, maxAttempts: 1 }).send(new InvokeCommand({ FunctionName: "f", Payload: JSON.stringify({ a: 1 }), ...more }));
const fail = (error: Error) => () => {
  throw error;
};

describe("Lambda", () => {
  it.each([
    { what: "a value", act: () => ({ b: 2 }), error: undefined, payload: { b: 2 } },
    { what: "nothing", act: () => undefined, error: undefined, payload: null },
    { what: "an error", act: fail(new TypeError("no")), error: "Unhandled", payload: expect.objectContaining({ errorType: "TypeError", errorMessage: "no" }) },
    {
      what: "the runtime's words",
      act: fail(new FunctionError({ errorType: "Sandbox.Timedout" })),
      error: "Unhandled",
      payload: { errorType: "Sandbox.Timedout" },
    },
    {
      what: "more than 6 MB",
      act: () => "x".repeat(6_291_556),
      error: "Unhandled",
      payload: expect.objectContaining({ errorType: "Function.ResponseSizeTooLarge" }),
    },
    { what: "just 6 MB", act: () => "x".repeat(6_291_554), error: undefined, payload: "x".repeat(6_291_554) },
  ])("a function that gives $what", async ({ act, error, payload }) => {
    behaviour = act;
    const answer = await invoke();
    expect([answer.StatusCode, answer.FunctionError]).toEqual([200, error]);
    expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual(payload);
    expect(invocations).toEqual([{ at: 0, name: "f", event: { a: 1 } }]);
  });

  it.each([
    { what: "a function that is not there", problem: new AwsProblem("ResourceNotFoundException", "no", { status: 404 }) },
    { what: "a throttled one", problem: new AwsProblem("TooManyRequestsException", "no", { status: 429 }) },
  ])("$what", async ({ problem }) => {
    behaviour = fail(problem);
    await expect(invoke()).rejects.toMatchObject({ name: problem.code, $metadata: { httpStatusCode: problem.status } });
  });

  it.each([
    { type: "RequestResponse" as const, bytes: 6 * 1024 * 1024 },
    { type: "Event" as const, bytes: 1024 * 1024 },
  ])("$type takes $bytes bytes and no more", async ({ type, bytes }) => {
    const payload = (size: number) => ({ InvocationType: type, Payload: JSON.stringify("x".repeat(size - 2)) });
    await invoke(payload(bytes));
    await expect(invoke(payload(bytes + 1))).rejects.toMatchObject({ name: "RequestTooLargeException" });
  });

  it("an asynchronous invocation is answered at once and done twice more when the function fails, after one and two minutes", async () => {
    behaviour = fail(new Error("no"));
    expect((await invoke({ InvocationType: "Event" })).StatusCode).toBe(202);
    await aws.settled();
    expect([aws.lambda.waiting(), aws.lambda.throttled()]).toEqual([1, 0]);
    await clock.advance(60 * MINUTE);
    expect(aws.lambda.waiting()).toBe(0);
    expect(invocations.map(({ at }) => at)).toEqual([0, 60, 180]);
    expect(aws.lambda.discarded()).toEqual([{ functionName: "f", event: { a: 1 }, why: "no" }]);
  });

  it("when it is throttled, again with growing pauses for six hours", async () => {
    behaviour = fail(new AwsProblem("TooManyRequestsException", "busy", { status: 429 }));
    await invoke({ InvocationType: "Event" });
    await aws.settled();
    expect([aws.lambda.waiting(), aws.lambda.throttled()]).toEqual([1, 1]);
    await clock.advance(7 * 60 * MINUTE);
    expect(invocations.slice(0, 5).map(({ at }) => at)).toEqual([0, 1, 3, 7, 15]);
    expect(invocations.at(-1)?.at).toBeLessThanOrEqual(6 * 3600);
    expect([aws.lambda.discarded().length, aws.lambda.throttled()]).toEqual([1, 0]);
  });
});

describe("SNS", () => {
  const publish = (topic: string, Message = "hello") =>
    new SNSClient(aws.client).send(new PublishCommand({ TopicArn: topic, Message, MessageAttributes: { a: { DataType: "String", StringValue: "v" } } }));

  it("gives a function an event with one record", async () => {
    const topic = aws.sns.createTopic("t");
    const arn = aws.sns.subscribe(topic, "lambda", "arn:aws:lambda:eu-central-1:000000000000:function:notify");
    const { MessageId } = await publish(topic);
    await aws.settled();
    const Sns = {
      Type: "Notification",
      MessageId,
      TopicArn: topic,
      Message: "hello",
      Subject: null,
      Timestamp: "2026-11-21T09:00:00.000Z",
      MessageAttributes: { a: { Type: "String", Value: "v" } },
    };
    expect(invocations).toMatchObject([
      { name: "notify", event: { Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: arn, Sns }] } },
    ]);
  });

  it("asks an HTTP endpoint first, and tries it again", async () => {
    const got: string[] = [];
    let refusals = 0;
    let confirmUrl = "";
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { SubscribeURL, Message } = JSON.parse(Buffer.concat(chunks).toString());
        if (SubscribeURL !== undefined) confirmUrl = SubscribeURL;
        refusals -= 1;
        got.push(`${request.headers["x-amz-sns-message-type"]} ${SubscribeURL === undefined ? Message : ""}`.trim());
        response.writeHead(refusals >= 0 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
    const topic = aws.sns.createTopic("t");
    const sns = new SNSClient(aws.client);
    const answer = await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "http", Endpoint: endpoint }));
    await aws.settled();
    await publish(topic, "before");
    const confirmed = await fetch(confirmUrl);
    refusals = 5;
    await publish(topic, "after");
    await aws.settled();
    await clock.advance(10_000);
    server.close();
    expect([answer.SubscriptionArn, confirmed.status]).toEqual(["pending confirmation", 200]);
    expect(got).toEqual(["SubscriptionConfirmation", ...Array.from({ length: 6 }, () => "Notification after")]);
  });

  it("does not try a queue again that is gone", async () => {
    const topic = aws.sns.createTopic("t");
    aws.sns.subscribe(topic, "sqs", "arn:aws:sqs:eu-central-1:000000000000:gone");
    await publish(topic);
    expect(aws.sns.undelivered()).toMatchObject([{ why: "The specified queue does not exist." }]);
  });

  it.each([
    { what: "a FIFO queue", protocol: "sqs", endpoint: "arn:aws:sqs:eu-central-1:000000000000:q.fifo", attributes: {} },
    { what: "raw messages for a function", protocol: "lambda", endpoint: "f", attributes: { RawMessageDelivery: "true" } },
    { what: "a filter that is no JSON", protocol: "sqs", endpoint: "q", attributes: { FilterPolicy: "{" } },
  ])("$what cannot be subscribed", async ({ protocol, endpoint, attributes }) => {
    const subscribe = new SubscribeCommand({ TopicArn: aws.sns.createTopic("t"), Protocol: protocol, Endpoint: endpoint, Attributes: attributes });
    await expect(new SNSClient(aws.client).send(subscribe)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("Scheduler", () => {
  const ARN = "arn:aws:lambda:eu-central-1:000000000000:function:sweep";
  const INPUT = '{"at":"<aws.scheduler.scheduled-time>"}';
  const ticks = () => invocations.map(({ at, event }) => `${at} ${JSON.stringify(event)}`);
  const advance = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await clock.advance(MINUTE);
      await aws.settled();
    }
  };

  it("invokes each minute with the time that was meant", async () => {
    aws.scheduler.createSchedule("s", "rate(1 minute)", { arn: ARN, input: INPUT });
    await advance(3);
    aws.scheduler.deleteSchedule("s");
    await advance(3);
    expect(ticks()).toEqual(['60 {"at":"2026-11-21T09:01:00Z"}', '120 {"at":"2026-11-21T09:02:00Z"}', '180 {"at":"2026-11-21T09:03:00Z"}']);
  });

  it.each([
    { disturbance: { miss: 1 }, want: [120, 180] },
    { disturbance: { double: 1 }, want: [60, 60, 120, 180] },
    { disturbance: { lateMs: 30_000 }, want: [90, 150] },
  ])("with $disturbance", async ({ disturbance, want }) => {
    aws.scheduler.createSchedule("s", "rate(1 minute)", { arn: ARN, input: INPUT });
    aws.scheduler.disturb("s", disturbance);
    await advance(3);
    expect(invocations.map(({ at }) => at)).toEqual(want);
  });

  it("sends to a FIFO with its group, and notes what it cannot send", async () => {
    aws.sqs.createQueue("q.fifo", { ContentBasedDeduplication: "true" });
    aws.scheduler.createSchedule("s", "rate(1 minute)", { arn: aws.sqs.arn("q.fifo"), input: INPUT, messageGroupId: "g" });
    aws.scheduler.createSchedule("t", "rate(2 minutes)", { arn: aws.sqs.arn("q.fifo"), input: INPUT });
    await advance(2);
    expect(aws.sqs.messages("q.fifo").map(({ body, groupId }) => `${groupId} ${body}`)).toEqual([
      'g {"at":"2026-11-21T09:01:00Z"}',
      'g {"at":"2026-11-21T09:02:00Z"}',
    ]);
    expect(aws.scheduler.failures()).toEqual(["The request must contain the parameter MessageGroupId."]);
  });

  it("speaks the API", async () => {
    const signer = new SignatureV4({ service: "scheduler", region: "eu-central-1", credentials: aws.credentials, sha256: Sha256 });
    const { hostname, port } = new URL(aws.url);
    const ask = async (method: string, content?: object) => {
      const body = content === undefined ? "" : JSON.stringify(content);
      const signed = await signer.sign({
        method,
        protocol: "http:",
        hostname,
        path: "/schedules/s",
        headers: { host: `${hostname}:${port}` },
        body,
        query: {},
      });
      const { host: _, ...headers } = signed.headers;
      const response = await fetch(`${aws.url}/schedules/s`, { method, headers, ...(content === undefined ? {} : { body }) });
      return `${response.status} ${response.headers.get("x-amzn-errortype")}`;
    };
    const schedule = {
      ScheduleExpression: "rate(1 minute)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: ARN, RoleArn: "arn:aws:iam::000000000000:role/r", Input: INPUT },
    };
    const answers = [await ask("POST", schedule), await ask("POST", schedule), await ask("GET"), await ask("DELETE"), await ask("GET")];
    expect(answers).toEqual(["200 null", "409 ConflictException", "200 null", "200 null", "404 ResourceNotFoundException"]);
    expect(await ask("POST", { ...schedule, ScheduleExpression: "rate(1 week)" })).toBe("400 ValidationException");
  });
});
