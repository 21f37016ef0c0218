import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { DAYS } from "../../simulation/days.ts";
import { pages, recordFile, withParts } from "../../simulation/pages.ts";
import { alarmsOf, DASHBOARDS, parseRecord, priced } from "../../simulation/record.ts";
import { synthesize } from "../../stack/synthesize.ts";

it("docs/cost.md and docs/performance.md show what was recorded: node test/simulation/write-pages.ts", async () => {
  const all = await pages();
  for (const { file, parts } of all) {
    const text = await readFile(file, "utf8");
    expect(withParts(text, parts)).toBe(text);
  }
  expect(all.flatMap(({ parts }) => Object.keys(parts))).toHaveLength(6);
});

it("a page without a place for a part is no page", () => {
  expect(() => withParts("# Cost\n", { bill: "1" })).toThrow("bill");
});

it.each([DAYS.one, DAYS.hundred])("$title: what was recorded follows from its counts, and is within the budget", async (plan) => {
  const record = parseRecord(await readFile(recordFile(plan), "utf8"));
  const { dollars, clusters, kustomizations, day, bucketBytes } = record;
  expect(record).toEqual(priced(plan, day, bucketBytes));
  expect(dollars).toBeGreaterThan(0);
  expect(dollars).toBeLessThanOrEqual(plan.budget);
  expect({ clusters, kustomizations }).toEqual({ clusters: plan.clusters, kustomizations: plan.options.kustomizations });
});

it("alarms and dashboards are counted as the stack makes them", () => {
  const { main } = synthesize({ clusters: [{ name: "one" }] });
  expect(main.ofType("AWS::CloudWatch::Alarm")).toHaveLength(alarmsOf(1));
  expect(main.ofType("AWS::CloudWatch::Dashboard")).toHaveLength(DASHBOARDS);
  expect(main.ofType("AWS::SecretsManager::Secret")).toHaveLength(1);
  expect(main.ofType("AWS::KMS::Key")).toHaveLength(0);
});
