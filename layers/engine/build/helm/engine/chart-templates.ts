import { posix } from "node:path/posix";
import type { Chart } from "../chart/chart.ts";
import type { FinishedChart } from "../dependencies/work-chart.ts";
import { stringOf } from "../go/bytes.ts";
import { type GoMap, type GoValue, goMap, isMap } from "../go/value.ts";
import { chartObject } from "../objects/chart-object.ts";
import { filesObject } from "../objects/files.ts";
import { asValues, VALUES } from "../objects/values.ts";

/** One file below templates/. `data` is what it is executed with, and all files of its chart are. */
export type ChartTemplate = { readonly name: string; readonly text: string; readonly data: GoMap; readonly basePath: string };

/** What all charts of a release share: whoever changes it in a template changes it for all. */
export type SharedObjects = { readonly release: GoMap; readonly capabilities: GoValue };

/** All templates of a chart and of the charts below it, each with its own scope. Of library charts only those that are included. Source: Helm 4, recAllTpls. */
export function chartTemplates({ chart, paths }: FinishedChart, values: GoMap, shared: SharedObjects): readonly ChartTemplate[] {
  const templates: ChartTemplate[] = [];
  collect(chart, { values: asValues(values), isRoot: true }, { ...shared, paths, templates });
  return templates;
}

type Scope = { readonly values: GoMap; readonly isRoot: boolean };
type Collecting = SharedObjects & { readonly paths: ReadonlyMap<Chart, string>; readonly templates: ChartTemplate[] };

/** Gives the scope of the chart, which is `.Subcharts.<name>` of its parent. */
function collect(chart: Chart, { values, isRoot }: Scope, collecting: Collecting): GoMap {
  const path = collecting.paths.get(chart) ?? chart.metadata.name;
  const subcharts = goMap();
  const data = goMap([
    ["Chart", chartObject(chart, isRoot)],
    ["Files", filesObject(chart.files)],
    ["Release", collecting.release],
    ["Capabilities", collecting.capabilities],
    ["Values", values],
    ["Subcharts", subcharts],
  ]);
  for (const child of chart.dependencies) {
    const { name } = child.metadata;
    const below = values.entries.get(name);
    const childValues = below !== undefined && isMap(below) ? asValues(below) : goMap([], VALUES);
    subcharts.entries.set(name, collect(child, { values: childValues, isRoot: false }, collecting));
  }
  const isLibrary = chart.metadata.type?.toLowerCase() === "library";
  const scope: GoMap = { ...data, type: VALUES };
  for (const { name, data: bytes } of chart.templates) {
    if (isLibrary && !posix.basename(name).startsWith("_")) continue;
    collecting.templates.push({ name: posix.join(path, name), text: stringOf(bytes), data: scope, basePath: `${path}/templates` });
  }
  return data;
}
