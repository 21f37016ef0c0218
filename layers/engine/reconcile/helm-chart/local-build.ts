import type { Chart } from "../../build/helm/chart/chart.ts";
import type { Artifact } from "../../domain/artifact.ts";
import type { Result } from "../../domain/result.ts";
import type { HelmChart } from "../../flux/helm-chart-object.ts";
import type { ArtifactFiles } from "../../source/helm/artifact-files.ts";
import { metadataAt } from "../../source/helm/chart-metadata.ts";
import { checkChartPath } from "../../source/helm/chart-reference.ts";
import { loadAt, withDependencies } from "../../source/helm/dependencies.ts";
import { packChart } from "../../source/helm/pack-chart.ts";
import { secureJoin } from "../../source/helm/secure-join.ts";
import { mergeArtifactValues, otherValuesFiles } from "../../source/helm/values-files.ts";
import { metadataSuffix, withBuildMetadata } from "../../source/helm/version-metadata.ts";
import { type Built, built, notBuilt } from "./build-failure.ts";
import type { ChartBuild } from "./remote-build.ts";
import { withValues } from "./with-values.ts";

/** The chart at a path of an artifact, and how it will be called. */
export type LocalChart = { readonly path: string; readonly name: string; readonly version: string; readonly isFolder: boolean; readonly packaged: boolean };

/** Source: source-controller, localChartBuilder.Build, until it is known whether the chart has to be packed. */
export function selectLocal(files: ArtifactFiles, { metadata, spec }: HelmChart, source: Artifact): Built<LocalChart> {
  const checked = checkChartPath(spec.chart);
  if (!checked.ok) return notBuilt("reference", checked.problem);
  const path = secureJoin(spec.chart);
  const found = metadataAt(files, path, shownRoot(metadata));
  if (!found.ok) return notBuilt("reference", found.problem);
  const valuesFiles = otherValuesFiles(spec.valuesFiles);
  const byRevision = spec.reconcileStrategy === "Revision" ? source.revision : undefined;
  const suffix = metadataSuffix({ revision: byRevision, valuesFiles, generation: metadata.generation });
  const version = suffix === "" ? { ok: true as const, value: found.value.version } : withBuildMetadata(found.value.version, suffix);
  if (!version.ok) return notBuilt("metadata", version.problem);
  const isFolder = files.at(path) === "folder";
  return built({ path, name: found.value.name, version: version.value, isFolder, packaged: isFolder || suffix !== "" });
}

/** How messages show where the artifact is. Flux unpacks it into a folder of this name, with digits of chance. */
const shownRoot = ({ namespace, name }: HelmChart["metadata"]): string => `/tmp/helmchart-${namespace}-${name}-0/source`;

/** What is fetched for a chart; the problem says for which dependency and why. */
export type FetchDependencies = (chart: Chart) => Promise<Result<readonly Chart[]>>;

/** Packs it, with other values and what it lacks, or takes it as it is packed. */
export async function buildLocal(files: ArtifactFiles, { spec }: HelmChart, local: LocalChart, fetch: FetchDependencies): Promise<Built<ChartBuild>> {
  const { path, name, version, isFolder, packaged } = local;
  if (!packaged) return built({ build: { name, version, packaged, valuesFiles: [], resolved: 0 }, bytes: files.tree.get(path)?.bytes ?? new Uint8Array() });
  const hasValues = otherValuesFiles(spec.valuesFiles).length > 0;
  const merged = hasValues ? mergeArtifactValues(files, spec.valuesFiles, spec.ignoreMissingValuesFiles) : undefined;
  if (merged !== undefined && !merged.ok) return notBuilt("values", merged.problem);
  const loaded = loadAt(files, path);
  if (!loaded.ok) return notBuilt("package", `failed to load chart from /${path}: ${loaded.problem}`);
  if (merged !== undefined && isFolder && files.at(secureJoin(path, "values.yaml")) !== "file")
    return notBuilt("values", "failed to locate values file: values.yaml");
  const renamed = { ...loaded.value, metadata: { ...loaded.value.metadata, version } };
  const valued = merged === undefined ? { chart: renamed, files: [] } : withValues(renamed, merged.value);
  const fetched = isFolder ? await fetch(valued.chart) : { ok: true as const, value: [] };
  if (!fetched.ok) return notBuilt("dependencies", fetched.problem);
  const packed = packChart(withDependencies(valued.chart, fetched.value));
  if (!packed.ok) return notBuilt("package", packed.problem);
  return built({ build: { name, version, packaged, valuesFiles: valued.files, resolved: fetched.value.length }, bytes: packed.value });
}
