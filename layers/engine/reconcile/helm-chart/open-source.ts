import type { Artifact } from "../../domain/artifact.ts";
import type { HelmChart } from "../../flux/helm-chart-object.ts";
import { type ArtifactFiles, openArtifactFiles } from "../../source/helm/artifact-files.ts";
import { normalizeRepositoryUrl } from "../../source/helm/repository-url.ts";
import { hidePassword } from "../../source/remote-url.ts";
import { findChartAccess } from "../helm-repository/access.ts";
import { type Built, notBuilt, unknownFailure } from "./build-failure.ts";
import type { HelmChartDeps } from "./deps.ts";
import { type Downloader, indexDownloader, registryDownloader } from "./downloader.ts";
import { type ChartProgress, type Ended, next, type Step } from "./end.ts";
import type { ChartSource } from "./find-source.ts";

type RemoteSource = Exclude<ChartSource, { kind: "files" }>;

/** Signatures in a registry are not looked at yet, and a chart whose signature nobody has looked at is not used. */
export function unsupportedVerification({ spec }: HelmChart, source: RemoteSource, progress: ChartProgress): Ended | undefined {
  if (spec.verify === undefined || source.kind !== "registry") return undefined;
  return unknownFailure("stalled", "UnsupportedField", `not implemented yet: spec.verify (${spec.verify.provider})`, progress);
}

/** Those of a repository with an index Flux does not look at either, which it says once it knows the version. */
export function refusedVerification({ spec }: HelmChart): Built<never> | undefined {
  return spec.verify === undefined ? undefined : notBuilt("verification", "not implemented");
}

/** The repository that a chart is fetched from, with what its Secrets say. Source: source-controller, buildFromHelmRepository. */
export async function openRepository(deps: HelmChartDeps, { metadata }: HelmChart, source: RemoteSource, progress: ChartProgress): Promise<Step<Downloader>> {
  const { spec } = source.repository;
  const url = normalizeRepositoryUrl(spec.url);
  if (!url.ok) return unknownFailure("stalled", "URLInvalid", `invalid Helm repository URL: ${url.problem}`, progress);
  const access = await findChartAccess(deps.cluster, metadata.namespace, spec, url.value);
  if (access.kind === "failed") return unknownFailure("failed", "AuthenticationFailed", hidePassword(access.message), progress);
  if (access.kind === "unsupported") return unknownFailure("stalled", "UnsupportedField", `not implemented yet: ${access.field}`, progress);
  if (source.kind === "index") return next(indexDownloader(deps, access.target, source.artifact));
  if (/^oci:/i.test(url.value)) return next(registryDownloader(deps, access.target));
  return unknownFailure("stalled", "Failed", `failed to construct Helm client: invalid OCI registry URL: ${hidePassword(url.value)}`, progress);
}

/** The files of a GitRepository's artifact. */
export async function openArtifact(deps: HelmChartDeps, { digest, revision }: Artifact, progress: ChartProgress): Promise<Step<ArtifactFiles>> {
  const bytes = await deps.artifacts.get(digest);
  if (bytes === undefined) return unknownFailure("failed", "ReadOperationFailed", `failed to open source artifact: '${revision}' is not in storage`, progress);
  const files = openArtifactFiles(bytes);
  return files.ok ? next(files.value) : unknownFailure("failed", "Failed", `artifact untar error: ${files.problem}`, progress);
}
