import { posix } from "node:path/posix";
import type { HelmCrdFile } from "../render.ts";
import type { Chart } from "./chart.ts";

const EXTENSIONS = [".yaml", ".yml", ".json"];

/** The files below crds/ of a chart and then of the charts below it; `paths`: what their names begin with. Source: Helm 4, Chart.CRDObjects. */
export function crdFiles(chart: Chart, paths: ReadonlyMap<Chart, string>): readonly HelmCrdFile[] {
  const path = paths.get(chart) ?? chart.metadata.name;
  const own = chart.files.filter(({ name }) => name.startsWith("crds/") && EXTENSIONS.includes(posix.extname(name).toLowerCase()));
  return [
    ...own.map(({ name, data }) => ({ filename: posix.join(path, name), data: new TextDecoder().decode(data) })),
    ...chart.dependencies.flatMap((child) => crdFiles(child, paths)),
  ];
}
