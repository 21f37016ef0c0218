import type { DayPlan } from "./days.ts";
import { billOf, type Day, type Installed, type Line, sumOf, usageOf } from "./dollars.ts";
import type { Simulated } from "./simulate.ts";

/** What a simulated day came to, as it is kept and shown in docs/cost.md. */
export type DayRecord = {
  readonly clusters: number;
  readonly kustomizations: number;
  /** Counts of one day, of all clusters. */
  readonly day: Day;
  /** What a day adds to the bucket, of all clusters. */
  readonly bucketBytes: number;
  readonly lines: readonly Line[];
  readonly dollars: number;
  readonly afterFree: number;
};

/** As the stack makes them: held to the synthesized template by test/unit/simulation/cost.test.ts. */
export const alarmsOf = (clusters: number): number => 22 + clusters;
export const DASHBOARDS = 1;

/** Counted once, however many clusters there are. */
const ONCE = /^(scheduler invocations|\S+( \S+)? tick)$/;

export function recordOf(plan: DayPlan, { bill, bucketBytes, apiRequests }: Simulated): DayRecord {
  const perDay = 24 / plan.options.hours;
  const counts = { ...bill.all(), "api requests": apiRequests };
  const day = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Math.round(count * perDay * (ONCE.test(name) ? 1 : plan.times))]));
  return priced(plan, day, Math.round(bucketBytes * perDay * plan.times));
}

/** What the counts of a day come to in a month. */
export function priced(plan: DayPlan, day: Day, bucketBytes: number): DayRecord {
  const { clusters } = plan;
  const { kustomizations } = plan.options;
  const installed: Installed = { clusters, kustomizations, alarms: alarmsOf(clusters), dashboards: DASHBOARDS, bucketBytes };
  const lines = billOf(usageOf(day, installed)).map((line) => ({
    ...line,
    units: rounded(line.units),
    dollars: rounded(line.dollars),
    afterFree: rounded(line.afterFree),
  }));
  const sums = { dollars: rounded(sumOf(lines, "dollars")), afterFree: rounded(sumOf(lines, "afterFree")) };
  return { clusters, kustomizations, day, bucketBytes, lines, ...sums };
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/**
 * The page is as good as what it was made of. A day of one seed is always the same; one more request somewhere moves turns all the same, and another seed moves a
 * line by some hundredths (docs/cost.md). What has moved by more is another product.
 */
const TOLERANCE = 0.1;
const SMALL_DOLLARS = 0.5;

/** In words, what has moved between two records of one day. */
export function differencesOf(before: DayRecord, after: DayRecord): readonly string[] {
  return after.lines.flatMap(({ what, dollars }) => {
    const was = before.lines.find((line) => line.what === what)?.dollars ?? 0;
    const isNear = Math.abs(dollars - was) <= Math.max(SMALL_DOLLARS, TOLERANCE * was);
    return isNear ? [] : [`${what}: $${was} a month before, $${dollars} now (npm run test:simulation -- --write, and docs/cost.md)`];
  });
}

export function parseRecord(text: string): DayRecord {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("lines" in value)) throw new Error("expected a record of a simulated day");
  return value as DayRecord; // written by us, see main.ts
}
