import { SQSClient } from "@aws-sdk/client-sqs";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createSqsDeliveries } from "@sluice/platform/sqs/deliveries.ts";
import { parseDeliveryMessage } from "@sluice/platform/sqs/delivery-message.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";
import { DELIVERY } from "./delivery.ts";

let aws: FakeAws;
let client: SQSClient;
let url: string;
const clock = createVirtualClock();
beforeEach(async () => {
  aws = await createAws({ clock });
  client = new SQSClient(aws.client);
  url = aws.sqs.createQueue("deliveries");
});
afterEach(async () => {
  client.destroy();
  await aws.stop();
});
const deliveries = () => createSqsDeliveries({ client, url, clock: { now: () => epochMs(clock.now()) }, wait: async () => undefined });

describe("deliveries on SQS", () => {
  it("wait for nothing unless they are told to", async () => {
    await deliveries().send(DELIVERY);
    expect(aws.sqs.messages("deliveries").map(({ body }) => parseDeliveryMessage(body))).toEqual([{ ok: true, value: { delivery: DELIVERY } }]);
    expect(aws.sqs.counts("deliveries")).toMatchObject({ visible: 1, delayed: 0 });
  });

  it.each([
    { after: -5000, seconds: 0 },
    { after: 1, seconds: 1 },
    { after: 2000, seconds: 2 },
    { after: 16_500, seconds: 17 },
    { after: 3_600_000, seconds: 900 },
  ])("not before $after ms: $seconds s", async ({ after, seconds }) => {
    const notBefore = epochMs(clock.now() + after);
    await deliveries().send(DELIVERY, { notBefore });
    const [message] = aws.sqs.messages("deliveries");
    expect(parseDeliveryMessage(message?.body ?? "")).toMatchObject({ value: { notBefore } });
    expect(aws.sqs.counts("deliveries")).toMatchObject(seconds === 0 ? { visible: 1 } : { delayed: 1 });
    await clock.advance(Math.max(0, seconds * 1000 - 1));
    expect(aws.sqs.counts("deliveries")).toMatchObject(seconds === 0 ? { visible: 1 } : { visible: 0, delayed: 1 });
    await clock.advance(1);
    expect(aws.sqs.counts("deliveries")).toMatchObject({ visible: 1, delayed: 0 });
  });

  it("throws when SQS does not take one: whoever has it would lose it otherwise", async () => {
    aws.faults.add({ service: "sqs", effect: { kind: "fail", status: 403, code: "AccessDenied" } });
    await expect(deliveries().send(DELIVERY)).rejects.toThrow("AccessDenied");
  });
});
