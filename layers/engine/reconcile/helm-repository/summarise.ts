import type { Revision } from "../../domain/artifact.ts";
import { setCondition } from "../../domain/condition.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HelmRepository, HelmRepositoryStatus } from "../../flux/helm-repository-object.ts";
import { hidePassword } from "../../source/remote-url.ts";
import { handledRequest, isRequested, settled } from "../object-status.ts";
import { failing, hasNewGeneration, isRecovered, type News, progressMessage, sayCause, stalling } from "../source/source-conditions.ts";
import type { Saying } from "../source/source-object.ts";
import type { SourceSummary } from "../source/source-pass.ts";
import type { End } from "./end.ts";
import { humanSize } from "./human-size.ts";

const FAILURES = ["StorageOperationFailed", "FetchFailed"];
export const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "ArtifactInStorage", "ArtifactOutdated", ...FAILURES];

export const newsOf = (revision: Revision): News => ({ reason: "NewRevision", message: `new index revision '${revision}'` });

/**
 * What the object says after a pass, which events there are, and when to look again. `object` is as it stands now, `before` as the pass
 * found it. The one place that knows the conditions of a HelmRepository. Source: reference 1.1, 1.4.
 */
export function summarise(object: HelmRepository, before: HelmRepository, end: End, now: EpochMs): SourceSummary<HelmRepository> {
  const handled = handledRequest(before);
  switch (end.kind) {
    case "unchanged": {
      const status = { ...object.status, ...succeeded(object, end.revision, now), ...handled };
      return { status, sayings: sayUnchanged(before, end.revision), outcome: { kind: "succeeded", revision: end.revision } };
    }
    case "stored": {
      const { artifact, url } = end;
      const status = { ...object.status, artifact, url, ...succeeded(object, artifact.revision, now), ...handled };
      return { status, sayings: sayStored(before, end), outcome: { kind: "succeeded", revision: artifact.revision } };
    }
    case "failed": {
      const { artifact, url, ...without } = object.status;
      const { cause, progress } = end;
      const conditions = failing(object, end, { ...progress, message: progressMessage(before, progress) }, FAILURES, now);
      const status = { ...(progress.lost ? without : object.status), conditions, ...handled };
      return { status, sayings: [sayCause("Warning", cause)], outcome: { kind: "failed", cause } };
    }
    case "stalled": {
      const status = { ...stalling(object, end, FAILURES, now), ...handled };
      return { status, sayings: [sayCause("Warning", end.cause)], outcome: { kind: "stalled", cause: end.cause } };
    }
  }
}

function succeeded({ metadata, status }: HelmRepository, revision: Revision, now: EpochMs): HelmRepositoryStatus {
  const { generation } = metadata;
  const kept = settled(status.conditions ?? []).filter(({ type }) => type !== "ArtifactOutdated" && !FAILURES.includes(type));
  const stored = { status: "True", reason: "Succeeded", message: `stored artifact: revision '${revision}'`, observedGeneration: generation } as const;
  const conditions = setCondition(setCondition(kept, { ...stored, type: "ArtifactInStorage" }, now), { ...stored, type: "Ready" }, now);
  return { observedGeneration: generation, conditions };
}

function sayStored(before: HelmRepository, { artifact }: Extract<End, { kind: "stored" }>): readonly Saying[] {
  const fields = { revision: artifact.revision, digest: artifact.digest };
  if (before.status.artifact?.digest !== artifact.digest)
    return [{ type: "Normal", reason: "NewArtifact", message: storedText(before, artifact.size), fields }];
  return isRecovered(before, FAILURES) ? [{ type: "Normal", reason: "Succeeded", message: storedText(before, artifact.size), fields }] : [];
}

const storedText = ({ spec }: HelmRepository, size: number): string => `stored fetched index of size ${humanSize(size)} from '${hidePassword(spec.url)}'`;

/** Told only when somebody asked, or something had been wrong: a look by the clock that finds nothing writes nothing. */
function sayUnchanged(before: HelmRepository, revision: Revision): readonly Saying[] {
  const recovered = isRecovered(before, FAILURES);
  if (!recovered && !isRequested(before) && !hasNewGeneration(before)) return [];
  const trace: Saying = { type: "Trace", reason: "ArtifactUpToDate", message: `artifact up-to-date with remote revision: '${revision}'`, fields: {} };
  const { artifact } = before.status;
  if (!recovered || artifact === undefined) return [trace];
  const fields = { revision, digest: artifact.digest };
  return [trace, { type: "Normal", reason: "Succeeded", message: storedText(before, artifact.size), fields }];
}
