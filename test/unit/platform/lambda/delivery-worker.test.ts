import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createDeliveryWorker, type DeliveryWorkerDeps } from "@sluice/platform/lambda/delivery-worker.ts";
import type { ReceivedMessage } from "@sluice/platform/lambda/events.ts";
import { writeDeliveryMessage } from "@sluice/platform/sqs/delivery-message.ts";
import { describe, expect, it } from "vitest";
import { DELIVERY } from "../sqs/delivery.ts";

const NOW = epochMs(1_000_000);
const to = (provider: string): Delivery => ({ ...DELIVERY, target: { kind: "provider", alert: { namespace: "n", name: "a", uid: "u" }, provider } });
const providerOf = ({ target }: Delivery): string => (target.kind === "provider" ? target.provider : target.name);
const messageOf = (body: string, index = 0, receives = 1): ReceivedMessage => ({
  id: `m-${index + 1}`,
  body,
  receipt: `h-${index + 1}`,
  receives,
  sentAt: NOW,
  attributes: {},
});
const written = (provider: string): string => writeDeliveryMessage(to(provider));

/** Providers named `broken…` break off, `silent…` never end. */
async function work(messages: readonly ReceivedMessage[], changes: Partial<DeliveryWorkerDeps> = {}, signal = new AbortController().signal) {
  const done: string[] = [];
  const lines: string[] = [];
  const note = (message: string): void => void lines.push(message);
  const worker = createDeliveryWorker({
    deliver: async (delivery) => {
      const provider = providerOf(delivery);
      done.push(`deliver ${provider}`);
      if (provider.startsWith("broken")) throw new Error("no answer");
      if (provider.startsWith("silent")) await new Promise(() => undefined);
    },
    deliveries: { send: async (delivery, { notBefore } = {}) => void done.push(`send ${providerOf(delivery)} ${(notBefore ?? 0) - NOW}`) },
    putAside: async ({ id }, reason) => void done.push(`aside ${id} ${reason}`),
    postpone: async ({ id }, seconds) => void done.push(`postpone ${id} ${seconds}`),
    lastReceive: 5,
    clock: { now: () => NOW },
    log: { info: note, error: note },
    ...changes,
  });
  return { again: await worker(messages, signal), done: done.toSorted(), lines };
}

describe("a batch of deliveries", () => {
  it.each<[string, readonly ReceivedMessage[], object]>([
    ["each is tried", [messageOf(written("a")), messageOf(written("b"), 1)], { again: [], done: ["deliver a", "deliver b"] }],
    [
      "one that breaks off comes again, later each time, and alone",
      [messageOf(written("broken")), messageOf(written("b"), 1)],
      { again: ["m-1"], done: ["deliver b", "deliver broken", "postpone m-1 2"] },
    ],
    ["at the fourth time after longer", [messageOf(written("broken"), 0, 4)], { again: ["m-1"], done: ["deliver broken", "postpone m-1 16"] }],
    ["at the last time it is put aside, with the reason", [messageOf(written("broken"), 0, 5)], { again: [], done: ["aside m-1 no answer", "deliver broken"] }],
    [
      "one that cannot be read is put aside at once",
      [messageOf("{"), messageOf(written("b"), 1)],
      { again: [], done: ["aside m-1 expected a message as a JSON object", "deliver b"] },
    ],
    ["what is not due yet goes round", [messageOf(writeDeliveryMessage(to("a"), epochMs(NOW + 60_000)))], { again: [], done: ["send a 60000"] }],
    ["what is due within the second is due", [messageOf(writeDeliveryMessage(to("a"), epochMs(NOW + 900)))], { again: [], done: ["deliver a"] }],
  ])("%s", async (_, messages, want) => expect(await work(messages)).toMatchObject(want));

  it("they go side by side: one whose provider is silent holds up no other, and comes again when the time is over", async () => {
    const time = new AbortController();
    const delivered: string[] = [];
    const deliver: DeliveryWorkerDeps["deliver"] = async (delivery) => {
      if (providerOf(delivery) === "silent") return new Promise(() => undefined);
      delivered.push(providerOf(delivery));
      if (delivered.length === 2) time.abort();
    };
    const messages = ["silent", "b", "c"].map((provider, index) => messageOf(written(provider), index));
    const { again } = await work(messages, { deliver }, time.signal);
    expect(delivered).toEqual(["b", "c"]);
    expect(again).toContain("m-1");
  });

  it("what could not be put aside or postponed comes again all the same", async () => {
    const broken = async (): Promise<never> => {
      throw new Error("SQS is silent");
    };
    const { again, lines } = await work([messageOf("{"), messageOf(written("broken"), 1)], { putAside: broken, postpone: broken });
    expect(again).toEqual(["m-1", "m-2"]);
    expect(lines).toEqual(expect.arrayContaining(["message could not be put aside", "message could not be postponed"]));
  });
});
