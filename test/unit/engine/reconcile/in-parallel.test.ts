import { setImmediate as turn } from "node:timers/promises";
import { inParallel } from "@sluice/engine/reconcile/in-parallel.ts";
import { describe, expect, it } from "vitest";

describe("inParallel", () => {
  it("gives results in the order of the items, and runs no more of them at a time than it may", async () => {
    let underWay = 0;
    let most = 0;
    const run = async (item: number): Promise<number> => {
      most = Math.max(most, ++underWay);
      await turn();
      underWay--;
      return item * 10;
    };
    expect([await inParallel([3, 1, 2, 5, 4], 2, run), most]).toEqual([[30, 10, 20, 50, 40], 2]);
    expect(await inParallel([], 2, run)).toEqual([]);
  });

  it("begins nothing after an exception, and throws it when nothing is under way any more", async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const run = async (item: number): Promise<void> => {
      begun.push(item);
      if (item === 0) throw new Error("nobody answers");
      for (let turns = 0; turns < item * 3; turns++) await turn();
      ended.push(item);
    };
    await expect(inParallel([1, 2, 0, 3, 4, 5, 6], 3, run)).rejects.toThrow("nobody answers");
    const atTheEnd = [...ended];
    for (let turns = 0; turns < 50; turns++) await turn();
    expect([begun, atTheEnd, ended]).toEqual([
      [1, 2, 0],
      [1, 2],
      [1, 2],
    ]);
  });
});
