import type { Chart } from "../../build/helm/chart/chart.ts";
import { writeYaml } from "../../build/yaml/write.ts";
import type { MergedValues } from "../../source/helm/values-files.ts";

/** `chart` with other values; `files`: those that made a difference. Source: source-controller, OverwriteChartDefaultValues. */
export function withValues(chart: Chart, { values, files }: MergedValues): { readonly chart: Chart; readonly files: readonly string[] } {
  const valuesText = Object.keys(values).length === 0 ? "" : writeYaml(values);
  return valuesText === chart.valuesText ? { chart, files: [] } : { chart: { ...chart, values, valuesText }, files };
}
