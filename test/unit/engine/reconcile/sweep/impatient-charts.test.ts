import { epochMs, ms, seconds } from "@sluice/engine/domain/time.ts";
import type { ChartRepositories, ChartTarget, IndexAnswer } from "@sluice/engine/ports/chart-repositories.ts";
import { createImpatientCharts } from "@sluice/engine/reconcile/sweep/impatient-charts.ts";
import { Wanted } from "@sluice/engine/reconcile/sweep/read-only.ts";
import { describe, expect, it } from "vitest";
import { NO_CHARTS } from "../../../../support/no-charts.ts";

const target = (timeout: number): ChartTarget => ({ url: "https://charts.example.com", passCredentials: false, insecure: false, timeout: ms(timeout) });

/** Repositories that answer with `answer` after `takes` milliseconds; the timeouts that they were asked with. */
function start(answer: IndexAnswer, takes = 0) {
  const timeouts: number[] = [];
  let now = 0;
  const charts: ChartRepositories = {
    ...NO_CHARTS,
    index: async ({ timeout }) => {
      timeouts.push(timeout);
      now += takes;
      return answer;
    },
  };
  return { timeouts, ask: createImpatientCharts(charts, { now: () => epochMs(now) }) };
}
const FAILED: IndexAnswer = { kind: "failed", message: "context deadline exceeded" };

describe("repositories of charts as a sweep asks them", () => {
  it("answer within seconds, or less where less is wanted", async () => {
    const { ask, timeouts } = start({ kind: "unchanged" });
    expect(await ask.index(target(60_000), { etag: "1" })).toEqual({ kind: "unchanged" });
    await ask.index(target(1_000), { etag: "1" });
    expect(timeouts).toEqual([5_000, 1_000]);
  });

  it("what fails is said by the function of the source", async () => {
    const { ask } = start(FAILED);
    await expect(ask.index(target(60_000), { etag: "1" })).rejects.toEqual(new Wanted("ask its repository again"));
  });

  it("many that let us wait, and no other is asked; quick failures are none of them", async () => {
    const quick = start(FAILED, seconds(1));
    const slow = start(FAILED, seconds(5));
    for (let times = 0; times < 30; times++) for (const { ask } of [quick, slow]) await ask.index(target(60_000), { etag: "1" }).catch(() => undefined);
    expect([quick.timeouts.length, slow.timeouts.length]).toEqual([30, 24]);
    await expect(slow.ask.tags(target(60_000), "oci://example.com/a")).rejects.toThrow("since many others do not answer");
  });
});
