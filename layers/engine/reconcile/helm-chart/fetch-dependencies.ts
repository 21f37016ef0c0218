import type { Chart } from "../../build/helm/chart/chart.ts";
import { loadChartArchive } from "../../build/helm/chart/load-chart.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { DEFAULT_TIMEOUT, type HelmRepository, parseHelmRepository } from "../../flux/helm-repository-object.ts";
import { KINDS } from "../../flux/kinds.ts";
import type { ArtifactFiles } from "../../source/helm/artifact-files.ts";
import { FLUX_LIMITS } from "../../source/helm/chart-metadata.ts";
import { dependencyUrl, isLocal, localDependency, type MissingDependency, missingDependencies } from "../../source/helm/dependencies.ts";
import { normalizeRepositoryUrl } from "../../source/helm/repository-url.ts";
import { findChartAccess, type Reachable } from "../helm-repository/access.ts";
import type { HelmChartDeps } from "./deps.ts";
import { type Downloader, indexDownloader, registryDownloader } from "./downloader.ts";
import type { FetchDependencies } from "./local-build.ts";

/**
 * Fetches what charts/ of a chart in an artifact lacks: from beside it, or from where Chart.yaml says, with the credentials of a HelmRepository of the namespace that
 * has the same URL. Source: reference 1.5; source-controller, DependencyManager.
 */
export function dependencyFetcher(deps: HelmChartDeps, namespace: string, files: ArtifactFiles, path: string): FetchDependencies {
  const opened = new Map<string, Result<Downloader>>();

  async function downloaderOf(repository: string): Promise<Result<Downloader>> {
    const url = dependencyUrl(repository);
    if (!url.ok) return url;
    const known = opened.get(url.value);
    if (known !== undefined) return known;
    const made = await openDownloader(deps, namespace, url.value);
    const answer = made.ok ? made : problem(`failed to get chart repository for URL '${url.value}': ${made.problem}`);
    opened.set(url.value, answer);
    return answer;
  }

  async function fetchRemote({ name, version, repository }: MissingDependency): Promise<Result<Chart>> {
    const downloader = await downloaderOf(repository);
    if (!downloader.ok) return downloader;
    const answer = await downloader.value.choose(name, version);
    if (answer.kind !== "chosen") return problem(`failed to get chart '${name}' version '${version}' from '${repository}': ${answer.message}`);
    const downloaded = await downloader.value.download(answer.chosen);
    if (!downloaded.ok) return problem(`chart download of version '${answer.chosen.version}' failed: ${downloaded.problem}`);
    const chart = loadChartArchive(downloaded.value, FLUX_LIMITS);
    return chart.ok ? chart : problem(`failed to load downloaded archive of version '${answer.chosen.version}': ${chart.problem}`);
  }

  return async (chart) => {
    const charts: Chart[] = [];
    for (const missing of missingDependencies(chart)) {
      const found = isLocal(missing) ? localDependency(files, path, missing) : await fetchRemote(missing);
      if (!found.ok) return problem(`failed to add ${isLocal(missing) ? "local" : "remote"} dependency '${missing.called}': ${found.problem}`);
      charts.push(found.value);
    }
    return ok(charts);
  };
}

async function openDownloader(deps: HelmChartDeps, namespace: string, url: string): Promise<Result<Downloader>> {
  const listed = await findRepository(deps, namespace, url);
  if (!listed.ok) return listed;
  const repository = listed.value;
  const access = await findChartAccess(deps.cluster, namespace, repository?.spec ?? anybodys(url), url);
  if (access.kind === "failed") return problem(access.message);
  if (access.kind === "unsupported") return problem(`not implemented yet: ${access.field}`);
  return ok(/^oci:/i.test(url) ? registryDownloader(deps, access.target) : indexDownloader(deps, access.target, repository?.status.artifact));
}

/** Of several with the same URL the first by name. */
async function findRepository({ cluster }: HelmChartDeps, namespace: string, url: string): Promise<Result<HelmRepository | undefined>> {
  const { group, version, kind } = KINDS.HelmRepository;
  const answer = await cluster.list({ apiVersion: `${group}/${version}`, kind, namespace });
  if (answer.kind === "refused") return problem(`unable to retrieve HelmRepositoryList: ${answer.message}`);
  const repositories = answer.items.flatMap((manifest) => {
    const parsed = parseHelmRepository(manifest);
    const normal = parsed.ok ? normalizeRepositoryUrl(parsed.value.spec.url) : parsed;
    return parsed.ok && normal.ok && normal.value === url ? [parsed.value] : [];
  });
  return ok(repositories.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))[0]);
}

const anybodys = (url: string): Reachable => ({ url, type: "default", timeout: DEFAULT_TIMEOUT, passCredentials: false, insecure: false, provider: "generic" });
