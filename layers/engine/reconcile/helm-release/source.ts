import type { Artifact } from "../../domain/artifact.ts";
import { findCondition } from "../../domain/condition.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { type Milliseconds, seconds } from "../../domain/time.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import { conditionsOf, objectMetaOf, observedGenerationOf, partOf } from "../../flux/object.ts";
import { createReader, ignore } from "../../flux/reader.ts";
import type { HelmReleaseDeps } from "./deps.ts";
import type { End } from "./end.ts";

/** Flux waits so long for sources and dependencies (`--requeue-dependency`). */
export const DEPENDENCY_WAIT: Milliseconds = seconds(30);

export type ChartSource = {
  readonly artifact: Artifact;
  /** What the chart is called and which version it is, as the source tells without being opened; undefined where it tells neither. */
  readonly chart: { readonly name: string; readonly version: string } | undefined;
};

export type FoundSource = { readonly kind: "found"; readonly source: ChartSource } | { readonly kind: "end"; readonly end: End };

/** The chart that the HelmRelease's source has now, or why there is none. `kept`: its own HelmChart. Source: reference 3.4 steps 6 and 7. */
export async function findSource(deps: HelmReleaseDeps, object: HelmRelease, kept: Manifest | undefined): Promise<FoundSource> {
  const { chartRef } = object.spec;
  if (chartRef === undefined) return kept === undefined ? failed("could not get Source object: no HelmChart") : ready(kept);
  const { kind, namespace, name } = chartRef;
  if (deps.settings.noCrossNamespaceRefs && namespace !== object.metadata.namespace)
    return denied(`cross-namespace references are not allowed: cannot access ${kind} ${namespace}/${name}`);
  if (kind === "ExternalArtifact") return denied(`can't access '${kind}/${namespace}/${name}', ExternalArtifact feature gate is disabled`);
  const answer = await deps.cluster.get({ apiVersion: apiVersionOfKind(KINDS[kind]), kind, namespace, name });
  if (answer.kind === "absent") return failed(`could not get Source object: ${kind}.${KINDS[kind].group} "${name}" not found`);
  return answer.kind === "refused" ? failed(`could not get Source object: ${answer.message}`) : ready(answer.object);
}

/** The source says that it has an artifact, and the store has not: it will be made again. */
export const artifactVanished = (): End => ({
  kind: "waiting",
  cause: { reason: "ArtifactFailed", message: `Source not ready: artifact not found. Retrying in ${formatDuration(DEPENDENCY_WAIT)}` },
  retryIn: DEPENDENCY_WAIT,
  lostArtifact: true,
});

function ready(source: Manifest): FoundSource {
  const artifact = artifactOf(source);
  const why = whyNot(source, artifact);
  if (why !== undefined || artifact === undefined) {
    const { kind, metadata } = source;
    const message = `${kind} '${metadata.namespace}/${metadata.name}' is not ready: ${why}`;
    return { kind: "end", end: { kind: "waiting", cause: { reason: "SourceNotReady", message }, retryIn: DEPENDENCY_WAIT } };
  }
  return { kind: "found", source: { artifact, chart: chartIn(source, artifact) } };
}

function whyNot(source: Manifest, artifact: Artifact | undefined): string | undefined {
  const [isReady, stalled] = [findCondition(conditionsOf(source), "Ready"), findCondition(conditionsOf(source), "Stalled")];
  if (objectMetaOf(source).generation !== observedGenerationOf(source))
    return isReady?.status === "False" ? isReady.message : "latest generation of object has not been reconciled";
  if (stalled?.status === "True") return stalled.message;
  return artifact === undefined ? "does not have an artifact" : undefined;
}

/** A HelmChart's artifact is of the chart's version. */
function chartIn(source: Manifest, { revision }: Artifact): ChartSource["chart"] {
  const name = createReader(partOf(source, "status"), "status", ignore).text("observedChartName");
  return source.kind === KINDS.HelmChart.kind && name !== undefined ? { name, version: revision } : undefined;
}

const denied = (message: string): FoundSource => ({ kind: "end", end: { kind: "stalled", cause: { reason: "AccessDenied", message } } });
const failed = (message: string): FoundSource => ({ kind: "end", end: { kind: "failed", cause: { reason: "ArtifactFailed", message } } });
