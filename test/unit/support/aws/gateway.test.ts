import { Sha256 } from "@aws-crypto/sha256-js";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import type { Effect } from "../../../support/aws/faults.ts";

let clock: VirtualClock;
let aws: FakeAws;
let queue: string;
beforeEach(async () => {
  clock = createVirtualClock();
  aws = await createAws({ clock });
  aws.s3.createBucket("b");
  queue = aws.sqs.createQueue("q");
});
afterEach(() => aws.stop());

const put = (more: object = {}) => new S3Client({ ...aws.client, maxAttempts: 1, ...more }).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }));
const send = (more: object = {}) =>
  new SQSClient({ ...aws.client, maxAttempts: 1, ...more }).send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "x" }));

describe("who may come in", () => {
  it.each([
    { method: "GET", path: "/b/k" },
    { method: "POST", path: "/" },
  ])("$method $path without a signature is refused", async ({ method, path }) => {
    expect((await fetch(aws.url + path, { method })).status).toBe(403);
  });

  it.each([
    {
      what: "an unknown key",
      credentials: () => ({ accessKeyId: "AKIANOBODY", secretAccessKey: "x" }),
      s3: "InvalidAccessKeyId",
      sqs: "UnrecognizedClientException",
    },
    {
      what: "a wrong secret",
      credentials: () => ({ ...aws.credentials, secretAccessKey: "x" }),
      s3: "SignatureDoesNotMatch",
      sqs: "InvalidSignatureException",
    },
    {
      what: "a key that ran out",
      credentials: () => aws.credentialsOf("arn:aws:iam::000000000000:role/r", "s", 0),
      s3: "ExpiredToken",
      sqs: "ExpiredTokenException",
    },
  ])("$what: S3 says $s3, SQS $sqs", async ({ credentials, s3, sqs }) => {
    await expect(put({ credentials: credentials() })).rejects.toMatchObject({ name: s3 });
    await expect(send({ credentials: credentials() })).rejects.toMatchObject({ name: sqs });
    expect(aws.calls.count()).toBe(0);
  });

  it("a body that was changed on its way is refused", async () => {
    const signer = new SignatureV4({ service: "s3", region: "eu-central-1", credentials: aws.credentials, sha256: Sha256, uriEscapePath: false });
    const { hostname, port } = new URL(aws.url);
    const signed = await signer.sign({
      method: "PUT",
      protocol: "http:",
      hostname,
      path: "/b/k",
      headers: { host: `${hostname}:${port}` },
      body: "right",
      query: {},
    });
    const { host: _, ...headers } = signed.headers;
    const answers = await Promise.all(["wrong", "right"].map((body) => fetch(`${aws.url}/b/k`, { method: "PUT", headers, body })));
    expect(answers.map(({ status }) => status)).toEqual([400, 200]);
  });

  it("a presigned URL of S3 is good until it expires", async () => {
    aws.s3.put("b", "k", Buffer.from("x"));
    const signer = new SignatureV4({
      service: "s3",
      region: "eu-central-1",
      credentials: aws.credentials,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const { hostname, port } = new URL(aws.url);
    const host = `${hostname}:${port}`;
    const signed = await signer.presign(
      { method: "GET", protocol: "http:", hostname, path: "/b/k", headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, query: {} },
      { expiresIn: 60, signingDate: new Date(clock.now()) },
    );
    const query = new URLSearchParams(Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]));
    const get = async () => (await fetch(`${aws.url}/b/k?${query}`)).status;
    expect(await get()).toBe(200);
    await clock.advance(61_000);
    expect(await get()).toBe(403);
  });

  it("a service of its own account sees its own things only", async () => {
    const credentials = aws.credentialsOf("arn:aws:iam::111122223333:role/r");
    expect((await new STSClient({ ...aws.client, credentials }).send(new GetCallerIdentityCommand({}))).Account).toBe("111122223333");
  });
});

describe("faults", () => {
  const cases: readonly { effect: Effect; s3: string; sqs: string; stored: boolean }[] = [
    { effect: { kind: "fail", status: 500, code: "InternalError" }, s3: "InternalError", sqs: "InternalError", stored: false },
    { effect: { kind: "throttle" }, s3: "SlowDown", sqs: "ThrottlingException", stored: false },
    { effect: { kind: "drop", when: "before" }, s3: "Error", sqs: "Error", stored: false },
    { effect: { kind: "drop", when: "after" }, s3: "Error", sqs: "Error", stored: true },
  ];
  it.each(cases)("$effect.kind $effect.when", async ({ effect, s3, sqs, stored }) => {
    for (const service of ["s3", "sqs"]) aws.faults.add({ service, effect, times: 1 });
    await expect(put()).rejects.toMatchObject({ name: expect.stringContaining(s3) });
    await expect(send()).rejects.toMatchObject({ name: expect.stringContaining(sqs) });
    expect([aws.s3.keys("b").length, aws.sqs.messages("q").length]).toEqual(stored ? [1, 1] : [0, 0]);
    await put();
    await send();
  });

  it("a delay goes by the clock", async () => {
    aws.faults.add({ service: "s3", effect: { kind: "delay", ms: 5000 } });
    let done = false;
    const request = put().then(() => {
      done = true;
    });
    while (aws.calls.count("s3") === 0) await new Promise(setImmediate);
    await clock.advance(4999);
    expect([done, aws.s3.keys("b")]).toEqual([false, []]);
    await clock.advance(1);
    await request;
    expect(aws.s3.keys("b")).toEqual(["k"]);
  });

  it("a lie changes the answer only", async () => {
    aws.s3.put("b", "k", Buffer.from("truth"));
    aws.faults.add({
      service: "s3",
      operation: "GetObject",
      effect: { kind: "lie", answer: (truth) => ({ ...truth, headers: { "content-length": "3" }, body: "lie" }) },
    });
    const got = await new S3Client(aws.client).send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
    expect([await got.Body?.transformToString(), aws.s3.read("b", "k")?.toString()]).toEqual(["lie", "truth"]);
  });

  it("hit the operation, the input and the turn that they name", async () => {
    const remove = aws.faults.add({ service: "s3", operation: "PutObject", when: ({ Key }) => Key === "k", skip: 1, times: 1, effect: { kind: "throttle" } });
    await put();
    await expect(put()).rejects.toMatchObject({ name: "SlowDown" });
    await put();
    remove();
    aws.faults.add({ service: "s3", operation: "GetObject", effect: { kind: "throttle" } });
    await put();
  });

  it("hit the caller that they name", async () => {
    const credentials = aws.credentialsOf("arn:aws:iam::000000000000:role/sluice-apply");
    aws.faults.add({ service: "s3", when: (_, caller) => caller.includes(":assumed-role/sluice-apply/"), effect: { kind: "throttle" } });
    await put();
    await expect(put({ credentials })).rejects.toMatchObject({ name: "SlowDown" });
  });

  it("a retry of the SDK gets through a throttle", async () => {
    aws.faults.add({ service: "sqs", effect: { kind: "throttle" }, times: 1 });
    await send({ maxAttempts: 2 });
    expect(aws.calls.all("sqs").map(({ problem, status }) => problem ?? status)).toEqual(["ThrottlingException", 200]);
  });
});

describe("the log of calls", () => {
  it("says who asked for what, when, and how it ended; reads and writes apart", async () => {
    await put();
    await expect(new S3Client(aws.client).send(new GetObjectCommand({ Bucket: "b", Key: "none" }))).rejects.toThrow();
    const [first, second] = aws.calls.all("s3");
    expect(first).toMatchObject({
      at: clock.now(),
      operation: "PutObject",
      input: { Bucket: "b", Key: "k" },
      status: 200,
      caller: "arn:aws:iam::000000000000:user/tester",
    });
    expect(second).toMatchObject({ operation: "GetObject", status: 404, problem: "NoSuchKey" });
    expect([aws.calls.count("s3"), aws.calls.writes("s3").length, aws.calls.count("sqs")]).toEqual([2, 1, 0]);
    aws.calls.clear();
    expect(aws.calls.count()).toBe(0);
  });
});

describe("what the fake does not know", () => {
  it.each<{ what: string; ask: () => Promise<unknown> }>([
    {
      what: "a header that would change what is done",
      ask: () => new S3Client(aws.client).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x", Tagging: "a=b" })),
    },
    {
      what: "an operation",
      ask: async () => new SQSClient(aws.client).send(new (await import("@aws-sdk/client-sqs")).ListQueueTagsCommand({ QueueUrl: queue })),
    },
  ])("$what is refused aloud", async ({ ask }) => {
    await expect(ask()).rejects.toMatchObject({ name: "NotInTheFake" });
  });
});
