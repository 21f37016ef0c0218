import { epochMs } from "@sluice/engine/domain/time.ts";
import type { BatchAnswer, ReceivedMessage } from "@sluice/platform/lambda/events.ts";
import { isFifo, type QueueName, READERS } from "../aws/world/queues.ts";
import { AwsProblem } from "../support/aws/answer.ts";
import type { Message, Queue } from "../support/aws/sqs/queue.ts";
import type { Bill } from "./bill.ts";
import type { SimulatedFunction } from "./sandboxes.ts";
import type { Time } from "./time.ts";

/** What lies between a message in a queue and its function: a poller of Lambda's. Source: docs/performance.md. */
const PICKUP_MS = 30;

export type EventSource = {
  /** Something is to be had at that moment, as far as the sender knows. */
  expect(at: number): void;
};

export type EventSourceDeps = { readonly time: Time; readonly bill: Bill; readonly chance: () => number };

/**
 * Lambda reads a queue: batches to as many invocations at once as the stack allows. How full a batch is AWS does not promise, so it is 1 to the batch size, each
 * equally likely; of a FIFO queue one holds messages of several groups, too. Source: Lambda, "Using Lambda with Amazon SQS"; SQS, "FIFO delivery logic".
 */
export function createEventSource(
  { time, bill, chance }: EventSourceDeps,
  name: QueueName,
  { queue, fn, most }: { readonly queue: Queue; readonly fn: SimulatedFunction<readonly ReceivedMessage[], BatchAnswer>; readonly most: number },
): EventSource {
  const { batchSize } = READERS[name];
  const signal = new AbortController().signal;
  const request = (): void => bill.add(isFifo(name) ? "sqs fifo requests" : "sqs standard requests");
  let busy = 0;
  const expected = new Set<number>();

  async function poll(): Promise<void> {
    while (busy < most) {
      const messages = await queue.poll(1 + Math.floor(chance() * batchSize), undefined, 0, signal);
      if (messages.length === 0) return;
      request();
      busy++;
      const held = messages.map((message) => ({ ...message }));
      const end = await fn.invoke(messages.map(received));
      const again = new Set(end.kind === "answered" ? end.answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) : messages.map(({ id }) => id));
      time.at(end.endsAt, () => finish(held, again));
    }
  }

  function finish(messages: readonly Message[], again: ReadonlySet<string>): void {
    busy--;
    const done = messages.filter(({ id }) => !again.has(id));
    if (done.length > 0) request();
    for (const { receipt } of done) if (receipt !== undefined) remove(receipt);
    const next = queue.messages().filter(({ id }) => again.has(id));
    for (const { visibleAt } of next) expect(visibleAt);
    expect(time.now());
  }

  /** What took longer than its message was hidden for comes again, whatever it did. */
  function remove(receipt: string): void {
    try {
      queue.remove(receipt);
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      bill.add("late deletions");
    }
  }

  function expect(moment: number): void {
    const at = Math.ceil(moment) + PICKUP_MS;
    if (expected.has(at)) return;
    expected.add(at);
    time.at(at, async () => {
      expected.delete(at);
      await poll();
    });
  }

  return { expect };
}

const received = ({ id, body, receipt = "", receives, groupId, sentAt }: Message): ReceivedMessage => ({
  id,
  body,
  receipt,
  receives,
  ...(groupId !== undefined && { group: groupId }),
  sentAt: epochMs(sentAt),
  attributes: {},
});
