import { describe, expect, it } from "vitest";
import { readCases } from "../../../../helm/read-cases.ts";
import { templateOurs } from "../../../../helm/template-ours.ts";

describe("charts of our own, as helm template 4.1.4 rendered them (recorded by test/helm/main.ts charts --record)", async () => {
  const cases = await readCases();

  it.each(cases)("$name: $chart.about", ({ chart, wanted }) => {
    expect(templateOurs(chart)).toBe(wanted);
  });

  it("are many", () => expect(cases.length).toBeGreaterThan(70));
});
