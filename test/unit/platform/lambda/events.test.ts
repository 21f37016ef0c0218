import { batchAnswer, parseHttpEvent, parseNotifyEvent, parseQueueEvent, parseSweepEvent, parseTopicEvent } from "@sluice/platform/lambda/events.ts";
import type { SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { ARRIVED, httpEvent, queueEvent, topicEvent } from "../../functions/events.ts";

describe("a request", () => {
  it.each<[string, string | Uint8Array, readonly number[]]>([
    ["as text", "ä€", [0xc3, 0xa4, 0xe2, 0x82, 0xac]],
    ["in base64", Uint8Array.of(0xff, 0x00), [0xff, 0x00]],
  ])("%s has its bytes, its headers and the moment in which it came", (_, sent, want) => {
    const { headers, body, receivedAt } = parseHttpEvent(httpEvent(sent, { "x-a": "b" }));
    expect([...body]).toEqual(want);
    expect(headers).toEqual({ "x-a": "b" });
    expect(receivedAt).toBe(ARRIVED);
  });
  it.each([
    { rawQueryString: "", want: "/hook/%61" },
    { rawQueryString: "a=%20b&a=", want: "/hook/%61?a=%20b&a=" },
  ])("has its path with its query, as they came: $want", ({ rawQueryString, want }) => {
    const { method, path } = parseHttpEvent({ ...httpEvent("", {}), rawPath: "/hook/%61", rawQueryString });
    expect([method, path]).toEqual(["POST", want]);
  });
  it("may have no body", () => {
    const { body: _, ...event } = httpEvent("", {});
    expect(parseHttpEvent(event).body.byteLength).toBe(0);
  });
});

const RECORD: SQSEvent["Records"][number] = {
  ...(queueEvent(["{}"]).Records[0] ?? expect.fail()),
  messageAttributes: { reason: { dataType: "String", stringValue: "why" } },
};
const MESSAGE = { id: "m-1", body: "{}", receipt: "h-1", receives: 1, sentAt: ARRIVED, attributes: { reason: "why" } };

describe("messages", () => {
  it("of a standard queue", () => expect(parseQueueEvent({ Records: [RECORD] })).toEqual([MESSAGE]));
  it("of a FIFO queue have a group", () => {
    const record = { ...RECORD, attributes: { ...RECORD.attributes, MessageGroupId: "g" } };
    expect(parseQueueEvent({ Records: [record] })).toEqual([{ ...MESSAGE, group: "g" }]);
  });
  it("of the queue and of the topic are told apart", () => {
    expect(parseNotifyEvent({ Records: [RECORD] })).toEqual({ kind: "queue", messages: [MESSAGE] });
    expect(parseNotifyEvent(topicEvent("text"))).toMatchObject({ kind: "topic", messages: [{ text: "text" }] });
  });
  it("that come again are named in the answer", () => {
    expect(batchAnswer(["m-1", "m-2"])).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }, { itemIdentifier: "m-2" }] });
    expect(batchAnswer([])).toEqual({ batchItemFailures: [] });
  });
  it("of a topic", () => {
    expect(parseTopicEvent(topicEvent("text"))).toEqual([{ id: "m-1", text: "text", publishedAt: Date.parse("2030-01-01T00:00:00.250Z") }]);
  });
});

describe("what the sweep is invoked by", () => {
  it("a tick has the time of the schedule", () => {
    expect(parseSweepEvent({ scheduledTime: "2030-01-01T00:01:00Z" })).toEqual({ kind: "tick", at: Date.parse("2030-01-01T00:01:00Z") });
  });
  it("messages of its queue", () => expect(parseSweepEvent({ Records: [RECORD] })).toEqual({ kind: "messages", messages: [MESSAGE] }));
  it.each(["", "<aws.scheduler.scheduled-time>"])("a tick of no time is an error: %j", (scheduledTime) => {
    expect(() => parseSweepEvent({ scheduledTime })).toThrow(/scheduledTime/);
  });
});
