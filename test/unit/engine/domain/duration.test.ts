import { formatDuration, parseDuration } from "@sluice/engine/domain/duration.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";

describe("parseDuration", () => {
  it.each([
    { text: "1h30m", want: 5_400_000 },
    { text: "500ms", want: 500 },
    { text: "1.5s", want: 1500 },
    { text: "10m0s", want: 600_000 },
    { text: "0", want: 0 },
    { text: "-1s", want: -1000 },
    { text: "10m5", want: undefined },
    { text: "1d", want: undefined },
    { text: "", want: undefined },
    { text: "1 s", want: undefined },
  ])("$text", ({ text, want }) => expect(parseDuration(text)).toBe(want));
});

describe("formatDuration", () => {
  it.each([
    { value: 3_600_000, want: "1h0m0s" },
    { value: 3_570_000, want: "59m30s" },
    { value: 1500, want: "1.5s" },
    { value: 30_000, want: "30s" },
    { value: 750, want: "750ms" },
    { value: 12.345678, want: "12.345678ms" },
    { value: 0.25, want: "250µs" },
    { value: 0, want: "0s" },
    { value: 61_234.5, want: "1m1.2345s" },
    { value: -90_000, want: "-1m30s" },
  ])("$want", ({ value, want }) => expect(formatDuration(ms(value))).toBe(want));
});
