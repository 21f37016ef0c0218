import { expect, it } from "vitest";
import { createFineClock } from "../../../lib/local/system-clock.ts";

it.each<{ why: string; coarse: number; steady: number; want: number }>([
  { why: "has parts of milliseconds", coarse: 1_000_085, steady: 85.25, want: 1_000_085.25 },
  { why: "is not shaken by the coarse clock's steps", coarse: 1_000_086, steady: 85.25, want: 1_000_085.25 },
  { why: "follows a jump ahead", coarse: 9_000_000, steady: 90, want: 9_000_000 },
  { why: "follows a jump back", coarse: 5_000, steady: 90, want: 5_000 },
])("a fine clock $why", ({ coarse, steady, want }) => {
  const times = { coarse: 1_000_000, steady: 0 };
  const clock = createFineClock(
    () => times.coarse,
    () => times.steady,
  );
  Object.assign(times, { coarse, steady });
  expect(clock.now()).toBe(want);
});
