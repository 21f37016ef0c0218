import { sendBatches } from "@sluice/platform/sqs/batches.ts";
import { postpone, putAside } from "@sluice/platform/sqs/dead-letters.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createQueueWorld } from "../../../support/queue-world.ts";

let world: Awaited<ReturnType<typeof createQueueWorld>>;
beforeEach(async () => {
  world = await createQueueWorld();
});
afterEach(() => world.stop());

async function received(queue: "apply" | "later", body = "bad") {
  const how = queue === "apply" ? ({ kind: "fifo", group: "prod/a", dedupe: "1" } as const) : ({ kind: "standard", delaySeconds: 0 } as const);
  await sendBatches(world.client, [{ url: world.urls[queue], body, how }]);
  const [message] = await world.receive(queue, 1);
  if (message === undefined) throw new Error("nothing was received");
  return message;
}
const aside = (queue: "apply" | "later", message: Awaited<ReturnType<typeof received>>, reason: string) =>
  putAside(world.client, {
    queueUrl: world.urls[queue],
    deadLetterUrl: queue === "apply" ? world.deadLetters.fifo : world.deadLetters.standard,
    message,
    reason,
  });

describe("putAside", () => {
  it.each([
    { queue: "apply", own: "apply.fifo", dead: "dead.fifo" },
    { queue: "later", own: "later", dead: "dead" },
  ] as const)("moves a message of $own, with the reason", async ({ queue, own, dead }) => {
    const message = await received(queue);
    await aside(queue, message, "item: expected an object, got nothing");
    expect(world.aws.sqs.messages(own)).toEqual([]);
    const [there] = await world.receive(dead, 10);
    expect(there).toMatchObject({ body: "bad", attributes: { reason: "item: expected an object, got nothing" } });
    expect(there?.group).toBe(message.group);
  });

  it.each<{ why: string; reason: string; bytes: number; want: string | undefined }>([
    { why: "a long reason is cut", reason: "r".repeat(5_000), bytes: 10, want: `${"r".repeat(999)}…` },
    { why: "an empty one is left out, since SQS refuses it", reason: " \n", bytes: 10, want: undefined },
    { why: "letters that SQS refuses are replaced", reason: "a\u0000b\uFFFF", bytes: 10, want: "a\uFFFDb\uFFFD" },
    { why: "a message that leaves no room goes without", reason: "because", bytes: 262_140, want: undefined },
    { why: "a token is not shown", reason: "Bearer k8s-aws-v1.abc", bytes: 10, want: "Bearer [secret]" },
  ])("$why", async ({ reason, bytes, want }) => {
    await aside("later", await received("later", "x".repeat(bytes)), reason);
    const [there] = await world.receive("dead", 1);
    expect(there?.body).toHaveLength(bytes);
    expect(there?.attributes["reason"]).toBe(want);
  });

  it("that was cut off in between is done again without harm", async () => {
    const message = await received("apply");
    world.aws.faults.add({ service: "sqs", operation: "DeleteMessage", times: 1, effect: { kind: "fail", status: 403, code: "AccessDeniedException" } });
    await expect(aside("apply", message, "r")).rejects.toThrow();
    await aside("apply", message, "r");
    expect(world.aws.sqs.messages("dead.fifo")).toHaveLength(1);
    expect(world.aws.sqs.messages("apply.fifo")).toEqual([]);
  });

  it("keeps the message where it is when the dead-letter queue does not take it", async () => {
    const message = await received("apply");
    world.aws.faults.add({ service: "sqs", operation: "SendMessage", effect: { kind: "fail", status: 403, code: "AccessDeniedException" } });
    await expect(aside("apply", message, "r")).rejects.toThrow();
    expect(world.aws.sqs.messages("apply.fifo")).toHaveLength(1);
  });

  it("does not mind that our hold on the message ran out", async () => {
    const message = await received("apply");
    await world.release("apply", message.receipt);
    await world.receive("apply", 1);
    await aside("apply", message, "r");
    expect(world.aws.sqs.messages("dead.fifo")).toHaveLength(1);
  });
});

describe("postpone", () => {
  it.each([
    { seconds: 4, after: 3_999, back: 0 },
    { seconds: 4, after: 4_000, back: 1 },
    { seconds: 0.2, after: 1_000, back: 1 },
    { seconds: -1, after: 0, back: 1 },
  ])("lets a message come back after $seconds s: $back after $after ms", async ({ seconds, after, back }) => {
    const { receipt } = await received("apply");
    await postpone(world.client, world.urls.apply, receipt, seconds);
    await world.clock.advance(after);
    expect(await world.receive("apply", 1)).toHaveLength(back);
  });

  it("holds up its group for that long, and no other", async () => {
    const { receipt } = await received("apply");
    await sendBatches(
      world.client,
      ["prod/a", "prod/b"].map((group) => ({ url: world.urls.apply, body: group, how: { kind: "fifo" as const, group, dedupe: group } })),
    );
    await postpone(world.client, world.urls.apply, receipt, 30);
    expect((await world.receive("apply", 10)).map(({ body }) => body)).toEqual(["prod/b"]);
    await world.clock.advance(30_000);
    expect((await world.receive("apply", 1)).map(({ body }) => body)).toEqual(["bad"]);
  });

  it.each(["gone", "somebody else's"])("does not mind a message that is %s", async (what) => {
    const { receipt } = await received("apply");
    if (what === "gone") await world.remove("apply", receipt);
    else {
      await world.release("apply", receipt);
      await world.receive("apply", 1);
    }
    await postpone(world.client, world.urls.apply, receipt, 5);
  });

  it("throws what is no such thing", async () => {
    world.aws.faults.add({
      service: "sqs",
      operation: "ChangeMessageVisibility",
      effect: { kind: "fail", status: 403, code: "AccessDeniedException", message: "no" },
    });
    await expect(postpone(world.client, world.urls.apply, "x", 5)).rejects.toThrow("no");
  });
});
