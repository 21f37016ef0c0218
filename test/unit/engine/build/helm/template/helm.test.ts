import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { GOLDEN_OF_HELM, templateCharts } from "../../../../../helm/template/helm-charts.ts";
import { templateOurs } from "../../../../../helm/template-ours.ts";

const golden: readonly string[] = JSON.parse(readFileSync(GOLDEN_OF_HELM, "utf8"));

it("has an answer of helm for each chart", () => expect(golden.length).toBe(templateCharts.length));

it("templates in charts say what they say in helm, errors included", () => {
  const different = templateCharts.flatMap((chart, index) => {
    const ours = templateOurs(chart);
    return ours === golden[index] ? [] : [{ template: chart.about, ours, helm: golden[index] }];
  });
  expect(different.slice(0, 5)).toEqual([]);
});
