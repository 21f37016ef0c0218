import { ms } from "@sluice/engine/domain/time.ts";
import { createLazyCharts } from "@sluice/platform/lambda/lazy-charts.ts";
import { expect, it } from "vitest";
import { NO_CHARTS } from "../../../support/no-charts.ts";

const TARGET = { url: "https://charts.example.com", passCredentials: false, insecure: false, timeout: ms(1000) };

it("repositories of charts are loaded when the first is asked, and once", async () => {
  let loaded = 0;
  const asked: string[] = [];
  const charts = createLazyCharts(async () => {
    loaded++;
    return {
      ...NO_CHARTS,
      index: async ({ url }, known) => {
        asked.push(`index ${url} ${known?.etag}`);
        return { kind: "unchanged" };
      },
      tags: async (_, repository) => ({ kind: "listed", tags: [repository] }),
    };
  });
  expect(loaded).toBe(0);
  const answers = await Promise.all([
    charts.index(TARGET, { etag: "1" }),
    charts.tags(TARGET, "oci://example.com/a"),
    charts.pull(TARGET, "oci://example.com/a:1"),
  ]);
  expect(answers.map(({ kind }) => kind)).toEqual(["unchanged", "listed", "failed"]);
  expect([loaded, asked]).toEqual([1, ["index https://charts.example.com 1"]]);
});
