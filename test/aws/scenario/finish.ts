import { setTimeout as delay } from "node:timers/promises";
import { nameOf, QUEUE_NAMES } from "../world/queues.ts";
import type { AwsWorld } from "../world.ts";

/** A look that is put off for longer than that is not waited for. */
const SOON_MS = 20_000;

/**
 * Waits until everything is done that is to be done soon. Messages that are hidden, since their function was killed or put them off, are let go at once:
 * what would take minutes on AWS takes none here.
 */
export async function finish(world: AwsWorld, limitMs = 90_000): Promise<void> {
  const until = performance.now() + limitMs;
  for (;;) {
    await world.settle();
    // What is told of a run goes on by itself: the topic, then the queue of deliveries.
    await world.aws.settled();
    if (performance.now() > until) throw new Error(`not finished after ${limitMs} ms: ${JSON.stringify(left(world))}`);
    world.release();
    if (left(world).length === 0 && world.aws.lambda.throttled() === 0) return;
    await delay(50);
  }
}

const left = ({ aws }: AwsWorld): readonly { readonly queue: string; readonly inFlight: boolean; readonly body: string }[] =>
  QUEUE_NAMES.flatMap((queue) =>
    aws.sqs
      .messages(nameOf(queue))
      // One that is on its way to a function is not put off, however long it is hidden.
      .filter(({ visibleAt, inFlight }) => inFlight || visibleAt < aws.clock.now() + SOON_MS || !(queue === "later" || queue === "deliveries"))
      .map(({ inFlight, body }) => ({ queue, inFlight, body })),
  );
