import type { APIGatewayProxyEventV2, Context, SNSEvent, SQSEvent } from "aws-lambda";

/** What Lambda hands to a function beside the event. */
export const contextOf = (awsRequestId: string): Context => ({
  awsRequestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: "sluice",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:1:function:sluice",
  memoryLimitInMB: "512",
  logGroupName: "g",
  logStreamName: "s",
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

export const ARRIVED = Date.parse("2030-01-01T00:00:00Z");

/** What API Gateway makes of a request to `POST /github`: names in lower case, text as it is, other bytes in base64. */
export function httpEvent(body: string | Uint8Array, headers: Readonly<Record<string, string>>): APIGatewayProxyEventV2 {
  const isBase64Encoded = typeof body !== "string";
  return {
    version: "2.0",
    routeKey: "POST /github",
    rawPath: "/github",
    rawQueryString: "",
    headers,
    requestContext: {
      accountId: "000000000000",
      apiId: "a",
      domainName: "a.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "a",
      http: { method: "POST", path: "/github", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "GitHub-Hookshot/1" },
      requestId: "q",
      routeKey: "POST /github",
      stage: "$default",
      time: "01/Jan/2030:00:00:00 +0000",
      timeEpoch: ARRIVED,
    },
    body: typeof body === "string" ? body : Buffer.from(body).toString("base64"),
    isBase64Encoded,
  };
}

/** A batch of a standard queue; the messages are `m-1`, `m-2` and so on. */
export const queueEvent = (bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index + 1}`,
    receiptHandle: `h-${index + 1}`,
    body,
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(ARRIVED), SenderId: "s", ApproximateFirstReceiveTimestamp: String(ARRIVED) },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:later",
    awsRegion: "eu-west-1",
  })),
});

export const topicEvent = (...messages: readonly string[]): SNSEvent => ({
  Records: messages.map((Message, index) => ({
    EventVersion: "1.0",
    EventSubscriptionArn: "arn:aws:sns:eu-west-1:000000000000:events:1",
    EventSource: "aws:sns",
    Sns: {
      SignatureVersion: "1",
      Timestamp: "2030-01-01T00:00:00.250Z",
      Signature: "",
      SigningCertUrl: "",
      MessageId: `m-${index + 1}`,
      Message,
      MessageAttributes: {},
      Type: "Notification",
      UnsubscribeUrl: "",
      TopicArn: "arn:aws:sns:eu-west-1:000000000000:events",
    },
  })),
});
