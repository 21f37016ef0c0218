import { createHmac } from "node:crypto";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem } from "@sluice/engine/domain/work-item.ts";
import {
  ENV_APPLY_QUEUE,
  ENV_ARTIFACT_BUCKET,
  ENV_DEAD_LETTER_QUEUE,
  ENV_DELIVERY_QUEUE,
  ENV_LATER_QUEUE,
  ENV_SOURCE_QUEUE,
  ENV_WEBHOOK_SECRET,
} from "@sluice/platform/lambda/environment.ts";
import { writeDeliveryMessage } from "@sluice/platform/sqs/delivery-message.ts";
import { parseMessage, writeMessage } from "@sluice/platform/sqs/message.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createAws, type FakeAws } from "../../support/aws/create-aws.ts";
import { DELIVERY } from "../platform/sqs/delivery.ts";
import { ARRIVED, contextOf, httpEvent, queueEvent, topicEvent } from "./events.ts";

/** The handlers as they are deployed, over the AWS fake. */

let aws: FakeAws;
let arn: string;
let written: string[];

beforeAll(async () => {
  aws = await createAws();
  arn = aws.secrets.put("sluice/webhook", "canary-first");
  aws.s3.createBucket("artifacts");
  const queues = {
    [ENV_SOURCE_QUEUE]: aws.sqs.createQueue("source.fifo"),
    [ENV_APPLY_QUEUE]: aws.sqs.createQueue("apply.fifo"),
    [ENV_LATER_QUEUE]: aws.sqs.createQueue("later"),
    [ENV_DELIVERY_QUEUE]: aws.sqs.createQueue("deliveries"),
    [ENV_ARTIFACT_BUCKET]: "artifacts",
    [ENV_DEAD_LETTER_QUEUE]: aws.sqs.createQueue("later-dead"),
  };
  for (const [name, value] of Object.entries({ ...aws.environment(), ...queues, [ENV_WEBHOOK_SECRET]: arn })) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});
beforeEach(() => {
  written = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    written.push(String(line));
    return true;
  });
  return () => spy.mockRestore();
});

const bodiesIn = (queue: string): readonly string[] => aws.sqs.messages(queue).map(({ body }) => body);
const linesWritten = (): readonly unknown[] =>
  written
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("functions/webhook", () => {
  const PUSH = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: "https://github.com/o/r.git" } });
  const deliver = async (delivery: string, key = "canary-first"): Promise<number | undefined> => {
    const { handler } = await import("../../../functions/webhook/handler.ts");
    const signature = `sha256=${createHmac("sha256", key).update(PUSH).digest("hex")}`;
    const headers = { "x-github-event": "push", "x-github-delivery": delivery, "x-hub-signature-256": signature };
    return (await handler(httpEvent(PUSH, headers), contextOf("r-1"))).statusCode;
  };

  it("puts a push into the source queue, a replayed one once", async () => {
    expect([await deliver("d-1"), await deliver("d-1"), await deliver("d-2")]).toEqual([202, 202, 202]);
    const items = bodiesIn("source.fifo").map((body) => parseMessage(body));
    const push = { kind: "push", repository: "https://github.com/o/r.git", ref: "refs/heads/main", pushedAt: ARRIVED };
    expect(items).toEqual([
      { ok: true, value: { item: { ...push, delivery: "d-1" } } },
      { ok: true, value: { item: { ...push, delivery: "d-2" } } },
    ]);
    expect(aws.sqs.messages("source.fifo").map(({ groupId }) => groupId)).toEqual(Array(2).fill("push/*/https://github.com/o/r.git"));
    expect(linesWritten()).toMatchObject([{ msg: "invocation", coldStart: true, requestId: "r-1" }, { Push: 1 }, { coldStart: false }, { Push: 1 }, {}, {}]);
  });

  it("asks Secrets Manager once, not once for each delivery", async () => {
    const before = aws.calls.count("secretsmanager");
    expect(await deliver("d-3")).toBe(202);
    expect(aws.calls.count("secretsmanager")).toBe(before);
  });

  it("sends nothing for one that is forged", async () => {
    const before = bodiesIn("source.fifo").length;
    expect(await deliver("d-4", "other")).toBe(401);
    expect(bodiesIn("source.fifo")).toHaveLength(before);
    expect(written.join("")).not.toContain("canary");
  });
});

describe("functions/relay", () => {
  const look = (group: string, kind: string): ObjectItem => ({
    kind: "object",
    key: { cluster: "prod", group: `${group}.toolkit.fluxcd.io`, kind, namespace: "n", name: "a" },
    cause: "failed",
    look: "1",
    pushedAt: epochMs(5),
  });
  it("hands on what is due, delays again what is not, and puts aside what it cannot read", async () => {
    const { handler } = await import("../../../functions/relay/handler.ts");
    const long = epochMs(Date.parse("2100-01-01T00:00:00Z"));
    const bodies = [
      writeMessage(look("source", "GitRepository"), epochMs(7)),
      writeMessage(look("kustomize", "Kustomization"), epochMs(7)),
      writeMessage(look("kustomize", "Kustomization"), long),
      "{",
    ];
    const sources = bodiesIn("source.fifo").length;
    expect(await handler(queueEvent(bodies), contextOf("r-1"))).toEqual({ batchItemFailures: [] });
    expect(bodiesIn("source.fifo").slice(sources)).toEqual([bodies[0]]);
    expect(bodiesIn("apply.fifo")).toEqual([bodies[1]]);
    expect(bodiesIn("later")).toEqual([bodies[2]]);
    expect(aws.sqs.counts("later")).toMatchObject({ visible: 0, delayed: 1 });
    expect(aws.sqs.messages("later-dead").map(({ body, attributes }) => [body, JSON.stringify(attributes)])).toEqual([
      ["{", expect.stringContaining("expected a message as a JSON object")],
    ]);
  });
});

describe("functions/notify", () => {
  const asideIn = (): readonly (readonly unknown[])[] =>
    aws.sqs.messages("later-dead").map(({ body, attributes }) => [body, attributes["reason"]?.StringValue]);
  it("ends well whatever the topic says", async () => {
    const { handler } = await import("../../../functions/notify/handler.ts");
    await expect(handler(topicEvent("{"), contextOf("r-1"))).resolves.toBeUndefined();
    expect(linesWritten()).toMatchObject([{ msg: "message is no event" }, { msg: "invocation" }, { EventMalformed: 1 }]);
  });
  it("puts a delivery aside that it cannot read, and drops one to a cluster that is gone", async () => {
    const { handler } = await import("../../../functions/notify/handler.ts");
    expect(await handler(queueEvent(["{", writeDeliveryMessage(DELIVERY)]), contextOf("r-1"))).toEqual({ batchItemFailures: [] });
    expect(asideIn()).toContainEqual(["{", "expected a message as a JSON object"]);
    expect(linesWritten()).toEqual(expect.arrayContaining([expect.objectContaining({ msg: "no such cluster", cluster: "prod" })]));
  });
});

describe("functions/receiver", () => {
  it("answers 404 to a path that is no Receiver's, having asked the bucket and no cluster", async () => {
    const { handler } = await import("../../../functions/receiver/handler.ts");
    const path = `/hook/${"0".repeat(64)}`;
    const before = aws.calls.count("s3", "GetObject");
    expect(await handler({ ...httpEvent("{}", {}), rawPath: path }, contextOf("r-1"))).toMatchObject({ statusCode: 404 });
    expect(aws.calls.count("s3", "GetObject")).toBe(before + 1);
    expect(linesWritten().join("")).not.toContain(path);
  });
});
