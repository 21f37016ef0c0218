import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { alignedDue, createAlignedLooks } from "@sluice/platform/sqs/aligned-looks.ts";
import { describe, expect, it } from "vitest";

const BASE = 1_893_456_000_000; // a multiple of 1,024 s no less than of the second

describe("alignedDue", () => {
  it.each<{ now: number; delay: number; phase?: number; want: number }>([
    { now: 0, delay: -5000, want: -5000 },
    { now: 0, delay: 0, want: 0 },
    { now: 300, delay: 250, want: 1000 },
    { now: 300, delay: 1000, want: 2000 },
    { now: 0, delay: 5000, want: 8000 },
    { now: 3000, delay: 5000, want: 8000 },
    { now: 3500, delay: 5000, want: 12_000 },
    { now: 0, delay: 30_000, want: 32_000 },
    { now: 0, delay: 900_000, want: 1_024_000 },
    { now: 0, delay: 5000, phase: 0.5, want: 6000 },
    { now: 1500, delay: 5000, phase: 0.5, want: 10_000 },
    { now: 0, delay: 30_000, phase: 0.999, want: 31_984 },
  ])("at $now, in $delay ms, phase $phase: $want", ({ now, delay, phase = 0, want }) => {
    const start = Math.ceil(BASE / 1_024_000) * 1_024_000;
    expect(alignedDue(epochMs(start + now + delay), epochMs(start + now), phase) - start).toBe(want);
  });

  it.each([
    250, 1000, 5000, 30_000, 120_000, 600_000, 900_000,
  ])("whatever begins beside it, looks every %i ms come to two chains at most, none twice as late", (delay) => {
    let chains = Array.from({ length: 200 }, (_, index) => epochMs(BASE + index * 7_919));
    for (let round = 0; round < 20; round++) {
      const next = chains.map((now) => alignedDue(epochMs(now + delay), now, 0.3));
      for (const [index, due] of next.entries()) expect(due - (chains[index] ?? 0)).toBeLessThanOrEqual(2 * Math.max(delay, 1000));
      chains = [...new Set(next)].map((due) => epochMs(due));
    }
    const last = Math.max(...chains);
    const inOneDelay = chains.filter((due) => due > last - delay);
    expect(inOneDelay.length).toBeLessThanOrEqual(2);
  });
});

const object = (name: string): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "apps", name },
  cause: "failed",
  look: "1",
});

async function dueOf(item: WorkItem, notBefore: number | undefined): Promise<number | undefined> {
  const dues: (number | undefined)[] = [];
  const queue = createAlignedLooks({ send: async (_, options) => void dues.push(options?.notBefore) }, { now: () => epochMs(BASE) });
  await queue.send(item, notBefore === undefined ? {} : { notBefore: epochMs(notBefore) });
  return dues[0];
}

describe("createAlignedLooks", () => {
  it("moves what is put off, and nothing else", async () => {
    expect(await dueOf(object("a"), undefined)).toBeUndefined();
    expect(await dueOf(object("a"), BASE)).toBe(BASE);
    expect(await dueOf(object("a"), BASE + 5000)).toBeGreaterThanOrEqual(BASE + 5000);
  });

  it("has one moment for looks at one object, and spreads those of different ones", async () => {
    expect(await dueOf(object("a"), BASE + 64_000)).toBe(await dueOf(object("a"), BASE + 64_000));
    const dues = await Promise.all(Array.from({ length: 50 }, (_, index) => dueOf(object(`o${index}`), BASE + 64_000)));
    expect(new Set(dues).size).toBeGreaterThan(45);
  });
});
