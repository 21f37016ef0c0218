import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createWorkQueue } from "@sluice/platform/node/work-queue.ts";
import { createForward } from "@sluice/platform/sqs/forward.ts";
import { parseMessage } from "@sluice/platform/sqs/message.ts";
import { createSqsQueue } from "@sluice/platform/sqs/queue.ts";
import { createQueueWorld } from "../support/queue-world.ts";
import { describeQueue, named } from "./queue.ts";

describeQueue("one process", async () => {
  let now = 1_000_000;
  const queue = createWorkQueue({ now: () => epochMs(now) }, { parallel: 20 });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (item: WorkItem): Promise<void> =>
    new Promise((done) => {
      begun.push(named(item));
      ends.set(named(item), done);
    });
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    queue,
    now: () => now,
    begun: async () => {
      queue.start(work);
      await turn();
      return begun;
    },
    end: async (name) => {
      ends.get(name)?.();
      await turn();
    },
    pass: async (milliseconds) => {
      now += milliseconds;
    },
    stop: async () => {
      for (const end of ends.values()) end();
      await queue.stop();
    },
  };
});

describeQueue("SQS", async () => {
  const world = await createQueueWorld();
  const clock = { now: () => epochMs(world.clock.now()) };
  const queue = createSqsQueue({ client: world.client, urls: world.urls, clock });
  const forward = createForward({ client: world.client, urls: world.urls, clock });
  const begun: string[] = [];
  const receipts = new Map<string, string>();

  async function relay(): Promise<void> {
    for (let batch = await world.receive("later", 10); batch.length > 0; batch = await world.receive("later", 10)) {
      await forward(batch.map(({ body }) => body));
      for (const { receipt } of batch) await world.remove("later", receipt);
    }
  }
  async function take(): Promise<void> {
    for (let [message] = await world.receive("apply", 1); message !== undefined; [message] = await world.receive("apply", 1)) {
      const parsed = parseMessage(message.body);
      if (!parsed.ok) throw new Error(parsed.problem);
      begun.push(named(parsed.value.item));
      receipts.set(named(parsed.value.item), message.receipt);
    }
  }
  return {
    queue,
    now: world.clock.now,
    begun: async () => {
      await relay();
      await take();
      return begun;
    },
    end: (name) => world.remove("apply", receipts.get(name) ?? ""),
    // Whoever forwards does so whenever something comes due, a quarter of an hour apart at most.
    pass: async (milliseconds) => {
      const until = world.clock.now() + milliseconds;
      for (let left = milliseconds; left > 0; left = until - world.clock.now()) {
        await relay();
        await world.clock.advance(Math.min(left, 900_000));
      }
    },
    stop: world.stop,
  };
});
