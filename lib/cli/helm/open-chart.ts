import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { loadChartArchive } from "@sluice/engine/build/helm/chart/load-chart.ts";
import type { Artifact } from "@sluice/engine/domain/artifact.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { artifactOf } from "@sluice/engine/flux/artifact-object.ts";
import type { HelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import { withValues } from "@sluice/engine/reconcile/helm-chart/with-values.ts";
import { artifactFilesOf } from "@sluice/engine/source/helm/artifact-files.ts";
import { loadAt } from "@sluice/engine/source/helm/dependencies.ts";
import { mergeArtifactValues } from "@sluice/engine/source/helm/values-files.ts";
import { isFile, isFolder } from "../build/find-object.ts";
import { readTree } from "../build/read-tree.ts";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { type FluxType, TYPES } from "../flux-types.ts";
import { readObject } from "../read-object.ts";
import { readArtifact } from "./read-artifact.ts";

export type OpenChart = { readonly cli: Cli; readonly session: Session; readonly release: HelmRelease; readonly path?: string };

/** The chart of a HelmRelease: a local one with the values files of the spec, or the artifact that its source has now. */
export async function openChart({ cli, session, release, path }: OpenChart): Promise<Chart> {
  if (path === undefined) return loaded(loadChartArchive(await readArtifact(cli, session, await sourceArtifact(session, release))), "the source's artifact");
  const place = resolve(cli.workingFolder, path);
  if (await isFile(place)) return loaded(loadChartArchive(await readFile(place)), path);
  if (!(await isFolder(place))) throw new Failure(`invalid chart path ${JSON.stringify(path)}`);
  return openFolder(place, cli.workingFolder, release);
}

/** As a HelmChart from Git has it: values files are looked for from the root of the repository on. */
async function openFolder(folder: string, workingFolder: string, { spec }: HelmRelease): Promise<Chart> {
  const local = await readTree(folder, workingFolder, []);
  const files = artifactFilesOf(local.tree);
  const chart = loaded(loadAt(files, local.path), basename(folder));
  const { valuesFiles = [], ignoreMissingValuesFiles = false } = spec.chart ?? {};
  if (valuesFiles.length === 0) return chart;
  const merged = mergeArtifactValues(files, valuesFiles, ignoreMissingValuesFiles);
  if (!merged.ok) throw new Failure(`values files merge error: ${merged.problem}`);
  return withValues(chart, merged.value).chart;
}

async function sourceArtifact({ cluster }: Session, release: HelmRelease): Promise<Artifact> {
  const source = await readSource(cluster, release);
  const artifact = artifactOf(source);
  if (artifact !== undefined) return artifact;
  throw new Failure(`${source.kind} '${source.metadata.namespace}/${source.metadata.name}' has no artifact: name a chart of this machine with --chart`);
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
