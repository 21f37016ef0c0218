import { createHash } from "node:crypto";
import { type Artifact, type Revision, revision } from "../../domain/artifact.ts";
import { isEqual } from "../../domain/json.ts";
import { formatTime } from "../../domain/time.ts";
import type { HelmRepository } from "../../flux/helm-repository-object.ts";
import type { ChartTarget, IndexValidators } from "../../ports/chart-repositories.ts";
import { buildIndexArtifact } from "../../source/helm/index-artifact.ts";
import type { SourceProgress } from "../source/source-conditions.ts";
import type { HelmRepositoryDeps } from "./deps.ts";
import { type End, failedEnd, next, type Step } from "./end.ts";
import { recallValidators, rememberCharts, rememberValidators } from "./index-of.ts";

/** An index that is not the one in status. */
export type NewIndex = { readonly revision: Revision; readonly bytes: Uint8Array; readonly validators?: IndexValidators };

/** Asks for the index, by a conditional request where the server has said how. What is new is not read yet: that is work, and who only looks wants to know that there is some. Source: reference 1.4. */
export async function fetchIndex(
  deps: Pick<HelmRepositoryDeps, "charts" | "renders">,
  { spec, status }: HelmRepository,
  target: ChartTarget,
  progress: SourceProgress,
): Promise<Step<NewIndex>> {
  const current = progress.lost ? undefined : status.artifact;
  const known = current === undefined ? undefined : await recallValidators(deps, spec.url, current);
  const answer = await deps.charts.index(target, known);
  if (answer.kind === "failed")
    return failedEnd("Failed", `failed to fetch Helm repository index: failed to cache index to temporary file: ${answer.message}`, progress);
  if (answer.kind === "unchanged" && current !== undefined) return { kind: "end", end: { kind: "unchanged", revision: current.revision } };
  if (answer.kind === "unchanged") throw new Error("a repository that was not asked about an index says that it is unchanged");
  const { bytes, validators } = answer;
  const found = revision(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
  if (current !== undefined && found === current.revision) {
    // A server may say of what version its index is, and not heed what it is told of it.
    if (validators !== undefined && !isEqual(validators, known)) await rememberValidators(deps, spec.url, current, validators);
    return { kind: "end", end: { kind: "unchanged", revision: found } };
  }
  return next({ revision: found, bytes, ...(validators !== undefined && { validators }) });
}

/** Reads the index and stores it, and its charts in parts beside it. */
export async function storeIndex(
  deps: Pick<HelmRepositoryDeps, "artifacts" | "renders" | "clock">,
  { metadata, spec }: HelmRepository,
  { revision: found, bytes, validators }: NewIndex,
  progress: SourceProgress,
): Promise<End> {
  const read = buildIndexArtifact(bytes);
  if (!read.ok) return failedEnd("IndexationFailed", `failed to load Helm repository from index YAML: failed to load index: ${read.problem}`, progress).end;
  const index = read.value;
  const stored = await deps.artifacts.put(index.bytes);
  const artifact: Artifact = {
    path: `helmrepository/${metadata.namespace}/${metadata.name}/index-${found.slice("sha256:".length)}.yaml`,
    url: stored.url,
    revision: found,
    digest: stored.digest,
    lastUpdateTime: formatTime(deps.clock.now()),
    size: stored.size,
  };
  await rememberCharts(deps, index.charts, artifact);
  if (validators !== undefined) await rememberValidators(deps, spec.url, artifact, validators);
  return { kind: "stored", artifact, url: stored.url };
}
