import type { Artifact } from "../../domain/artifact.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import type { HelmChart } from "../../flux/helm-chart-object.ts";
import { type HelmRepository, parseHelmRepository } from "../../flux/helm-repository-object.ts";
import { KINDS } from "../../flux/kinds.ts";
import { conditionsOf } from "../../flux/object.ts";
import type { HelmChartDeps } from "./deps.ts";
import { type ChartProgress, ended, next, type Step } from "./end.ts";

/** Where a chart comes from. A registry has no artifact. */
export type ChartSource =
  | { readonly kind: "index"; readonly repository: HelmRepository; readonly artifact: Artifact }
  | { readonly kind: "registry"; readonly repository: HelmRepository }
  | { readonly kind: "files"; readonly artifact: Artifact };

/** The source that `spec.sourceRef` names, with its artifact. Source: source-controller, reconcileSource. */
export async function findSource(
  deps: Pick<HelmChartDeps, "cluster" | "artifacts">,
  { metadata, spec }: HelmChart,
  progress: ChartProgress,
): Promise<Step<ChartSource>> {
  const { kind, name } = spec.sourceRef;
  if (kind === "Bucket") return unsupported(progress);
  const { group, version } = KINDS[kind];
  const answer = await deps.cluster.get({ apiVersion: `${group}/${version}`, kind, namespace: metadata.namespace, name });
  if (answer.kind !== "found") return unavailable(answer.kind === "absent" ? `${kind}.${group} ${JSON.stringify(name)} not found` : answer.message, progress);
  const repository = kind === "HelmRepository" ? parseHelmRepository(answer.object) : undefined;
  if (repository !== undefined && !repository.ok) return unavailable(repository.problem, progress);
  if (repository?.value.spec.type === "oci") return next({ kind: "registry", repository: repository.value });
  const artifact = artifactOf(answer.object);
  if (artifact === undefined) return withoutArtifact(spec.sourceRef, progress, isUnseen(answer.object) ? "unseen" : "without");
  if (!(await deps.artifacts.has(artifact.digest))) return withoutArtifact(spec.sourceRef, progress, "lost");
  return next(repository === undefined ? { kind: "files", artifact } : { kind: "index", repository: repository.value, artifact });
}

/** Flux knows Buckets; until Sluice does, they are refused in the words that it has for kinds that it does not know. */
function unsupported(progress: ChartProgress): Step<never> {
  const message = "failed to get source: unsupported source kind 'Bucket', must be one of: [HelmRepository GitRepository]";
  const shown = { reason: "SourceUnavailable", message };
  return ended({ kind: "stalled", condition: "FetchFailed", cause: { reason: "UnsupportedSourceKind", message }, shown, progress });
}

const unavailable = (words: string, progress: ChartProgress): Step<never> =>
  ended({ kind: "failed", condition: "FetchFailed", cause: { reason: "SourceUnavailable", message: `failed to get source: ${words}` }, progress });

function withoutArtifact({ kind, name }: HelmChart["spec"]["sourceRef"], progress: ChartProgress, source: "lost" | "unseen" | "without"): Step<never> {
  const cause = { reason: "NoSourceArtifact", message: `no artifact available for ${kind} source '${name}'` };
  return ended({ kind: "waiting", condition: "FetchFailed", cause, progress, source });
}

/** No pass over it has ended yet. */
function isUnseen(source: Manifest): boolean {
  const ready = findCondition(conditionsOf(source), "Ready");
  return ready === undefined || ready.status === "Unknown";
}
