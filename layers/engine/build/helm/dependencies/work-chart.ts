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
  /**
   * What the names of its templates are under. A chart that came by an alias is a copy, and so are its dependencies, but theirs still have the parent that they
   * had: their templates stand under its old name, and two aliases share them. Helm does that too.
   */
  parent: WorkChart | undefined;
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
  /** Set once `imports` are pairs of child and parent: Helm does not know them a second time, where two aliases share a chart. */
  imported: boolean;
  readonly written: { readonly [field: string]: unknown };
};

export function workChart(chart: Chart, parent?: WorkChart): WorkChart {
  const requirements = chart.metadata.dependencies?.map((dependency): Requirement => {
    const { name, version = "", condition = "", tags = [], alias = "", enabled = false } = dependency;
    const imports = (dependency["import-values"] ?? []).map(jsonValue);
    return { name, version, condition, tags, alias, enabled, imports, imported: false, written: dependency };
  });
  const work: WorkChart = {
    source: chart,
    parent,
    details: { name: chart.metadata.name, version: chart.metadata.version, requirements },
    values: tableOf(chart.values),
    dependencies: [],
  };
  work.dependencies = chart.dependencies.map((dependency) => workChart(dependency, work));
  return work;
}

/** `shop/charts/db`. Source: Helm 4, Chart.ChartFullPath. */
const pathOf = ({ parent, details }: WorkChart): string => (parent === undefined ? details.name : `${pathOf(parent)}/charts/${details.name}`);

/** Chart.yaml was JSON, but its type does not say so of what is deep inside. */
const jsonValue = (value: unknown): Json => value as Json;

/** What coalescing knows of a chart, as it stands now. */
export const coalescable = ({ details, values, dependencies }: WorkChart): Coalescable => ({
  name: details.name,
  values,
  dependencies: dependencies.map(coalescable),
});

/** `paths`: what the names of a chart's templates and CRDs begin with. */
export type FinishedChart = { readonly chart: Chart; readonly paths: ReadonlyMap<Chart, string> };

/** The chart as Helm stores it once dependencies are worked out: those that are left, by the names that they go by, and what was imported among the values. */
export function finishedChart(work: WorkChart): FinishedChart {
  const paths = new Map<Chart, string>();
  return { chart: finish(work, paths), paths };
}

function finish(work: WorkChart, paths: Map<Chart, string>): Chart {
  const { source, details, values, dependencies } = work;
  const { dependencies: _, ...rest } = source.metadata;
  const requirements = details.requirements?.map(({ name, enabled, imports, written }) => {
    const { enabled: __, "import-values": ___, ...kept } = written;
    return { ...kept, name, ...(enabled && { enabled }), ...(imports.length > 0 && { "import-values": imports }) };
  });
  const metadata: ChartMetadata = { ...rest, name: details.name, ...(requirements !== undefined && { dependencies: requirements }) };
  const below = dependencies.map((dependency) => finish(dependency, paths));
  const chart: Chart = { ...source, metadata: inOrder(metadata, source.metadata), values: jsonOfTable(values), dependencies: below };
  paths.set(chart, pathOf(work));
  return chart;
}

/** Helm writes Chart.yaml as JSON in the order of its own fields, in which it was read here: `dependencies` has its place among them. */
function inOrder(metadata: ChartMetadata, order: ChartMetadata): ChartMetadata {
  const entries = Object.keys(order).flatMap((key): (readonly [string, unknown])[] => (Object.hasOwn(metadata, key) ? [[key, metadata[key]]] : []));
  const { apiVersion, name, version } = metadata;
  return Object.assign({ ...Object.fromEntries(entries) }, { apiVersion, name, version });
}
