import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Effect, Fault } from "../support/aws/faults.ts";
import type { Input } from "../support/aws/input.ts";
import { finish } from "./scenario/finish.ts";
import { createMinutes } from "./scenario/minutes.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { nameOf, type QueueName } from "./world/queues.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** What services of AWS do to a push, one after another; sandboxes begin cold, so that everything is asked anew. */
let world: AwsWorld;
let app: Scenario;
const minutes = createMinutes();
beforeAll(async () => {
  world = await createAwsWorld({ clusters: [{ name: "prod" }, { name: "other", account: "210987654321", region: "us-east-1" }] });
  app = await startScenario(world, { repository: "ada/app", source: { interval: "1m" }, spec: { retryInterval: "1m" } });
});
afterEach(() => world.aws.faults.clear());
afterAll(() => world?.stop());

const fail = (status: number, code: string): Effect => ({ kind: "fail", status, code });
const THROTTLE: Effect = { kind: "throttle" };
const LOST: Effect = { kind: "drop", when: "before" };
const UNHEARD: Effect = { kind: "drop", when: "after" };
const isTo =
  (queue: QueueName) =>
  (input: Input): boolean =>
    String(input["QueueUrl"]).endsWith(nameOf(queue));
const isBelow =
  (prefix: string) =>
  (input: Input): boolean =>
    String(input["Key"]).startsWith(prefix);
const goCold = (): void => {
  for (const one of world.functions()) one.kill("idle");
};

let round = 0;
const next = (): { readonly a: string } => ({ a: String(++round) });

describe("a push during", () => {
  it.each<{ readonly what: string; readonly faults: readonly Fault[] }>([
    { what: "S3 slows down", faults: [{ service: "s3", times: 6, effect: THROTTLE }] },
    { what: "S3 breaks", faults: [{ service: "s3", operation: "PutObject", times: 4, effect: fail(500, "InternalError") }] },
    { what: "S3 is slow", faults: [{ service: "s3", effect: { kind: "delay", ms: 150 } }] },
    {
      what: "S3 loses answers",
      faults: [
        { service: "s3", operation: "PutObject", times: 2, effect: UNHEARD },
        { service: "s3", operation: "GetObject", times: 2, effect: LOST },
      ],
    },
    {
      what: "somebody else wrote the artifact first",
      faults: [{ service: "s3", operation: "PutObject", when: isBelow("artifacts/"), times: 2, effect: fail(412, "PreconditionFailed") }],
    },
    {
      what: "somebody else writes the artifact now",
      faults: [{ service: "s3", operation: "PutObject", when: isBelow("artifacts/"), times: 2, effect: fail(409, "ConditionalRequestConflict") }],
    },
    {
      what: "renders cannot be kept",
      faults: [{ service: "s3", operation: "PutObject", when: isBelow("renders/"), times: 20, effect: fail(500, "InternalError") }],
    },
    {
      what: "SQS breaks",
      faults: [
        { service: "sqs", operation: "SendMessageBatch", times: 4, effect: fail(500, "InternalError") },
        { service: "sqs", operation: "ReceiveMessage", times: 4, effect: fail(500, "InternalError") },
      ],
    },
    {
      what: "SQS throttles",
      // Not oftener for the webhook: the SDK's pauses after four would outlast GitHub's patience, and a 500 would be right.
      faults: [
        { service: "sqs", operation: "SendMessageBatch", when: isTo("source"), times: 2, effect: THROTTLE },
        { service: "sqs", operation: "SendMessageBatch", when: isTo("apply"), times: 3, effect: THROTTLE },
      ],
    },
    {
      what: "SQS takes a message and its answer is lost",
      faults: [{ service: "sqs", operation: "SendMessageBatch", when: isTo("apply"), times: 2, effect: UNHEARD }],
    },
    { what: "SNS breaks", faults: [{ service: "sns", times: 6, effect: fail(500, "InternalError") }] },
    { what: "SNS is down", faults: [{ service: "sns", effect: fail(503, "ServiceUnavailable") }] },
    { what: "SNS refuses us", faults: [{ service: "sns", effect: fail(403, "AuthorizationError") }] },
    { what: "Secrets Manager throttles", faults: [{ service: "secretsmanager", times: 3, effect: THROTTLE }] },
    { what: "Secrets Manager breaks", faults: [{ service: "secretsmanager", times: 3, effect: fail(500, "InternalServiceError") }] },
    { what: "EKS throttles", faults: [{ service: "eks", times: 4, effect: THROTTLE }] },
    { what: "EKS breaks", faults: [{ service: "eks", times: 8, effect: fail(500, "ServerException") }] },
    { what: "STS throttles", faults: [{ service: "sts", times: 3, effect: THROTTLE }] },
    { what: "STS breaks", faults: [{ service: "sts", times: 8, effect: fail(503, "ServiceUnavailable") }] },
    {
      what: "the role of another account refuses us for a while",
      faults: [{ service: "sts", operation: "AssumeRole", times: 3, effect: fail(403, "AccessDenied") }],
    },
  ])("$what", async ({ faults }) => {
    goCold();
    const removes = faults.map((fault) => world.aws.faults.add(fault));
    await app.push(next());
    await finish(world);
    for (const remove of removes) remove();
    await app.ends();
  });
});

describe("Secrets Manager that does not answer at all", () => {
  it("makes the webhook refuse; GitHub delivers again, or the next tick sees to it", async () => {
    goCold();
    const remove = world.aws.faults.add({ service: "secretsmanager", effect: fail(500, "InternalServiceError") });
    await app.commit(next());
    const { payload } = await world.github.push("ada/app", {});
    const answer = await world.deliver(world.github.delivery("push", payload, world.secret));
    expect(answer).toEqual({ status: 500, text: "not taken, send it again\n" });
    remove();
    await app.commit(next());
    await world.tick(minutes.next());
    await app.ends();
  });

  it("keeps what it said before: a warm webhook goes on", async () => {
    await app.push(next());
    const remove = world.aws.faults.add({ service: "secretsmanager", effect: fail(500, "InternalServiceError") });
    await app.push(next());
    remove();
    await app.ends();
  });
});

describe("both live secrets", () => {
  it("are taken while one takes the other's place", async () => {
    const before = world.secret;
    const after = `webhook-secret-after-${round}`;
    world.aws.secrets.put("sluice-webhook", after);
    // One that is warm asks again 15 s after it last did, whoever makes it: see layers/platform/aws/kept.ts.
    goCold();
    for (const secret of [before, after]) {
      const { payload } = await world.github.push("ada/app", {});
      expect(await world.deliver(world.github.delivery("push", payload, secret))).toMatchObject({ status: 202 });
    }
    await app.push(next());
    await app.ends();
  });
});

describe("an artifact", () => {
  const artifactOf = (): string => {
    const source = world.cluster().sandbox?.store.get({ group: "source.toolkit.fluxcd.io", plural: "gitrepositories" }, "flux-system", "app");
    const key = /artifacts\/[0-9a-f]{64}\.tar\.gz/.exec(JSON.stringify(source?.["status"]))?.[0];
    if (key === undefined) throw new Error("no artifact");
    return key;
  };

  it.each<readonly [string, (key: string) => void]>([
    ["that is lost", (key) => world.aws.s3.remove(world.bucket, key)],
    ["that is damaged", (key) => world.aws.s3.put(world.bucket, key, Buffer.from("not what its name says"))],
    ["that is cut", (key) => world.aws.s3.put(world.bucket, key, world.aws.s3.read(world.bucket, key)?.subarray(0, 100) ?? Buffer.alloc(0))],
  ])("%s is fetched again when somebody needs it", async (_, spoil) => {
    goCold();
    const key = artifactOf();
    const good = world.aws.s3.read(world.bucket, key);
    for (const render of world.aws.s3.keys(world.bucket).filter((one) => one.startsWith("renders/"))) world.aws.s3.remove(world.bucket, render);
    spoil(key);
    for (const { spec } of world.clusters) await app.request(spec.name, "Kustomization");
    for (let minute = 0; minute < 3; minute++) {
      await world.tick(minutes.next());
      await finish(world);
    }
    expect(world.aws.s3.read(world.bucket, key)).toEqual(good);
    await app.ends();
  });

  it("whose bytes are damaged on the way is read again", async () => {
    const lie = world.aws.faults.add({
      service: "s3",
      operation: "GetObject",
      when: isBelow("artifacts/"),
      times: 1,
      effect: { kind: "lie", answer: (truth) => ({ ...truth, body: Buffer.from(truth.body).fill(0, 20, 60) }) },
    });
    await app.push(next());
    await finish(world);
    lie();
    for (let minute = 0; minute < 2; minute++) {
      await world.tick(minutes.next());
      await finish(world);
    }
    await app.ends();
  });
});
