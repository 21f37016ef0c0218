import { helmConfig } from "@sluice/engine/build/kustomize/kustomization/helm.ts";
import { readKustomization } from "@sluice/engine/build/kustomize/kustomization/read-kustomization.ts";
import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { expect, it } from "vitest";

/** As the message of kustomize api 0.21.1 shows it. */
it.each<[string, string, string | undefined]>([
  ["resources: [a]", "", undefined],
  ["helmGlobals: {chartHome: c}", "", undefined],
  ["helmCharts: [{}]", "", "{}\n"],
  [
    "helmCharts: [{name: a, valuesInline: {a: 1.5, b: [1, x]}, includeCRDs: true, apiVersions: [a]}, {name: b}]\nnamespace: foo",
    "above",
    "apiVersions:\n- a\nincludeCRDs: true\nname: a\nnamespace: foo\nvaluesInline:\n  a: 1.5\n  b:\n  - 1\n  - x\n",
  ],
  ["helmCharts: [{name: a}]", "above", "name: a\nnamespace: above\n"],
  ["helmCharts: [{name: a, namespace: own}]\nnamespace: foo", "", "name: a\nnamespace: own\n"],
  ["helmGlobals: {chartHome: c, configHome: d}\nhelmCharts: [{name: a}]", "", "chartHome: c\nconfigHome: d\nname: a\n"],
  [
    "helmChartInflationGenerator: [{chartName: a, chartVersion: '1', chartRepoUrl: u, values: v, valuesLocal: {k: 1}, valuesMerge: merge, releaseName: r, chartHome: x, helmHome: h, helmBin: b}, {chartHome: w}]",
    "",
    'chartHome: w\nconfigHome: h\nname: a\nreleaseName: r\nrepo: u\nvaluesFile: v\nvaluesInline:\n  k: 1\nvaluesMerge: merge\nversion: "1"\n',
  ],
])("%j", (text, inherited, want) => {
  const read = readKustomization(text, "/app");
  const config = read.ok ? helmConfig(read.value.kustomization, inherited) : undefined;
  expect(config && writeYaml(config)).toBe(want);
});
