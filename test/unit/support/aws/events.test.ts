import { createSignedRequests, type SignedRequests } from "@sluice/platform/aws/signed-requests.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";

let aws: FakeAws;
let requests: SignedRequests;
beforeEach(async () => {
  aws = await createAws({ clock: createVirtualClock() });
  requests = createSignedRequests("events", { ...aws.client, maxAttempts: 1 });
});
afterEach(async () => {
  requests.close();
  await aws.stop();
});

const ENTRY = { Source: "s", DetailType: "t", Detail: '{"a":1}' };
const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" };
const put = async (...Entries: readonly object[]): Promise<unknown> => {
  const { body } = await requests.send({ method: "POST", path: "/", headers, body: JSON.stringify({ Entries }) });
  return JSON.parse(body.toString("utf8"));
};

describe("PutEvents", () => {
  it("puts entries on the bus that they name", async () => {
    const arn = aws.events.createBus("team");
    const answer = await put(ENTRY, { ...ENTRY, EventBusName: "team", Time: 1767323045 }, { ...ENTRY, EventBusName: arn, Source: "u" });
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: "event-1" }, { EventId: "event-2" }, { EventId: "event-3" }] });
    expect(aws.events.put("default")).toEqual([{ id: "event-1", at: Date.UTC(2026, 0, 1), source: "s", detailType: "t", detail: '{"a":1}' }]);
    expect(aws.events.put("team")).toMatchObject([{ at: 1767323045_000 }, { source: "u" }]);
  });

  it.each<{ entry: object; want: string }>([
    { entry: { ...ENTRY, Source: undefined }, want: "InvalidArgument" },
    { entry: { ...ENTRY, DetailType: "" }, want: "InvalidArgument" },
    { entry: { ...ENTRY, Detail: undefined }, want: "InvalidArgument" },
    { entry: { ...ENTRY, Detail: "[1]" }, want: "MalformedDetail" },
    { entry: { ...ENTRY, Detail: "{" }, want: "MalformedDetail" },
    { entry: { ...ENTRY, Source: "aws.ec2" }, want: "NotAuthorizedForSourceException" },
    { entry: { ...ENTRY, EventBusName: "nowhere" }, want: "InvalidArgument" },
  ])("refuses the entry alone: $entry", async ({ entry, want }) => {
    const refused = { ErrorCode: want, ErrorMessage: expect.any(String) };
    expect(await put(entry, ENTRY)).toEqual({ FailedEntryCount: 1, Entries: [refused, { EventId: "event-1" }] });
  });

  it.each<{ why: string; entries: readonly object[]; want: string }>([
    { why: "there are none", entries: [], want: "ValidationException" },
    { why: "there are too many", entries: Array.from({ length: 11 }, () => ENTRY), want: "ValidationException" },
    { why: "they are too large", entries: [{ ...ENTRY, Detail: `{"a":"${"x".repeat(256 * 1024)}"}` }], want: "ValidationException" },
    { why: "it does not know a member", entries: [{ ...ENTRY, TraceHeader: "x" }], want: "NotInTheFake" },
  ])("refuses the whole when $why", async ({ entries, want }) => {
    await expect(put(...entries)).rejects.toMatchObject({ name: want });
    expect(aws.events.put("default")).toEqual([]);
  });
});
