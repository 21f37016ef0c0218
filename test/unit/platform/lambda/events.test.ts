import { batchAnswer, parseHttpEvent, parseQueueEvent, parseSweepEvent, parseTopicEvent } from "@sluice/platform/lambda/events.ts";
import type { APIGatewayProxyEventV2, SNSEvent, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";

const http = (parts: Pick<APIGatewayProxyEventV2, "isBase64Encoded"> & { readonly body?: string }): APIGatewayProxyEventV2 => {
  const { isBase64Encoded, ...body } = parts;
  return {
    version: "2.0",
    routeKey: "POST /github",
    rawPath: "/github",
    rawQueryString: "",
    headers: { "x-a": "b" },
    requestContext: {
      accountId: "1",
      apiId: "a",
      domainName: "d",
      domainPrefix: "p",
      http: { method: "POST", path: "/github", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "GitHub-Hookshot" },
      requestId: "r",
      routeKey: "POST /github",
      stage: "$default",
      time: "t",
      timeEpoch: 0,
    },
    isBase64Encoded,
    ...body,
  };
};

describe("a request", () => {
  it.each<[string, APIGatewayProxyEventV2, readonly number[]]>([
    ["as text", http({ isBase64Encoded: false, body: "ä€" }), [0xc3, 0xa4, 0xe2, 0x82, 0xac]],
    ["in base64", http({ isBase64Encoded: true, body: "/wA=" }), [0xff, 0x00]],
    ["without a body", http({ isBase64Encoded: false }), []],
  ])("%s has its bytes", (_, event, want) => {
    const { headers, body } = parseHttpEvent(event);
    expect([...body]).toEqual(want);
    expect(headers).toEqual({ "x-a": "b" });
  });
});

const RECORD: SQSEvent["Records"][number] = {
  messageId: "m-1",
  receiptHandle: "h-1",
  body: "{}",
  attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1900000000123", SenderId: "s", ApproximateFirstReceiveTimestamp: "1900000000200" },
  messageAttributes: { reason: { dataType: "String", stringValue: "why" } },
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:eu-west-1:1:later",
  awsRegion: "eu-west-1",
};
const MESSAGE = { id: "m-1", body: "{}", receipt: "h-1", receives: 2, sentAt: 1900000000123, attributes: { reason: "why" } };

describe("messages", () => {
  it("of a standard queue", () => expect(parseQueueEvent({ Records: [RECORD] })).toEqual([MESSAGE]));
  it("of a FIFO queue have a group", () => {
    const record = { ...RECORD, attributes: { ...RECORD.attributes, MessageGroupId: "g" } };
    expect(parseQueueEvent({ Records: [record] })).toEqual([{ ...MESSAGE, group: "g" }]);
  });
  it("that come again are named in the answer", () => {
    expect(batchAnswer(["m-1", "m-2"])).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }, { itemIdentifier: "m-2" }] });
    expect(batchAnswer([])).toEqual({ batchItemFailures: [] });
  });
  it("of a topic", () => {
    const Sns: SNSEvent["Records"][number]["Sns"] = {
      SignatureVersion: "1",
      Timestamp: "2030-01-01T00:00:00.250Z",
      Signature: "",
      SigningCertUrl: "",
      MessageId: "m-2",
      Message: "text",
      MessageAttributes: {},
      Type: "Notification",
      UnsubscribeUrl: "",
      TopicArn: "arn",
    };
    const event = { Records: [{ EventVersion: "1.0", EventSubscriptionArn: "arn", EventSource: "aws:sns", Sns }] };
    expect(parseTopicEvent(event)).toEqual([{ id: "m-2", text: "text", publishedAt: Date.parse("2030-01-01T00:00:00.250Z") }]);
  });
});

describe("what the sweep is invoked by", () => {
  it("a tick has the time of the schedule", () => {
    expect(parseSweepEvent({ scheduledTime: "2030-01-01T00:01:00Z" })).toEqual({ kind: "tick", at: Date.parse("2030-01-01T00:01:00Z") });
  });
  it("messages of its queue", () => expect(parseSweepEvent({ Records: [RECORD] })).toEqual({ kind: "messages", messages: [MESSAGE] }));
  it.each(["", "<aws.scheduler.scheduled-time>"])("a tick of no time is an error: %j", (scheduledTime) => {
    expect(() => parseSweepEvent({ scheduledTime })).toThrow(/scheduledTime/);
  });
});
