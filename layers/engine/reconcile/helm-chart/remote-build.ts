import { loadChartArchive } from "../../build/helm/chart/load-chart.ts";
import type { HelmChart } from "../../flux/helm-chart-object.ts";
import { FLUX_LIMITS, metadataInArchive } from "../../source/helm/chart-metadata.ts";
import { checkChartName } from "../../source/helm/chart-reference.ts";
import { packChart } from "../../source/helm/pack-chart.ts";
import { mergeChartValues, otherValuesFiles } from "../../source/helm/values-files.ts";
import { metadataSuffix, withBuildMetadata } from "../../source/helm/version-metadata.ts";
import { type Built, built, notBuilt } from "./build-failure.ts";
import type { Chosen, Downloader } from "./downloader.ts";
import type { Build } from "./end.ts";
import { withValues } from "./with-values.ts";

export type ChartBuild = { readonly build: Build; readonly bytes: Uint8Array };

/** Which chart of a repository it is to be, and how it will be called. */
export type Selected = { readonly chosen: Chosen; readonly version: string; readonly repackaged: boolean };

/** Source: source-controller, remoteChartBuilder.Build, as far as nothing is downloaded. */
export async function selectRemote(downloader: Downloader, { metadata, spec }: HelmChart): Promise<Built<Selected>> {
  const name = checkChartName(spec.chart);
  if (!name.ok) return notBuilt("reference", name.problem);
  const answer = await downloader.choose(spec.chart, spec.version);
  if (answer.kind !== "chosen")
    return notBuilt(answer.kind === "reference" ? "reference" : "pull", `failed to get chart version for remote reference: ${answer.message}`);
  const { chosen } = answer;
  const suffix = metadataSuffix({ revision: undefined, valuesFiles: otherValuesFiles(spec.valuesFiles), generation: metadata.generation });
  const version = suffix === "" ? { ok: true as const, value: chosen.version } : withBuildMetadata(chosen.version, suffix);
  return version.ok ? built({ chosen, version: version.value, repackaged: suffix !== "" }) : notBuilt("metadata", version.problem);
}

/** Downloads it; packed anew only where its values are to be others. */
export async function buildRemote(downloader: Downloader, { spec }: HelmChart, { chosen, version, repackaged }: Selected): Promise<Built<ChartBuild>> {
  const downloaded = await downloader.download(chosen);
  if (!downloaded.ok) return notBuilt("pull", `failed to download chart for remote reference: ${downloaded.problem}`);
  const bytes = downloaded.value;
  if (!repackaged) {
    const metadata = metadataInArchive(bytes, `${chosen.name}-${chosen.version}.tgz`);
    if (metadata.ok) return built({ build: { name: chosen.name, version, packaged: false, valuesFiles: [], resolved: 0 }, bytes });
    const isInvalid = metadata.problem.startsWith("validation: ");
    return notBuilt("pull", `failed to ${isInvalid ? "validate metadata of" : "load chart metadata from"} written chart: ${metadata.problem}`);
  }
  const chart = loadChartArchive(bytes, FLUX_LIMITS);
  if (!chart.ok) return notBuilt("package", `failed to load downloaded chart: ${chart.problem}`);
  const merged = mergeChartValues(chart.value, spec.valuesFiles, spec.ignoreMissingValuesFiles);
  if (!merged.ok) return notBuilt("values", `failed to merge chart values: ${merged.problem}`);
  const renamed = { ...chart.value, metadata: { ...chart.value.metadata, version } };
  const valued = withValues(renamed, merged.value);
  const packed = packChart(valued.chart);
  if (!packed.ok) return notBuilt("package", packed.problem);
  return built({ build: { name: chosen.name, version, packaged: true, valuesFiles: valued.files, resolved: 0 }, bytes: packed.value });
}
