import { epochMs, seconds } from "@sluice/engine/domain/time.ts";
import { isQuiet, nextAttempt, timeOf } from "@sluice/engine/reconcile/notify/schedule.ts";
import { describe, expect, it } from "vitest";

const SINCE = 1_000_000;
type Row = {
  readonly what: string;
  readonly attempt: number;
  readonly after: number;
  readonly timeout?: number;
  readonly retryAfter?: number;
  readonly want: string;
};

/** `3 after 4s`, `5 after 60s, failed: deadline`. Seconds count from now. */
function line({ attempt, after, timeout = 15, retryAfter }: Row): string {
  const now = epochMs(SINCE + after * 1000);
  const next = nextAttempt({
    attempt,
    since: epochMs(SINCE),
    timeout: seconds(timeout),
    now,
    ...(retryAfter !== undefined && { retryAfter: seconds(retryAfter) }),
  });
  if (next.kind === "given-up") return "given up";
  return `${next.attempt} after ${(next.notBefore - now) / 1000}s${next.failed === undefined ? "" : `, failed: ${next.failed}`}`;
}

describe("the next attempt", () => {
  it.each<Row>([
    { what: "the first", attempt: 0, after: 0, want: "1 after 2s" },
    { what: "the second", attempt: 1, after: 2, want: "2 after 4s" },
    { what: "the third", attempt: 2, after: 6, want: "3 after 8s" },
    { what: "the fourth has no time left", attempt: 3, after: 14, want: "5 after 60s, failed: deadline" },
    { what: "the fourth with time", attempt: 3, after: 14, timeout: 120, want: "4 after 16s" },
    { what: "the fifth is the last", attempt: 4, after: 30, timeout: 120, want: "5 after 60s, failed: attempts" },
    { what: "the fifth ran out of time", attempt: 4, after: 121, timeout: 120, want: "5 after 60s, failed: deadline" },
    { what: "it took all the time", attempt: 0, after: 15, want: "5 after 60s, failed: deadline" },
    { what: "Retry-After", attempt: 0, after: 0, retryAfter: 7, want: "1 after 7s" },
    { what: "a short Retry-After", attempt: 2, after: 6, retryAfter: 0, want: "3 after 2s" },
    { what: "a long one", attempt: 0, after: 0, timeout: 120, retryAfter: 600, want: "1 after 30s" },
    { what: "a long one without time for it", attempt: 0, after: 0, retryAfter: 600, want: "5 after 600s, failed: deadline" },
    { what: "an endless one", attempt: 0, after: 0, retryAfter: 86_400, want: "5 after 900s, failed: deadline" },
    { what: "the first quiet one", attempt: 5, after: 80, want: "6 after 300s" },
    { what: "the second", attempt: 6, after: 400, want: "7 after 900s" },
    { what: "the second with Retry-After", attempt: 5, after: 80, retryAfter: 600, want: "6 after 600s" },
    { what: "the last", attempt: 7, after: 1300, want: "given up" },
  ])("$what", (row) => expect(line(row)).toBe(row.want));
});

it("is quiet once it has failed", () => expect([4, 5].map(isQuiet)).toEqual([false, true]));

describe("how long it may take", () => {
  it.each([
    { what: "what is left", attempt: 1, after: 2, timeout: 15, want: 13 },
    { what: "at least something", attempt: 3, after: 20, timeout: 15, want: 1 },
    { what: "whole milliseconds", attempt: 0, after: 0, timeout: 2.0001, want: 2.001 },
    { what: "as long as a host waits", attempt: 0, after: 0, timeout: 600, want: 60 },
    { what: "each quiet one all of it", attempt: 5, after: 75, timeout: 15, want: 15 },
  ])("$what", ({ attempt, after, timeout, want }) =>
    expect(timeOf(attempt, epochMs(SINCE), seconds(timeout), epochMs(SINCE + after * 1000))).toBe(seconds(want)));
});
