import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { parseDeliveryMessage, writeDeliveryMessage } from "@sluice/platform/sqs/delivery-message.ts";
import { describe, expect, it } from "vitest";
import { DELIVERY } from "./delivery.ts";

const { metadata: _, ...eventWithout } = DELIVERY.event;
const read = (body: string) => {
  const parsed = parseDeliveryMessage(body);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

describe("a delivery as a message", () => {
  it.each<[string, Delivery]>([
    ["to a Provider", DELIVERY],
    ["to a channel", { ...DELIVERY, target: { kind: "channel", name: "amazon-q" } }],
    ["that was tried", { ...DELIVERY, attempt: 3, since: epochMs(1_700_000_000_000.5), done: 2 }],
    ["of an event without metadata", { ...DELIVERY, event: eventWithout }],
    ["of an event that says nothing", { ...DELIVERY, event: { ...DELIVERY.event, message: "", reason: "", metadata: {} } }],
    ["with letters that SQS refuses", { ...DELIVERY, event: { ...DELIVERY.event, message: "a\uFFFE\uFFFF\u0000\uD800", metadata: { "\uFFFF": "\uFFFE" } } }],
  ])("%s is read as it was written", (_, delivery) => {
    expect(read(writeDeliveryMessage(delivery))).toEqual({ delivery });
    expect(read(writeDeliveryMessage(delivery, epochMs(7)))).toEqual({ delivery, notBefore: 7 });
    expect(writeDeliveryMessage(delivery)).not.toMatch(/[\uFFFE\uFFFF]/);
  });

  it("holds nothing but what belongs to it", () => {
    const more = { ...DELIVERY, token: "canary", event: { ...DELIVERY.event, token: "canary" } };
    expect(writeDeliveryMessage(more)).not.toContain("canary");
  });

  it.each<[string, object, object]>([
    [
      "a text of any size",
      { message: "\u{1F600}".repeat(200_000) },
      { message: expect.stringMatching(/^\u{1F600}{50000,} … \(cut: 200000 characters in all\)$/u) },
    ],
    ["metadata of any size", { metadata: { a: "1", b: "x".repeat(900_000) } }, { metadata: { a: "1" }, message: DELIVERY.event.message }],
  ])("%s is cut to what a queue takes", (_, changes, want) => {
    const body = writeDeliveryMessage({ ...DELIVERY, event: { ...DELIVERY.event, ...changes } }, epochMs(7));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(250 * 1024);
    expect(read(body).delivery.event).toMatchObject(want);
  });

  const changed = (change: (body: Record<string, never>) => void): string => {
    const body = JSON.parse(writeDeliveryMessage(DELIVERY));
    change(body);
    return JSON.stringify(body);
  };
  // biome-ignore lint/suspicious/noExplicitAny: what nobody of us wrote has no type
  it.each<[string, (body: any) => unknown]>([
    ["version: expected 1", (body) => (body.version = 2)],
    ["delivery: expected an object", (body) => (body.delivery = [])],
    ["delivery.cluster: expected a text that is not empty", (body) => (body.delivery.cluster = "")],
    ["delivery.event: expected an object", (body) => (body.delivery.event = "canary")],
    ["delivery.event.id: expected a text that is not empty", (body) => delete body.delivery.event.id],
    ["delivery.event.involvedObject.uid: expected a text", (body) => (body.delivery.event.involvedObject.uid = 1)],
    ['delivery.event.severity: expected "info", "error" or "trace"', (body) => (body.delivery.event.severity = "canary")],
    ["delivery.event.metadata: expected an object of texts", (body) => (body.delivery.event.metadata = { a: 1 })],
    ['delivery.target.kind: expected "provider" or "channel"', (body) => (body.delivery.target.kind = "canary")],
    ['delivery.target.name: expected "slack" or "amazon-q"', (body) => (body.delivery.target = { kind: "channel", name: "canary" })],
    ["delivery.target.alert: expected an object", (body) => delete body.delivery.target.alert],
    ["delivery.target.alert.uid: expected a text that is not empty", (body) => (body.delivery.target.alert.uid = null)],
    ["delivery.attempt: expected a count", (body) => (body.delivery.attempt = 1.5)],
    ["delivery.since: expected milliseconds since 1970", (body) => (body.delivery.since = "canary")],
    ["delivery.done: expected a count", (body) => delete body.delivery.done],
    ["notBefore: expected milliseconds since 1970", (body) => (body.notBefore = -1)],
  ])("%s", (want, change) => expect(parseDeliveryMessage(changed(change))).toEqual({ ok: false, problem: want }));

  it.each(["", "{", "null", "[]", "1"])("%j is none", (body) =>
    expect(parseDeliveryMessage(body)).toEqual({ ok: false, problem: "expected a message as a JSON object" }));
});
