import { readFileSync } from "node:fs";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { LONGEST_MESSAGE } from "@sluice/engine/events/notified-event.ts";
import { notifiedEventOf, parseEventMessage, writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { describe, expect, it } from "vitest";

const REVISION = "main@sha1:7c7d0f2a8b5e4c1d9f3a6b0e2d4c8f1a5b7e9d3c";
const event: NotifiedEvent = {
  id: "5f0e2c61a7b94d3f8c1e6a2b0d9f4e7c3a8b5d1f6e2c9a4b7d0f3e8c1b6a5d2e",
  involvedObject: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "flux-system",
    name: "apps",
    uid: "0c3f9f0e-5b1d-4c5e-9d0e-2f4d7f8a1b2c",
    resourceVersion: "17",
  },
  severity: "error",
  timestamp: "2030-01-01T00:00:30Z",
  reason: "HealthCheckFailed",
  message: "health check failed after 30.1s: failed early due to stalled resources: [Deployment/web/api status: 'Failed']",
  metadata: { "kustomize.toolkit.fluxcd.io/revision": REVISION },
  reportingController: "kustomize-controller",
  reportingInstance: "kustomize-controller",
};
const LARGEST = 256 * 1024;
const read = (text: string) => {
  const parsed = parseEventMessage(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

describe("the message of an event", () => {
  it("is the documented one", () => {
    const documented = /```json event\n(.*?)```/s.exec(readFileSync("docs/events.md", "utf8"))?.[1] ?? "";
    expect(JSON.parse(writeEventMessage(event, "prod"))).toEqual(JSON.parse(documented));
    expect(read(documented)).toEqual(JSON.parse(documented));
    for (const field of [...Object.keys(JSON.parse(documented)), "cut"]) expect(readFileSync("docs/events.md", "utf8")).toContain(`| \`${field}\` |`);
  });

  it.each<{ changes: Partial<NotifiedEvent>; want: object }>([
    { changes: { severity: "info" }, want: { severity: "info" } },
    { changes: { severity: "trace" }, want: { severity: "trace" } },
    { changes: { metadata: {} }, want: { revision: "", metadata: {} } },
    { changes: { metadata: { "source.toolkit.fluxcd.io/revision": REVISION } }, want: { revision: "" } },
    { changes: { message: "" }, want: { message: "" } },
  ])("$want", ({ changes, want }) => expect(read(writeEventMessage({ ...event, ...changes }, "prod"))).toMatchObject(want));

  const metadata = (entries: number, size: number) =>
    Object.fromEntries(Array.from({ length: entries }, (_, index) => [`event.toolkit.fluxcd.io/${index}`, "m".repeat(size)]));
  it.each<{ why: string; changes: Partial<NotifiedEvent>; message?: RegExp; entries: number }>([
    { why: "one of many letters", changes: { message: "a".repeat(300_000) }, message: /^a{240000,} … \(cut: 300000 characters in all\)$/, entries: 1 },
    {
      why: "one of letters that take six bytes as JSON",
      changes: { message: "\u0001".repeat(100_000) },
      message: / … \(cut: 100000 characters in all\)$/,
      entries: 1,
    },
    {
      why: "one of letters beyond the first plane",
      changes: { message: "\u{1F600}".repeat(100_000) },
      message: /^(\u{1F600})+ … \(cut: 100000 characters in all\)$/u,
      entries: 1,
    },
    { why: "too many annotations", changes: { metadata: metadata(100, 10_000) }, entries: 6 },
    { why: "one annotation that is too large", changes: { metadata: metadata(1, 300_000) }, entries: 0 },
    { why: "both", changes: { metadata: metadata(100, 10_000), message: "a".repeat(300_000) }, message: /^a{170000,} … /, entries: 6 },
  ])("is cut to what SNS takes, and says so: $why", ({ changes, message, entries }) => {
    const text = writeEventMessage({ ...event, ...changes }, "prod");
    const cut = read(text);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST - 8 * 1024);
    expect(cut.cut).toBe(true);
    expect(Object.keys(cut.metadata)).toHaveLength(entries);
    if (message === undefined) expect(cut.message).toBe(event.message);
    else expect(cut.message).toMatch(message);
  });

  it.each<{ change: object | string; want: string }>([
    { change: "", want: "expected an event as a JSON object" },
    { change: "[]", want: "expected an event as a JSON object" },
    { change: { version: 2 }, want: "version: expected 1" },
    { change: { object: null }, want: "object: expected an object" },
    { change: { object: { ...event.involvedObject, uid: 1 } }, want: "object.uid: expected a text" },
    { change: { severity: "warning" }, want: 'severity: expected "info", "error" or "trace"' },
    { change: { metadata: { a: 1 } }, want: "metadata: expected an object of texts" },
    { change: { cluster: undefined }, want: "cluster: expected a text" },
    { change: { id: 1 }, want: "id: expected a text" },
    { change: { object: { ...event.involvedObject, resourceVersion: 1 } }, want: "object.resourceVersion: expected a text" },
    { change: { time: 1 }, want: "time: expected a text" },
    { change: { cut: "yes" }, want: "cut: expected true or false" },
  ])("that nobody of us wrote is refused: $want", ({ change, want }) => {
    const text = typeof change === "string" ? change : JSON.stringify({ ...JSON.parse(writeEventMessage(event, "prod")), ...change });
    expect(parseEventMessage(text)).toEqual({ ok: false, problem: want });
  });

  it.each<Partial<NotifiedEvent>>([
    {},
    { severity: "info", message: "", reason: "" },
    { timestamp: "2030-01-01T01:00:30.25+01:00", reportingInstance: "pod-0" },
  ])("tells the event exactly: %j", (changes) =>
    expect(notifiedEventOf(read(writeEventMessage({ ...event, ...changes }, "prod")))).toEqual({ ...event, ...changes }));
  it("tells an event without metadata as one", () => {
    const { metadata: _, ...without } = event;
    expect(notifiedEventOf(read(writeEventMessage(without, "prod")))).toEqual(without);
  });
  it("carries more of a text than is notified of", () => {
    const long = read(writeEventMessage({ ...event, message: "a".repeat(100_000) }, "prod"));
    expect([long.message.length, notifiedEventOf(long).message.length]).toEqual([100_000, LONGEST_MESSAGE]);
  });

  it("that an older version wrote has an id of its own all the same, the same in each copy", () => {
    const { id: _, reportingInstance: __, object, ...rest } = JSON.parse(writeEventMessage(event, "prod"));
    const { resourceVersion: ___, ...older } = object;
    const text = JSON.stringify({ ...rest, object: older });
    const told = notifiedEventOf(read(text));
    expect(told).toEqual({ ...event, id: expect.stringMatching(/^[0-9a-f]{64}$/), involvedObject: { ...event.involvedObject, resourceVersion: "" } });
    expect(notifiedEventOf(read(text)).id).toBe(told.id);
    expect(notifiedEventOf(read(text.replace("stalled", "other"))).id).not.toBe(told.id);
  });

  it("may have fields that this version does not know", () => {
    const text = writeEventMessage(event, "prod");
    expect(parseEventMessage(JSON.stringify({ ...JSON.parse(text), region: "eu-west-1" }))).toEqual(parseEventMessage(text));
  });
});
