import type { Json } from "../../../domain/json.ts";
import type { Chart, ChartMetadata } from "../chart/chart.ts";
import type { Coalescable } from "../coalesce/coalesce.ts";
import { jsonOfTable, type Table, tableOf } from "../coalesce/table.ts";

/**
 * A chart while its dependencies are worked out, changed in place as Helm changes its own. `details` is shared by copies of one chart that Chart.yaml does not
 * name, so that what is dropped in one is no longer known in the next: Helm does that, and charts come out otherwise if we did not.
 */
export type WorkChart = {
  readonly source: Chart;
  details: Details;
  values: Table;
  dependencies: readonly WorkChart[];
};

/** What changes of Chart.yaml: the name by an alias; the list of dependencies, which Helm tells from none at all. */
export type Details = { name: string; readonly version: string; requirements: readonly Requirement[] | undefined };

/** A dependency as Chart.yaml names it. */
export type Requirement = {
  name: string;
  readonly version: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly alias: string;
  enabled: boolean;
  imports: readonly Json[];
  readonly written: { readonly [field: string]: unknown };
};

export function workChart(chart: Chart): WorkChart {
  const requirements = chart.metadata.dependencies?.map((dependency): Requirement => {
    const { name, version = "", condition = "", tags = [], alias = "", enabled = false } = dependency;
    const imports = (dependency["import-values"] ?? []).map(jsonValue);
    return { name, version, condition, tags, alias, enabled, imports, written: dependency };
  });
  return {
    source: chart,
    details: { name: chart.metadata.name, version: chart.metadata.version, requirements },
    values: tableOf(chart.values),
    dependencies: chart.dependencies.map(workChart),
  };
}

/** Chart.yaml was JSON, but its type does not say so of what is deep inside. */
const jsonValue = (value: unknown): Json => value as Json;

/** What coalescing knows of a chart, as it stands now. */
export const coalescable = ({ details, values, dependencies }: WorkChart): Coalescable => ({
  name: details.name,
  values,
  dependencies: dependencies.map(coalescable),
});

/** The chart as Helm stores it once dependencies are worked out: those that are left, by the names that they go by, and what was imported among the values. */
export function finishedChart({ source, details, values, dependencies }: WorkChart): Chart {
  const { dependencies: _, ...rest } = source.metadata;
  const requirements = details.requirements?.map(({ name, enabled, imports, written }) => {
    const { enabled: __, "import-values": ___, ...kept } = written;
    return { ...kept, name, ...(enabled && { enabled }), ...(imports.length > 0 && { "import-values": imports }) };
  });
  const metadata: ChartMetadata = { ...rest, name: details.name, ...(requirements !== undefined && { dependencies: requirements }) };
  return { ...source, metadata: inOrder(metadata, source.metadata), values: jsonOfTable(values), dependencies: dependencies.map(finishedChart) };
}

/** Helm writes Chart.yaml as JSON in the order of its own fields, in which it was read here: `dependencies` has its place among them. */
function inOrder(metadata: ChartMetadata, order: ChartMetadata): ChartMetadata {
  const entries = Object.keys(order).flatMap((key): (readonly [string, unknown])[] => (Object.hasOwn(metadata, key) ? [[key, metadata[key]]] : []));
  const { apiVersion, name, version } = metadata;
  return Object.assign({ ...Object.fromEntries(entries) }, { apiVersion, name, version });
}
