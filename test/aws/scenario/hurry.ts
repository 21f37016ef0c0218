import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parseDeliveryMessage, writeDeliveryMessage } from "@sluice/platform/sqs/delivery-message.ts";
import { nameOf } from "../world/queues.ts";
import type { AwsWorld } from "../world.ts";
import { finish } from "./finish.ts";

const DELIVERIES = nameOf("deliveries");
/** Longer than anybody holds a delivery that was lost with his process. */
const LEASE_MS = 120_000;

/**
 * Lets every notification come to its end, as if minutes had passed: attempts that are put off are made now, invocations that Lambda would try again are tried, and
 * whoever was killed at a delivery counts as lost.
 */
export async function hurry(world: AwsWorld, limitMs = 60_000): Promise<void> {
  const until = performance.now() + limitMs;
  for (;;) {
    await world.settle(limitMs);
    await world.aws.settled();
    world.release();
    const moved = await bringForward(world);
    const retried = world.aws.lambda.waiting();
    if (retried > 0) await world.retryNow();
    const { visible, inFlight, delayed } = world.aws.sqs.counts(DELIVERIES);
    if (moved + retried + visible + inFlight + delayed === 0) break;
    if (performance.now() > until) throw new Error(`not finished after ${limitMs} ms: ${JSON.stringify(world.aws.sqs.messages(DELIVERIES))}`);
  }
  await finish(world);
}

/** Of each message its copy, without what it waits for. */
async function bringForward({ aws, bucket }: AwsWorld): Promise<number> {
  const now = aws.clock.now();
  const waiting = aws.sqs.messages(DELIVERIES).filter(({ inFlight, visibleAt }) => !inFlight && visibleAt > now);
  if (waiting.length === 0) return 0;
  for (const key of aws.s3.keys(bucket).filter((one) => one.startsWith("notes/delivered/"))) aws.s3.age(bucket, key, LEASE_MS);
  const sqs = new SQSClient({ ...aws.client });
  for (const { id, body } of waiting) {
    const parsed = parseDeliveryMessage(body);
    if (!parsed.ok) throw new Error(`a message that is no delivery waits: ${parsed.problem}`);
    aws.sqs.take(DELIVERIES, id);
    await sqs.send(new SendMessageCommand({ QueueUrl: aws.sqs.url(DELIVERIES), MessageBody: writeDeliveryMessage(parsed.value.delivery) }));
  }
  sqs.destroy();
  return waiting.length;
}
