import { type Artifact, type Revision, revision } from "../domain/artifact.ts";
import { isTrue } from "../domain/condition.ts";
import type { Outcome } from "../domain/outcome.ts";
import { formatTime } from "../domain/time.ts";
import { type HelmChart, parseHelmChart } from "../flux/helm-chart-object.ts";
import { otherValuesFiles } from "../source/helm/values-files.ts";
import { type Built, buildEnd, remoteBuildEnd } from "./helm-chart/build-failure.ts";
import { CRD, type HelmChartDeps } from "./helm-chart/deps.ts";
import { type Build, type ChartProgress, type End, newsOf, next, type Step } from "./helm-chart/end.ts";
import { dependencyFetcher } from "./helm-chart/fetch-dependencies.ts";
import { type ChartSource, findSource } from "./helm-chart/find-source.ts";
import { buildLocal, selectLocal } from "./helm-chart/local-build.ts";
import { openArtifact, openRepository, refusedVerification, unsupportedVerification } from "./helm-chart/open-source.ts";
import { buildRemote, type ChartBuild, selectRemote } from "./helm-chart/remote-build.ts";
import { OWNED_CONDITIONS, summarise } from "./helm-chart/summarise.ts";
import { isRequested } from "./object-status.ts";
import { reconcileSource, type Worked } from "./source/reconcile-source.ts";
import { begun, hasNewGeneration } from "./source/source-conditions.ts";
import type { SourceKind } from "./source/source-object.ts";
import { announce } from "./source/source-pass.ts";

export type { HelmChartDeps } from "./helm-chart/deps.ts";

const KIND: SourceKind<HelmChart> = { crd: CRD, owned: OWNED_CONDITIONS, parse: parseHelmChart };

/** One pass over one HelmChart, from its source to the status. Source: reference 1.1, 1.5. */
export function reconcileHelmChart(deps: HelmChartDeps, object: HelmChart): Promise<Outcome> {
  return reconcileSource(deps, KIND, object, {
    work: (at, wrote) => work(deps, at, wrote),
    summarise: (at, before, end, now) => summarise(at, before, end, now, deps.settings.requeueDependency),
  });
}

/** The ladder: every rung ends the pass or hands on what the next one needs. `wrote`: this pass has announced itself already. */
async function work(deps: HelmChartDeps, object: HelmChart, wrote: boolean): Promise<Worked<HelmChart, End>> {
  const { artifact } = object.status;
  const unseen: ChartProgress = { lost: artifact !== undefined && !(await deps.artifacts.has(artifact.digest)) };
  const source = await findSource(deps, object, unseen);
  if (source.kind === "end") return { ...source, object };
  const seen = source.value.kind === "registry" ? undefined : source.value.artifact.revision;
  const progress: ChartProgress = { ...unseen, ...(seen !== undefined && { source: seen }) };
  if (artifact !== undefined && isAtRest(object, source.value, progress)) return { kind: "end", end: { kind: "at-rest", artifact }, object };
  const making = await select(deps, object, source.value, progress);
  if (making.kind === "end") return { ...making, object };
  const { selected, build, endOf } = making.value;
  if (artifact !== undefined && !progress.lost && isThere(object, selected))
    return { kind: "end", end: { kind: "unchanged", build: { ...selected, valuesFiles: knownValuesFiles(object) }, artifact, progress }, object };
  const made = await build();
  if (made.kind === "failed") return { ...endOf(made.failure), object };
  const isNew = object.status.observedChartName !== made.value.build.name || artifact?.revision !== made.value.build.version;
  const told =
    isNew && !wrote ? await announce(deps, KIND, object, begun(object, newsOf(made.value.build), deps.clock.now())) : { kind: "go" as const, object };
  if (told.kind === "end") return { kind: "outcome", outcome: told.outcome };
  return { kind: "end", end: await store(deps, told.object, made.value, progress), object: told.object };
}

/** Status speaks of this spec and this revision of the source; only a registry may have new tags without a word. */
function isAtRest(object: HelmChart, source: ChartSource, { lost, source: seen }: ChartProgress): boolean {
  if (lost || hasNewGeneration(object) || isRequested(object) || source.kind === "registry") return false;
  return isTrue(object.status.conditions ?? [], "Ready") && object.status.observedSourceArtifactRevision === seen;
}

/** What is to be built, how, and how a failure of it ends the pass. */
type Making = {
  readonly selected: Build;
  readonly build: () => Promise<Built<ChartBuild>>;
  readonly endOf: (failure: Parameters<typeof buildEnd>[0]) => ReturnType<typeof buildEnd>;
};

async function select(deps: HelmChartDeps, object: HelmChart, source: ChartSource, progress: ChartProgress): Promise<Step<Making>> {
  if (source.kind === "files") return selectFromArtifact(deps, object, source.artifact, progress);
  const refused = unsupportedVerification(object, source, progress);
  if (refused !== undefined) return refused;
  const opened = await openRepository(deps, object, source, progress);
  if (opened.kind === "end") return opened;
  const downloader = opened.value;
  const chosenOne = await selectRemote(downloader, object);
  const selected = chosenOne.kind === "built" ? (refusedVerification(object) ?? chosenOne) : chosenOne;
  if (selected.kind === "failed") return remoteBuildEnd(selected.failure, progress);
  const { chosen, version, repackaged } = selected.value;
  return next({
    selected: { name: chosen.name, version, packaged: repackaged, valuesFiles: [], resolved: 0 },
    build: () => buildRemote(downloader, object, selected.value),
    endOf: (failure) => remoteBuildEnd(failure, progress),
  });
}

async function selectFromArtifact(deps: HelmChartDeps, object: HelmChart, source: Artifact, progress: ChartProgress): Promise<Step<Making>> {
  const files = await openArtifact(deps, source, progress);
  if (files.kind === "end") return files;
  const local = selectLocal(files.value, object, source);
  if (local.kind === "failed") return buildEnd(local.failure, progress);
  const { path, name, version, packaged } = local.value;
  const fetch = dependencyFetcher(deps, object.metadata.namespace, files.value, path);
  return next({
    selected: { name, version, packaged, valuesFiles: [], resolved: 0 },
    build: () => buildLocal(files.value, object, local.value, fetch),
    endOf: (failure) => buildEnd(failure, progress),
  });
}

/** The chart in status has that name and version, and was built for this spec. */
const isThere = (object: HelmChart, { name, version }: Build): boolean =>
  !hasNewGeneration(object) && object.status.observedChartName === name && object.status.artifact?.revision === version;

/** Those that were merged when it was built are kept where some may be missing; else all of them were. */
const knownValuesFiles = ({ spec, status }: HelmChart): readonly string[] => status.observedValuesFiles ?? otherValuesFiles(spec.valuesFiles);

async function store(deps: HelmChartDeps, { metadata, spec }: HelmChart, { build, bytes }: ChartBuild, progress: ChartProgress): Promise<End> {
  const stored = await deps.artifacts.put(bytes);
  const version: Revision = revision(build.version);
  const artifact: Artifact = {
    path: `helmchart/${metadata.namespace}/${metadata.name}/${build.name}-${build.version}.tgz`,
    url: stored.url,
    revision: version,
    digest: stored.digest,
    lastUpdateTime: formatTime(deps.clock.now()),
    size: stored.size,
  };
  const observed = { observedChartName: build.name, ...(spec.ignoreMissingValuesFiles && { observedValuesFiles: build.valuesFiles }) };
  return { kind: "stored", build, artifact, url: stored.url, observed, progress };
}
