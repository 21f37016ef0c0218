import type { GitFailure } from "@sluice/engine/ports/git-remote.ts";
import { createRateLimits } from "@sluice/platform/github/rate-limits.ts";
import { describe, expect, it } from "vitest";

const NOW = 1_893_456_000_000;
const REFUSAL: GitFailure = { kind: "failed", why: "rate-limited", message: "used up" };
const by = (now: number, authorization = "Bearer a", api = "https://api.github.com") => ({ api, authorization, now: () => now });

describe("a limit that is used up", () => {
  it.each<{ until: number | undefined; holds: number; ends: number }>([
    { until: NOW + 600_000, holds: NOW + 599_999, ends: NOW + 600_000 },
    { until: undefined, holds: NOW + 59_999, ends: NOW + 60_000 },
    { until: NOW + 24 * 3_600_000, holds: NOW + 3_599_999, ends: NOW + 3_600_000 },
  ])("until $until", ({ until, holds, ends }) => {
    const limits = createRateLimits();
    expect(limits.held(by(NOW))).toBeUndefined();
    limits.hold(by(NOW), REFUSAL, until);
    expect([limits.held(by(holds)), limits.held(by(ends))]).toEqual([REFUSAL, undefined]);
  });

  it("is that of one token at one API", () => {
    const limits = createRateLimits();
    limits.hold(by(NOW), REFUSAL, NOW + 60_000);
    expect(limits.held(by(NOW, "Bearer b"))).toBeUndefined();
    expect(limits.held(by(NOW, "Bearer a", "https://git.example.com/api/v3"))).toBeUndefined();
  });
});
