import { Sha256 } from "@aws-crypto/sha256-js";
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";

const ROLE = "arn:aws:iam::000000000000:role/r";

let clock: VirtualClock;
let aws: FakeAws;
beforeEach(async () => {
  clock = createVirtualClock();
  aws = await createAws({ clock });
});
afterEach(() => aws.stop());

/** A request to S3 that no SDK client would send, signed. */
async function toS3(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  query: Record<string, string> = {},
): Promise<string> {
  const signer = new SignatureV4({ service: "s3", region: "eu-central-1", credentials: aws.credentials, sha256: Sha256, uriEscapePath: false });
  const { hostname, port } = new URL(aws.url);
  const signed = await signer.sign({ method, protocol: "http:", hostname, path, headers: { ...headers, host: `${hostname}:${port}` }, body, query });
  const { host: _, ...own } = signed.headers;
  const response = await fetch(`${aws.url}${path}?${new URLSearchParams(query)}`, { method, headers: own, body });
  const code = /<Code>(\w+)/.exec(await response.text())?.[1];
  return `${response.status} ${code ?? ""}`.trim();
}

describe("S3: chunks with a trailer", () => {
  const chunked = (body: string, length = 3) => {
    const streaming = { "content-encoding": "aws-chunked", "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
    return toS3("PUT", "/b/k", { ...streaming, "x-amz-decoded-content-length": String(length), "x-amz-trailer": "x-amz-checksum-crc32" }, body);
  };
  // CRC32 of "abc" is NSRBwg==. Source: what the SDK sends for it.
  it.each([
    { what: "whole", body: "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n", want: "200" },
    { what: "another checksum", body: "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", want: "400 BadDigest" },
    { what: "no checksum", body: "3\r\nabc\r\n0\r\n\r\n", want: "400 MalformedTrailerError" },
    { what: "cut off", body: "3\r\nab", want: "400 IncompleteBody" },
    { what: "shorter than said", body: "2\r\nab\r\n0\r\nx-amz-checksum-crc32:nmBDuA==\r\n\r\n", want: "400 IncompleteBody" },
  ])("$what: $want", async ({ body, want }) => {
    aws.s3.createBucket("b");
    expect(await chunked(body)).toBe(want);
    expect(aws.s3.read("b", "k")?.toString()).toBe(want === "200" ? "abc" : undefined);
  });

  it("deleting many needs a checksum", async () => {
    aws.s3.createBucket("b");
    expect(await toS3("POST", "/b", {}, "<Delete><Object><Key>k</Key></Object></Delete>", { delete: "" })).toBe("400 InvalidRequest");
  });
});

describe("STS", () => {
  it("answers a presigned URL, in JSON when asked", async () => {
    const signer = new SignatureV4({
      service: "sts",
      region: "eu-central-1",
      credentials: aws.credentialsOf(ROLE, "me"),
      sha256: Sha256,
      applyChecksum: false,
    });
    const { hostname, port } = new URL(aws.url);
    const query = { Action: "GetCallerIdentity", Version: "2011-06-15" };
    const request = { method: "GET", protocol: "http:", hostname, path: "/", query, headers: { host: `${hostname}:${port}` } };
    const signed = await signer.presign(request, { expiresIn: 60, signingDate: new Date(clock.now()) });
    const url = `${aws.url}/?${new URLSearchParams(Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]))}`;
    const answer = await (await fetch(url, { headers: { accept: "application/json" } })).json();
    expect(answer).toMatchObject({ GetCallerIdentityResponse: { GetCallerIdentityResult: { Arn: "arn:aws:sts::000000000000:assumed-role/r/me" } } });
    expect((await fetch(url.replace("GetCallerIdentity", "AssumeRole"))).status).toBe(403);
  });

  it("refuses a role when told so", async () => {
    aws.sts.refuse(ROLE);
    const assume = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me" });
    await expect(new STSClient({ ...aws.client, maxAttempts: 1 }).send(assume)).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("SQS", () => {
  it.each([
    { what: "another region", more: () => ({ region: "us-east-1" }) },
    { what: "another account", more: () => ({ credentials: aws.credentialsOf("arn:aws:iam::111122223333:role/r") }) },
  ])("a queue is not there in $what", async ({ more }) => {
    aws.sqs.createQueue("q");
    await new SQSClient(aws.client).send(new GetQueueUrlCommand({ QueueName: "q" }));
    await expect(new SQSClient({ ...aws.client, ...more() }).send(new GetQueueUrlCommand({ QueueName: "q" }))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });

  it("a message of a FIFO does not overtake a delayed one of its group", async () => {
    const QueueUrl = aws.sqs.createQueue("q.fifo", { DelaySeconds: "10", ContentBasedDeduplication: "true" });
    const sqs = new SQSClient(aws.client);
    const receive = async () =>
      ((await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? []).map(({ Body }) => Body).join("");
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a", MessageGroupId: "g" }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "0" } }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "b", MessageGroupId: "g" }));
    const before = await receive();
    await clock.advance(10_000);
    expect([before, await receive()]).toEqual(["", "ab"]);
  });

  it.each([
    { kind: "standard", suffix: "", kept: false },
    { kind: "FIFO", suffix: ".fifo", kept: true },
  ])("the age of a dead letter: counted anew in a $kind queue: $kept", async ({ suffix, kept }) => {
    aws.sqs.createQueue(`dead${suffix}`, { MessageRetentionPeriod: "120" });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: aws.sqs.arn(`dead${suffix}`), maxReceiveCount: 1 });
    const QueueUrl = aws.sqs.createQueue(`q${suffix}`, { RedrivePolicy, VisibilityTimeout: "60" });
    const sqs = new SQSClient(aws.client);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", ...(suffix === "" ? {} : { MessageGroupId: "g", MessageDeduplicationId: "d" }) }));
    for (let turn = 0; turn < 2; turn += 1) {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      await clock.advance(60_000);
    }
    await clock.advance(1000);
    expect(aws.sqs.messages(`dead${suffix}`).length).toBe(kept ? 1 : 0);
  });
});

describe("CloudWatch Logs", () => {
  const DAY = 86_400_000;
  it.each([
    { what: "too old", days: [-15, -14.5], want: { tooOldLogEventEndIndex: 2 }, kept: 0 },
    { what: "partly too old", days: [-14.5, -13.9], want: { tooOldLogEventEndIndex: 1 }, kept: 1 },
    { what: "partly too new", days: [0, 0.5], want: { tooNewLogEventStartIndex: 1 }, kept: 1 },
    { what: "of today", days: [-0.5, 0], want: undefined, kept: 2 },
  ])("events $what", async ({ days, want, kept }) => {
    const logs = new CloudWatchLogsClient(aws.client);
    const names = { logGroupName: "g", logStreamName: "s" };
    await logs.send(new CreateLogGroupCommand(names));
    await logs.send(new CreateLogStreamCommand(names));
    const logEvents = days.map((day) => ({ timestamp: clock.now() + day * DAY, message: `${day}` }));
    expect((await logs.send(new PutLogEventsCommand({ ...names, logEvents }))).rejectedLogEventsInfo).toEqual(want);
    expect(aws.logs.messages("g").length).toBe(kept);
  });
});
