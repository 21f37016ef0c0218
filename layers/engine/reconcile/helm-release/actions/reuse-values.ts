import type { Chart } from "../../../build/helm/chart/chart.ts";
import { coalesceValues, mergeTables } from "../../../build/helm/coalesce/coalesce.ts";
import { jsonOfTable, tableOf } from "../../../build/helm/coalesce/table.ts";
import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import { isObject, type JsonObject } from "../../../domain/json.ts";
import { ok, type Result } from "../../../domain/result.ts";

/**
 * `preserveValues`: the values that were given before, under those that are given now; the chart's own are those of the chart before.
 * Source: Helm 4, pkg/action Upgrade.reuseValues.
 */
export function reuseValues(current: HelmStoredRelease, chart: Chart, values: JsonObject): Result<{ readonly chart: Chart; readonly values: JsonObject }> {
  const config = current.config ?? {};
  const metadata = current.chart.metadata;
  const name = isObject(metadata) && typeof metadata.name === "string" ? metadata.name : current.name;
  const own = isObject(current.chart.values) ? current.chart.values : {};
  const old = coalesceValues({ name, values: tableOf(own), dependencies: [] }, tableOf(config));
  if (!old.ok) return { ok: false, problem: `failed to rebuild old values: ${old.problem}` };
  return ok({ chart: { ...chart, values: jsonOfTable(old.value) }, values: jsonOfTable(mergeTables(tableOf(values), tableOf(config), false)) });
}
