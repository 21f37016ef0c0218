import { loadChart } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { chartBytes, createHelmMemory } from "@sluice/engine/build/helm/helm-memory.ts";
import type { ParsedTexts } from "@sluice/engine/build/helm/template/parsed-texts.ts";
import { describe, expect, it } from "vitest";
import { renderOf, shown, treeOf } from "./render-of.ts";

/** Texts that count what was not known. */
function counted(): { readonly texts: ParsedTexts; misses(): number } {
  const { texts } = createHelmMemory();
  let misses = 0;
  const set: ParsedTexts["set"] = (...given) => {
    misses++;
    texts.set(...given);
  };
  return { texts: { get: texts.get, set }, misses: () => misses };
}

describe("texts of templates that renders before have parsed", () => {
  const files = {
    "templates/_names.tpl": '{{ define "name" }}n-{{ .Values.a }}{{ end }}',
    "templates/a.yaml": 'kind: A\nmetadata:\n  name: {{ include "name" . }}\n  x: {{ tpl "{{ .Values.a }}" . }}\n',
  };

  it("are parsed once, and render what they are given", () => {
    const { texts, misses } = counted();
    const first = renderOf(files, { values: { a: 1 } }, texts);
    expect(misses()).toBe(3);
    const second = renderOf(files, { values: { a: 2 } }, texts);
    expect(misses()).toBe(3);
    expect(shown(second)).toBe(shown(first).replaceAll("1", "2"));
  });

  it("are others where the text is another, or stands elsewhere", () => {
    const { texts, misses } = counted();
    renderOf(files, { values: { a: 1 } }, texts);
    const changed = { ...files, "templates/_names.tpl": '{{ define "name" }}m{{ end }}', "templates/b.yaml": files["templates/a.yaml"] };
    expect(shown(renderOf(changed, { values: { a: 1 } }, texts))).toBe(shown(renderOf(changed, { values: { a: 1 } })));
    expect(misses()).toBe(5);
  });

  it("say in their failures where they stand", () => {
    const { texts } = counted();
    const wrong = { "templates/a.yaml": "\n{{ .Values.a.b }}" };
    const failures = [1, 2].map(() => shown(renderOf(wrong, {}, texts)));
    expect(failures).toEqual([shown(renderOf(wrong)), shown(renderOf(wrong))]);
    expect(failures[0]).toContain("shop/templates/a.yaml:2");
  });
});

describe("what a chart weighs", () => {
  it("counts the charts below it", () => {
    const files = { "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "templates/a.yaml": "12345678", "values.yaml": "a: 1\n" };
    const alone = loadChart(treeOf(files));
    const below = Object.fromEntries(Object.entries(files).map(([name, text]) => [`charts/db/${name}`, text]));
    const both = loadChart(treeOf({ ...files, ...below, "files/x": "1234" }));
    expect(alone.ok && chartBytes(alone.value)).toBe(8 + 25);
    expect(both.ok && chartBytes(both.value)).toBe(2 * (8 + 25) + 4);
  });
});
