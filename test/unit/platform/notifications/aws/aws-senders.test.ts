import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { createAwsRequests } from "@sluice/platform/notifications/aws/aws-requests.ts";
import { sendToEventBridge } from "@sluice/platform/notifications/aws/eventbridge.ts";
import { sendToSns } from "@sluice/platform/notifications/aws/sns.ts";
import { sendToSqs } from "@sluice/platform/notifications/aws/sqs.ts";
import { deliveryKey } from "@sluice/platform/notifications/message/delivery-key.ts";
import type { Sender } from "@sluice/platform/notifications/sender.ts";
import { parseEventMessage } from "@sluice/platform/sns/event-message.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../../support/aws/create-aws.ts";
import { aNotification, NOW, worldOf } from "../../../../support/notifications/notification.ts";

let aws: FakeAws;
let requests: ReturnType<typeof createAwsRequests>;
beforeEach(async () => {
  aws = await createAws({ clock: createVirtualClock() });
  requests = createAwsRequests({ ...aws.client, maxAttempts: 1 });
});
afterEach(async () => {
  requests.close();
  await aws.stop();
});

const SENDERS = { sns: sendToSns, sqs: sendToSqs, eventbridge: sendToEventBridge } as const satisfies { readonly [Type in ProviderType]?: Sender };
type Type = keyof typeof SENDERS;
type Given = { readonly type: Type; readonly address: string; readonly channel?: string; readonly event?: Parameters<typeof aNotification>[0]["event"] };
const notification = ({ type, address, channel = "", event = {} }: Given) => aNotification({ provider: { type, address, channel }, event });
const send = (given: Given) => SENDERS[given.type](notification(given), worldOf({ aws: requests }));

const ATTRIBUTES = { cluster: "prod", kind: "Kustomization", namespace: "apps", name: "backend", severity: "error", reason: "HealthCheckFailed" };
const MESSAGE = {
  version: 1,
  id: "event-1",
  cluster: "prod",
  severity: "error",
  reason: "HealthCheckFailed",
  message: "health check failed",
  revision: "main@sha1:a1b2",
};
const parsed = (text: string) => {
  const message = parseEventMessage(text);
  return message.ok ? message.value : message.problem;
};
const values = (attributes: { readonly [name: string]: unknown }) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, isObject(value as Json) ? (value as { StringValue: string }).StringValue : value]),
  );

/** Where each type can send to, in the fake. */
const placeFor = (type: Type): string => {
  if (type === "sns") return aws.sns.createTopic("alerts");
  if (type === "eventbridge") return aws.events.createBus("alerts");
  aws.sqs.createQueue("alerts");
  return `https://sqs.${aws.region}.amazonaws.com/${aws.account}/alerts`;
};

describe("sns", () => {
  it("publishes what the installation's own topic has, with its attributes", async () => {
    const address = placeFor("sns");
    expect(await send({ type: "sns", address })).toEqual({ kind: "sent" });
    const [published] = aws.sns.published(address);
    expect(parsed(published?.message ?? "")).toMatchObject(MESSAGE);
    expect(values(published?.attributes ?? {})).toEqual(ATTRIBUTES);
  });

  it("publishes in the form of Amazon Q Developer where the channel says so", async () => {
    const address = placeFor("sns");
    expect(await send({ type: "sns", address, channel: "amazon-q" })).toEqual({ kind: "sent" });
    expect(JSON.parse(aws.sns.published(address)[0]?.message ?? "")).toMatchObject({
      version: "1.0",
      source: "custom",
      metadata: { threadId: "prod/Kustomization/apps/backend" },
    });
  });

  it("names a group and an id for a FIFO topic, the same for each attempt", async () => {
    const bodies: URLSearchParams[] = [];
    const world = worldOf({
      aws: (service, region) => ({
        send: async ({ body }) => {
          expect([service, region]).toEqual(["sns", "eu-west-1"]);
          bodies.push(new URLSearchParams(String(body)));
          return { status: 200, headers: {}, body: Buffer.from("") };
        },
      }),
    });
    const given = notification({ type: "sns", address: "arn:aws:sns:eu-west-1:123456789012:alerts.fifo" });
    await sendToSns(given, world);
    await sendToSns({ ...given, done: 1 }, world);
    for (const body of bodies)
      expect([body.get("MessageGroupId"), body.get("MessageDeduplicationId")]).toEqual(["prod/Kustomization/apps/backend", deliveryKey(given)]);
    expect(bodies).toHaveLength(2);
  });
});

describe("sqs", () => {
  it("puts the same into a queue", async () => {
    expect(await send({ type: "sqs", address: placeFor("sqs") })).toEqual({ kind: "sent" });
    const [message] = aws.sqs.messages("alerts");
    expect(parsed(message?.body ?? "")).toMatchObject(MESSAGE);
    expect(values(message?.attributes ?? {})).toEqual(ATTRIBUTES);
  });

  it("puts an event into a FIFO once, however often it is sent, and another one, too", async () => {
    aws.sqs.createQueue("alerts.fifo", { FifoQueue: "true" });
    const address = `https://sqs.${aws.region}.amazonaws.com/${aws.account}/alerts.fifo`;
    const name = "x".repeat(200);
    const involvedObject = { ...notification({ type: "sqs", address }).event.involvedObject, name };
    for (const id of ["event-1", "event-1", "event-2"]) expect(await send({ type: "sqs", address, event: { id, involvedObject } })).toEqual({ kind: "sent" });
    expect(aws.sqs.messages("alerts.fifo")).toHaveLength(2);
  });
});

describe("sqs of the installation itself", () => {
  it.each([
    "https://sqs.eu-west-1.amazonaws.com/123456789012/deliveries",
    "https://eu-west-1.queue.amazonaws.com/123456789012/deliveries",
    "https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com/123456789012/deliveries",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/deliveries?x=y#z",
  ])("is not written to: %s", async (address) => {
    const world = worldOf({
      ownQueues: ["https://sqs.eu-west-1.amazonaws.com/123456789012/other", "https://sqs.eu-west-1.amazonaws.com/123456789012/deliveries"],
    });
    expect(await sendToSqs(notification({ type: "sqs", address }), world)).toEqual({
      kind: "misconfigured",
      message: "address: the queue is one that Sluice itself works from",
    });
  });
});

describe("eventbridge", () => {
  it.each<{ by: string; address: (arn: string) => string }>([
    { by: "its ARN", address: (arn) => arn },
    { by: "its name, in our own region", address: () => "alerts" },
  ])("puts the event on the bus by $by", async ({ address }) => {
    expect(await send({ type: "eventbridge", address: address(placeFor("eventbridge")) })).toEqual({ kind: "sent" });
    const [put] = aws.events.put("alerts");
    expect(put).toMatchObject({ source: "sluice.prod", detailType: "Kustomization HealthCheckFailed", at: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(parsed(put?.detail ?? "")).toMatchObject(MESSAGE);
  });

  it("is refused when its entry is, though the call is not", async () => {
    const refused = { kind: "refused", message: "events PutEvents nowhere: InvalidArgument: EventBus does not exist." };
    expect(await send({ type: "eventbridge", address: "nowhere" })).toEqual(refused);
  });

  it.each(["ThrottlingException", "InternalFailure"])("is worth another attempt when its entry met %s", async (ErrorCode) => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: "later" }] };
    const world = worldOf({ aws: () => ({ send: async () => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }) }) });
    const problem = `${ErrorCode}: later`;
    expect(await sendToEventBridge(notification({ type: "eventbridge", address: "bus" }), world)).toEqual({
      kind: "unavailable",
      prefix: "",
      request: "events PutEvents bus",
      why: problem,
      problem,
      done: 0,
    });
  });
});

const OPERATIONS: { readonly [type in Type]: { readonly service: string; readonly operation: string } } = {
  sns: { service: "sns", operation: "Publish" },
  sqs: { service: "sqs", operation: "SendMessage" },
  eventbridge: { service: "events", operation: "PutEvents" },
};

describe.each(["sns", "sqs", "eventbridge"] as const)("%s", (type) => {
  it("is refused in AWS' words when the role may not", async () => {
    const address = placeFor(type);
    aws.faults.add({
      ...OPERATIONS[type],
      effect: { kind: "fail", status: 403, code: "AccessDenied", message: "User: arn:aws:sts::1:assumed-role/r/s is not authorized" },
    });
    expect(await send({ type, address })).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(
        /^(sns Publish|sqs SendMessage|events PutEvents) .*: AccessDenied: User: arn:aws:sts::1:assumed-role\/r\/s is not authorized$/,
      ),
    });
  });

  it.each<{ what: string; effect: Parameters<FakeAws["faults"]["add"]>[0]["effect"] }>([
    { what: "throttles", effect: { kind: "throttle" } },
    { what: "is broken", effect: { kind: "fail", status: 500, code: "InternalFailure", message: "oh" } },
    { what: "hangs up", effect: { kind: "drop", when: "before" } },
  ])("is worth another attempt when it $what", async ({ effect }) => {
    const address = placeFor(type);
    aws.faults.add({ ...OPERATIONS[type], effect });
    expect(await send({ type, address })).toMatchObject({ kind: "unavailable", prefix: "", request: expect.stringContaining(address), done: 0 });
  });

  it("fits whatever the event says", async () => {
    const event = { message: "😀<&".repeat(400_000), metadata: { big: "x".repeat(300_000) }, reason: "R".repeat(600) };
    expect(await send({ type, address: placeFor(type), event })).toEqual({ kind: "sent" });
  });
});

describe("addresses", () => {
  it.each<{ type: Type; address: string; channel?: string; want: string }>([
    { type: "sns", address: "", want: "address: expected the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>" },
    { type: "sns", address: "arn:aws:sns:x.evil.example/#-1:123456789012:a", want: "address: expected the ARN of an SNS topic" },
    { type: "sns", address: "arn:aws:sqs:eu-west-1:123456789012:a", want: "address: expected the ARN of an SNS topic" },
    { type: "sns", address: "arn:aws:sns:eu-west-1:123456789012:a", channel: "C1", want: 'channel: expected "amazon-q" or nothing, got "C1"' },
    { type: "sqs", address: "", want: "address: expected the URL of an SQS queue, https://sqs.<region>.amazonaws.com/<account>/<name>" },
    { type: "sqs", address: "https://evil.example/123456789012/a", want: "address: expected the URL of an SQS queue" },
    { type: "sqs", address: "https://sqs.eu-west-1.amazonaws.com/a", want: "address: expected the URL of an SQS queue" },
    { type: "eventbridge", address: "", want: "address: expected the ARN or the name of an EventBridge event bus" },
    { type: "eventbridge", address: "arn:aws:sns:eu-west-1:123456789012:a", want: "address: expected the ARN or the name of an EventBridge event bus" },
  ])("$type $address is none", async ({ type, address, channel, want }) => {
    const given = { type, address, ...(channel !== undefined && { channel }) };
    expect(await SENDERS[type](notification(given), worldOf())).toEqual({ kind: "misconfigured", message: expect.stringContaining(want) });
  });

  it.each<{ type: Type; address: string; region: string }>([
    { type: "sns", address: "arn:aws-us-gov:sns:us-gov-west-1:123456789012:a", region: "us-gov-west-1" },
    { type: "sqs", address: "https://sqs.ap-southeast-2.amazonaws.com/123456789012/a", region: "ap-southeast-2" },
    { type: "sqs", address: "https://eu-west-1.queue.amazonaws.com/123456789012/a", region: "eu-west-1" },
    { type: "sqs", address: "https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com/123456789012/a", region: "eu-west-1" },
    { type: "sqs", address: "http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/a", region: "eu-west-1" },
    { type: "eventbridge", address: "arn:aws:events:eu-west-1:123456789012:event-bus/team/a", region: "eu-west-1" },
    { type: "eventbridge", address: "default", region: "" },
  ])("$type $address is asked in $region", async ({ type, address, region }) => {
    const asked: string[] = [];
    const aws = (_: string, place: string) => {
      asked.push(place);
      return { send: async () => ({ status: 200, headers: {}, body: Buffer.from('{"Entries":[{"EventId":"1"}]}') }) };
    };
    expect(await SENDERS[type](notification({ type, address }), worldOf({ aws, now: () => NOW }))).toEqual({ kind: "sent" });
    expect(asked).toEqual([region]);
  });
});
