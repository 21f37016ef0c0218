import { revision } from "@sluice/engine/domain/artifact.ts";
import type { Outcome } from "@sluice/engine/domain/outcome.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import { nextLook } from "@sluice/engine/reconcile/next-look.ts";
import { describe, expect, it } from "vitest";

const cause = { reason: "R", message: "m" };

describe("the next look", () => {
  it.each<{ outcome: Outcome; attempt: number; want: string }>([
    { outcome: { kind: "succeeded", revision: revision("r") }, attempt: 3, want: "none" },
    { outcome: { kind: "stalled", cause }, attempt: 0, want: "none" },
    { outcome: { kind: "skipped", why: "w" }, attempt: 0, want: "none" },
    { outcome: { kind: "skipped", why: "w", again: true }, attempt: 0, want: "750 ms, attempt 1" },
    { outcome: { kind: "skipped", why: "w", again: true }, attempt: 1, want: "1500 ms, attempt 2" },
    { outcome: { kind: "progressing", cause, retryIn: seconds(2) }, attempt: 5, want: "2000 ms, attempt 0" },
    { outcome: { kind: "waiting", cause, retryIn: seconds(30) }, attempt: 5, want: "30000 ms, attempt 0" },
    { outcome: { kind: "failed", cause, retryIn: seconds(60) }, attempt: 5, want: "60000 ms, attempt 6" },
    { outcome: { kind: "failed", cause }, attempt: 0, want: "750 ms, attempt 1" },
    { outcome: { kind: "failed", cause }, attempt: 10, want: "768000 ms, attempt 11" },
    { outcome: { kind: "failed", cause }, attempt: 11, want: "900000 ms, attempt 12" },
    { outcome: { kind: "failed", cause }, attempt: 5000, want: "900000 ms, attempt 5001" },
  ])("$outcome.kind after $attempt attempts: $want", ({ outcome, attempt, want }) => {
    const next = nextLook(outcome, attempt);
    expect(next === undefined ? "none" : `${next.in} ms, attempt ${next.attempt}`).toBe(want);
  });
});
