import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { type Outgoing, type SendOptions, sendBatches } from "./batches.ts";
import { type QueueUrls, routeOf } from "./route.ts";

export type SqsQueueOptions = SendOptions & { readonly client: SQSClient; readonly urls: QueueUrls; readonly clock: Clock };

type Waiting = { readonly message: Outgoing; readonly done: () => void; readonly failed: (error: Error) => void };

/**
 * Sends resolve once SQS has the message, so that nothing is lost when the sandbox is frozen right after. What is sent in the same turn goes in shared
 * requests: a caller with many items does not wait for one before it sends the next.
 */
export function createSqsQueue({ client, urls, clock, ...options }: SqsQueueOptions): Queue {
  let waiting: Waiting[] = [];

  async function flush(): Promise<void> {
    const now = waiting;
    waiting = [];
    const errors = await sendBatches(
      client,
      now.map(({ message }) => message),
      options,
    );
    for (const [index, { done, failed }] of now.entries()) {
      const error = errors[index];
      if (error === undefined) done();
      else failed(error);
    }
  }

  return {
    send: async (item, { notBefore } = {}) => {
      const message = routeOf(urls, item, notBefore, clock.now());
      return new Promise((done, failed) => {
        if (waiting.push({ message, done, failed }) === 1) setImmediate(() => void flush());
      });
    },
  };
}
