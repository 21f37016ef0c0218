import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createForward } from "@sluice/platform/sqs/forward.ts";
import { writeMessage } from "@sluice/platform/sqs/message.ts";
import { createSqsQueue } from "@sluice/platform/sqs/queue.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createQueueWorld } from "../../../support/queue-world.ts";

let world: Awaited<ReturnType<typeof createQueueWorld>>;
beforeEach(async () => {
  world = await createQueueWorld();
});
afterEach(() => world.stop());

const clock = { now: () => epochMs(world.clock.now()) };
const queue = () => createSqsQueue({ client: world.client, urls: world.urls, clock, wait: async () => undefined });
const look = (name: string, look = "1"): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "n", name },
  cause: "test",
  look,
});
const push: WorkItem = { kind: "push", repository: "https://github.com/o/r", ref: "refs/heads/main", delivery: "d1" };
const counts = () => Object.fromEntries(["source.fifo", "apply.fifo", "sweep.fifo", "later"].map((name) => [name, world.aws.sqs.messages(name).length]));
const requests = () => world.aws.calls.count("sqs", "SendMessageBatch");

/** What it owes as every Queue does is in test/contract. */
describe("createSqsQueue", () => {
  it("sends what was sent in the same turn in shared requests, and what comes later in others", async () => {
    const sends = queue();
    await Promise.all(Array.from({ length: 12 }, (_, index) => sends.send(look(String(index)))));
    expect(requests()).toBe(2);
    await sends.send(look("a"));
    await sends.send(look("b"));
    expect(requests()).toBe(4);
    expect(counts()).toMatchObject({ "apply.fifo": 14 });
  });

  it("sends a look once in five minutes, a delivery too", async () => {
    const sends = queue();
    for (const item of [look("a"), look("a"), look("a", "2"), push, push]) await sends.send(item);
    expect(counts()).toMatchObject({ "apply.fifo": 2, "source.fifo": 1 });
    await world.clock.advance(5 * 60_000);
    await sends.send(look("a"));
    expect(counts()).toMatchObject({ "apply.fifo": 3 });
  });

  it("has sent a message when it says so", async () => {
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", times: 1, effect: { kind: "drop", when: "before" } });
    await queue().send(look("a"));
    expect(counts()).toMatchObject({ "apply.fifo": 1 });
  });

  it("fails the sends that failed, and those only", async () => {
    const denied = { kind: "fail", status: 403, code: "AccessDeniedException", message: "not allowed" } as const;
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", when: ({ QueueUrl }) => QueueUrl === world.urls.source, effect: denied });
    const sends = queue();
    const ends = await Promise.allSettled([sends.send(push), sends.send(look("a")), sends.send({ ...push, delivery: "d2" })]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
    await sends.send(look("b"));
    expect(counts()).toMatchObject({ "apply.fifo": 2, "source.fifo": 0 });
  });

  it("fails what this host does not send", async () => {
    const { sweep: _, ...urls } = world.urls;
    const sends = createSqsQueue({ client: world.client, urls, clock });
    await expect(sends.send({ kind: "cluster", cluster: "prod", since: epochMs(0), until: epochMs(1) })).rejects.toThrow("sends no sweeps");
  });
});

describe("createForward", () => {
  const forward = (bodies: readonly string[]) => createForward({ client: world.client, urls: world.urls, clock, wait: async () => undefined })(bodies);
  const fromNow = (milliseconds: number) => epochMs(world.clock.now() + milliseconds);

  it("hands on what is due, puts back what is not, and says what nobody can read", async () => {
    const ends = await forward([
      writeMessage(look("a"), fromNow(-1)),
      "no message",
      writeMessage(look("b"), fromNow(2_000_000)),
      writeMessage(push),
      writeMessage(look("c"), fromNow(0)),
      writeMessage({ kind: "cluster", cluster: "prod", since: epochMs(0), until: epochMs(1) }),
    ]);
    expect(ends).toEqual([
      { kind: "sent" },
      { kind: "malformed", problem: "expected a message as a JSON object" },
      { kind: "sent" },
      { kind: "sent" },
      { kind: "sent" },
      { kind: "malformed", problem: "no look at a whole cluster is put off" },
    ]);
    expect(counts()).toEqual({ "source.fifo": 1, "apply.fifo": 2, "sweep.fifo": 0, later: 1 });
    expect(world.aws.sqs.messages("later")[0]?.visibleAt).toBe(world.clock.now() + 900_000);
  });

  it("hands on a look that was put off once, however often it comes", async () => {
    const due = fromNow(-1);
    await forward([writeMessage(look("a", "1"), due), writeMessage(look("a", "1"), due)]);
    await forward([writeMessage(look("a", "2"), due)]);
    expect(counts()).toMatchObject({ "apply.fifo": 1 });
  });

  it("says which were not taken", async () => {
    const denied = { kind: "fail", status: 403, code: "AccessDeniedException", message: "not allowed" } as const;
    world.aws.faults.add({ service: "sqs", operation: "SendMessageBatch", when: ({ QueueUrl }) => QueueUrl === world.urls.source, effect: denied });
    const ends = await forward([writeMessage(push), "x", writeMessage(look("a"))]);
    expect(ends.map(({ kind }) => kind)).toEqual(["failed", "malformed", "sent"]);
  });
});
