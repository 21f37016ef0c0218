import { eventMoment, formatNanoseconds, formatSeconds, unixNanoseconds } from "@sluice/platform/notifications/message/event-moment.ts";
import { describe, expect, it } from "vitest";

describe("eventMoment", () => {
  it.each<{ text: string; seconds: string; nanoseconds: string; unix: string }>([
    { text: "2026-01-02T03:04:05Z", seconds: "2026-01-02T03:04:05Z", nanoseconds: "2026-01-02T03:04:05Z", unix: "1767323045000000000" },
    { text: "2026-01-02T03:04:05.000Z", seconds: "2026-01-02T03:04:05Z", nanoseconds: "2026-01-02T03:04:05Z", unix: "1767323045000000000" },
    { text: "2026-01-02T03:04:07.123456Z", seconds: "2026-01-02T03:04:07Z", nanoseconds: "2026-01-02T03:04:07.123456Z", unix: "1767323047123456000" },
    { text: "2026-01-02T03:04:07.0000000019Z", seconds: "2026-01-02T03:04:07Z", nanoseconds: "2026-01-02T03:04:07.000000001Z", unix: "1767323047000000001" },
    { text: "2026-01-02T03:04:09+02:00", seconds: "2026-01-02T01:04:09Z", nanoseconds: "2026-01-02T01:04:09Z", unix: "1767315849000000000" },
    { text: "1969-12-31T23:59:59.5Z", seconds: "1969-12-31T23:59:59Z", nanoseconds: "1969-12-31T23:59:59.5Z", unix: "-500000000" },
    { text: "yesterday", seconds: "0001-01-01T00:00:00Z", nanoseconds: "0001-01-01T00:00:00Z", unix: "-62135596800000000000" },
    { text: "2026-13-02T03:04:05Z", seconds: "0001-01-01T00:00:00Z", nanoseconds: "0001-01-01T00:00:00Z", unix: "-62135596800000000000" },
  ])("reads $text", ({ text, seconds, nanoseconds, unix }) => {
    const moment = eventMoment(text);
    expect([formatSeconds(moment), formatNanoseconds(moment), String(unixNanoseconds(moment))]).toEqual([seconds, nanoseconds, unix]);
  });
});
