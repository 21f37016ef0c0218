import type { Chart } from "../../../build/helm/chart/chart.ts";
import type { HelmCrdFile } from "../../../build/helm/render.ts";

const decoder = new TextDecoder();

/** The files in `crds/` of a chart and of all its dependencies, also of those that its values turn off. Source: Helm 4, pkg/chart/v2 CRDObjects, which Flux calls first. */
export const crdFiles = (chart: Chart): readonly HelmCrdFile[] => [
  ...chart.files
    .filter(({ name }) => name.startsWith("crds/") && /\.(?:ya?ml|json)$/i.test(name))
    .map(({ name, data }) => ({ filename: name, data: decoder.decode(data) })),
  ...chart.dependencies.flatMap(crdFiles),
];
