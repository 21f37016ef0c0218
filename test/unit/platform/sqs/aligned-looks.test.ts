import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { alignedDue, createAlignedLooks } from "@sluice/platform/sqs/aligned-looks.ts";
import { describe, expect, it } from "vitest";

const BASE = 1_893_456_000_000; // a multiple of 1,024 s no less than of the second

describe("alignedDue", () => {
  it.each<{ now: number; delay: number; want: number }>([
    { now: 0, delay: -5000, want: -5000 },
    { now: 0, delay: 0, want: 0 },
    { now: 300, delay: 250, want: 1000 },
    { now: 300, delay: 1000, want: 2000 },
    { now: 0, delay: 5000, want: 8000 },
    { now: 3000, delay: 5000, want: 8000 },
    { now: 3500, delay: 5000, want: 12_000 },
    { now: 0, delay: 30_000, want: 32_000 },
    { now: 0, delay: 900_000, want: 1_024_000 },
  ])("at $now, in $delay ms: $want", ({ now, delay, want }) => {
    const start = Math.ceil(BASE / 1_024_000) * 1_024_000;
    expect(alignedDue(epochMs(start + now + delay), epochMs(start + now)) - start).toBe(want);
  });

  it.each([
    250, 1000, 5000, 30_000, 120_000, 600_000, 900_000,
  ])("whatever begins beside it, looks every %i ms come to two chains at most, none twice as late", (delay) => {
    let chains = Array.from({ length: 200 }, (_, index) => epochMs(BASE + index * 7_919));
    for (let round = 0; round < 20; round++) {
      const next = chains.map((now) => alignedDue(epochMs(now + delay), now));
      for (const [index, due] of next.entries()) expect(due - (chains[index] ?? 0)).toBeLessThanOrEqual(2 * Math.max(delay, 1000));
      chains = [...new Set(next)].map((due) => epochMs(due));
    }
    const last = Math.max(...chains);
    const inOneDelay = chains.filter((due) => due > last - delay);
    expect(inOneDelay.length).toBeLessThanOrEqual(2);
  });
});

it("only what is put off is moved", async () => {
  const sent: [string, number | undefined][] = [];
  const queue = createAlignedLooks({ send: async (item, options) => void sent.push([item.kind, options?.notBefore]) }, { now: () => epochMs(0) });
  const push: WorkItem = { kind: "push", repository: "r", ref: "f", delivery: "d" };
  await queue.send(push);
  await queue.send(push, { notBefore: epochMs(5000) });
  expect(sent).toEqual([
    ["push", undefined],
    ["push", 8000],
  ]);
});
