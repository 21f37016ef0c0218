import { posix } from "node:path/posix";
import type { Chart } from "../chart/chart.ts";
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
export function chartTemplates(chart: Chart, values: GoMap, shared: SharedObjects): readonly ChartTemplate[] {
  const templates: ChartTemplate[] = [];
  collect(chart, { path: chart.metadata.name, values: asValues(values), isRoot: true }, shared, templates);
  return templates;
}

type Scope = { readonly path: string; readonly values: GoMap; readonly isRoot: boolean };

/** Gives the scope of the chart, which is `.Subcharts.<name>` of its parent. */
function collect(chart: Chart, { path, values, isRoot }: Scope, shared: SharedObjects, templates: ChartTemplate[]): GoMap {
  const subcharts = goMap();
  const data = goMap([
    ["Chart", chartObject(chart, isRoot)],
    ["Files", filesObject(chart.files)],
    ["Release", shared.release],
    ["Capabilities", shared.capabilities],
    ["Values", values],
    ["Subcharts", subcharts],
  ]);
  for (const child of chart.dependencies) {
    const { name } = child.metadata;
    const below = values.entries.get(name);
    const childValues = below !== undefined && isMap(below) ? asValues(below) : goMap([], VALUES);
    subcharts.entries.set(name, collect(child, { path: `${path}/charts/${name}`, values: childValues, isRoot: false }, shared, templates));
  }
  const isLibrary = chart.metadata.type?.toLowerCase() === "library";
  const scope: GoMap = { ...data, type: VALUES };
  for (const { name, data: bytes } of chart.templates) {
    if (isLibrary && !posix.basename(name).startsWith("_")) continue;
    templates.push({ name: posix.join(path, name), text: stringOf(bytes), data: scope, basePath: `${path}/templates` });
  }
  return data;
}
