import type { Chart, ChartDependency } from "../../build/helm/chart/chart.ts";
import { loadChart, loadChartArchive } from "../../build/helm/chart/load-chart.ts";
import { isArray, isObject, type JsonObject } from "../../domain/json.ts";
import { problem, type Result } from "../../domain/result.ts";
import { parseLooseVersion } from "../loose-version.ts";
import { isInRange, parseRange } from "../semver.ts";
import { type ArtifactFiles, filesBelow } from "./artifact-files.ts";
import { FLUX_LIMITS } from "./chart-metadata.ts";
import { normalizeRepositoryUrl } from "./repository-url.ts";
import { secureJoin } from "./secure-join.ts";

/** A dependency that is to be fetched, and what messages call it: its alias, else its name. */
export type MissingDependency = { readonly called: string; readonly name: string; readonly version: string; readonly repository: string };

/** The dependencies that charts/ lacks; the lock file's versions count more than Chart.yaml's. Source: source-controller, DependencyManager.Build. */
export function missingDependencies({ metadata, lock, dependencies }: Chart): readonly MissingDependency[] {
  const wanted = lock === undefined ? (metadata.dependencies ?? []) : lockedDependencies(lock);
  if (wanted.length === dependencies.length) return [];
  const present = new Set(dependencies.map((chart) => chart.metadata.name));
  return wanted.flatMap(({ name, alias = "", version = "", repository = "" }) => {
    const called = alias === "" ? name : alias;
    return present.has(called) ? [] : [{ called, name, version, repository }];
  });
}

function lockedDependencies({ dependencies }: JsonObject): readonly ChartDependency[] {
  if (!isArray(dependencies)) return [];
  return dependencies.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const { name, version, repository, alias } = entry;
    if (typeof name !== "string") return [];
    return [
      {
        name,
        ...(typeof version === "string" && { version }),
        ...(typeof repository === "string" && { repository }),
        ...(typeof alias === "string" && { alias }),
      },
    ];
  });
}

/** True for one that lies in the artifact. */
export const isLocal = ({ repository }: MissingDependency): boolean => repository === "" || repository.startsWith("file://");

/** The chart beside the one at `chartPath` that a dependency names; never one outside of the artifact. Source: source-controller, addLocalDependency. */
export function localDependency(files: ArtifactFiles, chartPath: string, { repository, version }: MissingDependency): Result<Chart> {
  const path = secureJoin(chartPath, repository.replace(/^file:\/\//, ""));
  const place = `'/${path}' (reference '${repository}')`;
  if (files.at(path) === "nothing" || files.at(path) === "below a file") return problem(`no chart found at ${place}`);
  const range = parseRange(version);
  if (!range.ok) return problem(`invalid version/constraint format '${version}': ${range.problem}`);
  const chart = loadAt(files, path);
  if (!chart.ok) return problem(`failed to load chart from ${place}: ${chart.problem}`);
  const found = parseLooseVersion(chart.value.metadata.version);
  if (!found.ok) return found;
  return isInRange(range.value, found.value) ? chart : problem(`can't get a valid version for constraint '${version}'`);
}

/** The chart at a path of an artifact: a folder, or a packed chart. */
export function loadAt({ tree, at }: ArtifactFiles, path: string): Result<Chart> {
  if (at(path) === "file") return loadChartArchive(tree.get(path)?.bytes ?? new Uint8Array(), FLUX_LIMITS);
  return loadChart(filesBelow(tree, path), FLUX_LIMITS);
}

/** Where a dependency comes from, in the form by which repositories are compared; names of a list that only a person's helm knows are none. Source: source-controller, ValidateDepURL. */
export function dependencyUrl(repository: string): Result<string> {
  if (repository.startsWith("@")) return problem(`aliased repository dependency is not supported: ${repository}`);
  if (!/^(?:oci|https?):\/\//.test(repository)) return problem(`invalid dependency repository URL: ${repository}`);
  return normalizeRepositoryUrl(repository);
}

/** `chart` with more dependencies. */
export const withDependencies = (chart: Chart, added: readonly Chart[]): Chart => ({ ...chart, dependencies: [...chart.dependencies, ...added] });
