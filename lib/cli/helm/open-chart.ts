import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { loadChartArchive } from "@sluice/engine/build/helm/chart/load-chart.ts";
import type { Artifact } from "@sluice/engine/domain/artifact.ts";
import { isEqual } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { artifactOf } from "@sluice/engine/flux/artifact-object.ts";
import type { HelmChartTemplate, HelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import { withValues } from "@sluice/engine/reconcile/helm-chart/with-values.ts";
import { type ArtifactFiles, artifactFilesOf } from "@sluice/engine/source/helm/artifact-files.ts";
import { loadAt, localDependency, missingDependencies, withDependencies } from "@sluice/engine/source/helm/dependencies.ts";
import { type MergedValues, mergeArtifactValues, mergeChartValues, otherValuesFiles } from "@sluice/engine/source/helm/values-files.ts";
import { isFile, isFolder } from "../build/find-object.ts";
import { readTree } from "../build/read-tree.ts";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { itemsAt, textAt } from "../fields.ts";
import { type FluxType, TYPES } from "../flux-types.ts";
import { readObject } from "../read-object.ts";
import { readArtifact } from "./read-artifact.ts";

export type OpenChart = { readonly cli: Cli; readonly session: Session; readonly release: HelmRelease; readonly path?: string };

/** The chart of a HelmRelease: a local one with the values files of the spec, or the artifact that its source has now. */
export async function openChart({ cli, session, release, path }: OpenChart): Promise<Chart> {
  if (path === undefined) return loaded(loadChartArchive(await readArtifact(cli, session, await sourceArtifact(session, release))), "the source's artifact");
  const place = resolve(cli.workingFolder, path);
  if (await isFile(place)) return withOwnValuesFiles(complete(loaded(loadChartArchive(await readFile(place)), path)), release);
  if (!(await isFolder(place))) throw new Failure(`invalid chart path ${JSON.stringify(path)}`);
  return openFolder(place, cli.workingFolder, path, release);
}

/** Where charts come out of Git, values files are looked for from the root of the repository on. */
async function openFolder(folder: string, workingFolder: string, path: string, release: HelmRelease): Promise<Chart> {
  const local = await readTree(folder, workingFolder, []);
  const files = artifactFilesOf(local.tree);
  const chart = complete(loaded(loadAt(files, local.path), path), files, local.path);
  const { sourceRef, valuesFiles = [], ignoreMissingValuesFiles = false } = release.spec.chart ?? {};
  if (sourceRef?.kind === "HelmRepository") return withOwnValuesFiles(chart, release);
  return withFiles(chart, mergeArtifactValues(files, otherValuesFiles(valuesFiles), ignoreMissingValuesFiles));
}

/** With the charts beside it that it depends on; what is elsewhere must have been fetched into it. */
function complete(chart: Chart, files?: ArtifactFiles, path = ""): Chart {
  const missing = missingDependencies(chart);
  const away = missing.filter((dependency) => files === undefined || !dependency.repository.startsWith("file://"));
  if (away.length > 0)
    throw new Failure(`found in Chart.yaml, but missing in charts/ directory: ${away.map(({ name }) => name).join(", ")}: run "helm dependency build"`);
  if (files === undefined || missing.length === 0) return chart;
  const added = missing.map((dependency) => loaded(localDependency(files, path, dependency), `the dependency ${dependency.name}`));
  return withDependencies(chart, added);
}

/** Where they come out of a repository of charts, values files are the chart's own. */
function withOwnValuesFiles(chart: Chart, { spec }: HelmRelease): Chart {
  const { valuesFiles = [], ignoreMissingValuesFiles = false } = spec.chart ?? {};
  return withFiles(chart, mergeChartValues(chart, otherValuesFiles(valuesFiles), ignoreMissingValuesFiles));
}

function withFiles(chart: Chart, merged: Result<MergedValues>): Chart {
  if (!merged.ok) throw new Failure(`values files merge error: ${merged.problem}`);
  return merged.value.files.length === 0 ? chart : withValues(chart, merged.value).chart;
}

const INSTEAD = "name a chart of this machine with --chart";

async function sourceArtifact({ cluster }: Session, release: HelmRelease): Promise<Artifact> {
  const source = await readSource(cluster, release).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to get the chart's source: ${error.message}: ${INSTEAD}`) : error;
  });
  const subject = `${source.kind}/${source.metadata.namespace}/${source.metadata.name}`;
  const { chart } = release.spec;
  if (chart !== undefined && !isOf(source, chart)) throw new Failure(`${subject} in the cluster is not the chart that the HelmRelease names: ${INSTEAD}`);
  const artifact = artifactOf(source);
  if (artifact !== undefined) return artifact;
  throw new Failure(`${subject} has no artifact: ${INSTEAD}`);
}

/** A HelmRelease in a file may name another chart, another version or other values files than that of the cluster. */
function isOf(source: Manifest, { chart, version, sourceRef, valuesFiles }: HelmChartTemplate): boolean {
  const isSame = (wanted: string, ...path: readonly string[]): boolean => textAt(source, "spec", ...path) === wanted;
  const hasVersion = isSame(version, "version") || (version === "*" && isSame("", "version"));
  const hasFiles = isEqual(itemsAt(source, "spec", "valuesFiles"), valuesFiles);
  return isSame(chart, "chart") && hasVersion && isSame(sourceRef.kind, "sourceRef", "kind") && isSame(sourceRef.name, "sourceRef", "name") && hasFiles;
}

function readSource(cluster: Session["cluster"], { metadata, spec }: HelmRelease): Promise<Manifest> {
  const { chart, chartRef } = spec;
  const reference = chartRef ?? {
    kind: "HelmChart" as const,
    namespace: chart?.sourceRef.namespace ?? metadata.namespace,
    name: `${metadata.namespace}-${metadata.name}`,
  };
  const type: FluxType = TYPES[reference.kind];
  return readObject(cluster, { apiVersion: type.apiVersion, kind: type.facts.kind, namespace: reference.namespace, name: reference.name });
}

function loaded(chart: Result<Chart>, what: string): Chart {
  if (!chart.ok) throw new Failure(`failed to load the chart from ${what}: ${chart.problem}`);
  return chart.value;
}
