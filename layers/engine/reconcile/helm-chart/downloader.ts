import type { Artifact } from "../../domain/artifact.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ChartTarget } from "../../ports/chart-repositories.ts";
import type { ChartVersion } from "../../source/helm/chart-version.ts";
import { chooseFromIndex, chooseFromTags, isPlainVersion } from "../../source/helm/choose-version.ts";
import { buildIndexArtifact } from "../../source/helm/index-artifact.ts";
import { registryRepository, resolveChartUrl } from "../../source/helm/repository-url.ts";
import { versionsOf } from "../helm-repository/index-of.ts";
import type { HelmChartDeps } from "./deps.ts";

/** A version that a repository has. */
export type Chosen = { readonly name: string; readonly version: string; readonly url: string };

/** `reference`: the spec asks for what is not there; `external`: the repository did not answer as it should. */
export type ChooseAnswer = { readonly kind: "chosen"; readonly chosen: Chosen } | { readonly kind: "reference" | "external"; readonly message: string };

/** One repository or registry, as a chart is chosen and fetched. Source: source-controller, repository.Downloader. */
export type Downloader = {
  choose(name: string, version: string): Promise<ChooseAnswer>;
  download(chosen: Chosen): Promise<Result<Uint8Array>>;
};

type Deps = Pick<HelmChartDeps, "charts" | "artifacts" | "renders">;

/** Of a repository with an index; without an artifact the index is fetched for this once. */
export function indexDownloader(deps: Deps, target: ChartTarget, artifact: Artifact | undefined): Downloader {
  return {
    choose: async (name, version) => {
      const versions = artifact === undefined ? await fetchVersions(deps, target, name) : await versionsOf(deps, artifact, name);
      if (!versions.ok) return { kind: "external", message: versions.problem };
      const chosen = chooseFromIndex(versions.value, name, version);
      if (!chosen.ok) return { kind: "reference", message: chosen.problem };
      return { kind: "chosen", chosen: { name: chosen.value.name, version: chosen.value.version, url: chosen.value.urls[0] ?? "" } };
    },
    download: async ({ name, url }) => {
      if (url === "") return problem(`chart '${name}' has no downloadable URLs`);
      const resolved = resolveChartUrl(target.url, url);
      if (!resolved.ok) return resolved;
      const answer = await deps.charts.chart(target, resolved.value);
      return answer.kind === "found" ? ok(answer.bytes) : problem(answer.message);
    },
  };
}

async function fetchVersions({ charts }: Deps, target: ChartTarget, name: string): Promise<Result<readonly ChartVersion[] | undefined>> {
  const answer = await charts.index(target);
  if (answer.kind !== "found")
    return problem(`failed to cache index: failed to cache index to temporary file: ${answer.kind === "failed" ? answer.message : "unchanged"}`);
  const index = buildIndexArtifact(answer.bytes);
  return index.ok ? ok(index.value.charts.get(name)) : problem(`failed to load index: failed to load index: ${index.problem}`);
}

/** Of a registry: what is a version is taken for a tag, a constraint is looked for among the tags. */
export function registryDownloader({ charts }: Deps, target: ChartTarget): Downloader {
  return {
    choose: async (name, version) => {
      const place = registryRepository(target.url, name);
      if (!place.ok) return { kind: "external", message: place.problem };
      const tagged = (tag: string): ChooseAnswer => ({ kind: "chosen", chosen: { name, version: tag, url: `${place.value}:${tag}` } });
      if (isPlainVersion(version)) return tagged(version);
      const listed = await charts.tags(target, place.value);
      const untold = (words: string): ChooseAnswer => ({ kind: "external", message: `could not get tags for ${JSON.stringify(name)}: ${words}` });
      if (listed.kind === "failed") return untold(`could not fetch tags for ${JSON.stringify(place.value)}: ${listed.message}`);
      if (listed.tags.length === 0) return untold(`unable to locate any tags in provided repository: ${place.value}`);
      const tag = chooseFromTags(listed.tags, version);
      return tag.ok ? tagged(tag.value) : { kind: "external", message: tag.problem };
    },
    download: async ({ url }) => {
      const answer = await charts.pull(target, url);
      return answer.kind === "found" ? ok(answer.bytes) : problem(`failed to get '${url}': ${answer.message}`);
    },
  };
}
