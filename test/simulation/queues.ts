import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Queue as QueuePort } from "@sluice/engine/ports/queue.ts";
import type { Outgoing } from "@sluice/platform/sqs/batches.ts";
import { type QueueUrls, routeOf } from "@sluice/platform/sqs/route.ts";
import { SIZES } from "../aws/world/functions.ts";
import { isFifo, QUEUE_NAMES, type QueueName, queueAttributes, READERS } from "../aws/world/queues.ts";
import { MARGIN_SECONDS } from "../aws/world.ts";
import { createQueue, type Message, type Queue } from "../support/aws/sqs/queue.ts";
import { withDefaults } from "../support/aws/sqs/queue-attributes.ts";
import type { Bill } from "./bill.ts";
import type { Time } from "./time.ts";
import type { Waits } from "./waits.ts";

/** The rules of SQS are those of the AWS fake; the queues are those of the stack. */
export type Queues = {
  readonly urls: Required<QueueUrls>;
  of(name: QueueName): Queue;
  /** Sends in as few requests as SQS takes, waiting for each. */
  send(messages: readonly Outgoing[]): Promise<void>;
  /** What a function sends by: that of one turn goes together, as platform/sqs/queue.ts has it. */
  createPort(): QueuePort;
  deadLetters(): readonly { readonly queue: QueueName; readonly body: string }[];
  putAside(name: QueueName, message: { readonly body: string }): void;
};

const urls = { source: "source", apply: "apply", sweep: "sweep", later: "later" } as const satisfies Required<QueueUrls>;
const nameOf = (url: string): QueueName => QUEUE_NAMES.find((name) => name === url) ?? "later";
const LARGEST_BATCH = 10;

export function createQueues(time: Time, waits: Waits, bill: Bill, onSent: (name: QueueName, at: number) => void): Queues {
  const dead: { queue: QueueName; body: string }[] = [];
  const create = (name: QueueName): Queue => {
    const attributes = withDefaults(queueAttributes(name, "dead", SIZES[READERS[name].fn].seconds + MARGIN_SECONDS), isFifo(name));
    return createQueue({
      clock: time,
      name: isFifo(name) ? `${name}.fifo` : name,
      arn: `arn:aws:sqs:us-east-1:123456789012:${name}`,
      attributes: () => attributes,
      findByArn: () => ({ accept: ({ body }: Message) => void dead.push({ queue: name, body }) }),
    });
  };
  const queues = { source: create("source"), apply: create("apply"), sweep: create("sweep"), later: create("later"), deliveries: create("deliveries") };

  async function send(messages: readonly Outgoing[]): Promise<void> {
    const byQueue = Object.values(Object.groupBy(messages, ({ url }) => url)).flatMap((of) => (of === undefined ? [] : [of]));
    const requests = byQueue.flatMap((of) =>
      Array.from({ length: Math.ceil(of.length / LARGEST_BATCH) }, (_, index) => of.slice(index * LARGEST_BATCH, (index + 1) * LARGEST_BATCH)),
    );
    await Promise.all(
      requests.map(async (batch) => {
        const [first] = batch;
        if (first === undefined) return;
        bill.add(first.how.kind === "fifo" ? "sqs fifo requests" : "sqs standard requests");
        await waits.wait(waits.costs.sqs);
        // An invocation is simulated to its end before what else happens meanwhile: what it does to queues happens at its own time.
        const at = time.now();
        time.at(at, () => {
          for (const message of batch) put(message);
        });
      }),
    );
  }

  function put({ url, body, how }: Outgoing): void {
    const name = nameOf(url);
    const delay = how.kind === "standard" ? how.delaySeconds : undefined;
    queues[name].send(
      {
        body,
        attributes: {},
        delaySeconds: delay,
        groupId: how.kind === "fifo" ? how.group : undefined,
        dedupeId: how.kind === "fifo" ? how.dedupe : undefined,
        traceHeader: undefined,
      },
      "simulation",
    );
    bill.add(`messages ${name}`);
    onSent(name, time.now() + (delay ?? 0) * 1000);
  }

  return {
    urls,
    of: (name) => queues[name],
    send,
    createPort: () => {
      let waiting: { readonly message: Outgoing; readonly done: () => void }[] = [];
      const flush = async (): Promise<void> => {
        const now = waiting;
        waiting = [];
        await send(now.map(({ message }) => message));
        for (const { done } of now) done();
      };
      return {
        send: (item: WorkItem, { notBefore } = {}) =>
          new Promise((done) => {
            const message = routeOf(urls, item, notBefore, epochMs(time.now()));
            if (waiting.push({ message, done }) === 1) setImmediate(() => void flush());
          }),
      };
    },
    deadLetters: () => dead,
    putAside: (queue, { body }) => void dead.push({ queue, body }),
  };
}
