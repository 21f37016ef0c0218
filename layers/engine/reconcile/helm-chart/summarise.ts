import { type Condition, setCondition, withoutCondition } from "../../domain/condition.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { type EpochMs, type Milliseconds, seconds } from "../../domain/time.ts";
import type { HelmChart, HelmChartStatus } from "../../flux/helm-chart-object.ts";
import { handledRequest, isRequested, settled } from "../object-status.ts";
import { failing, hasNewGeneration, isRecovered, progressMessage, type SourceFailure, sayCause, stalling } from "../source/source-conditions.ts";
import type { Saying } from "../source/source-object.ts";
import type { SourceSummary } from "../source/source-pass.ts";
import { type Build, type ChartProgress, type End, reasonOf, summaryOf } from "./end.ts";

const FAILURES = ["StorageOperationFailed", "FetchFailed", "BuildFailed"];
export const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "ArtifactInStorage", "ArtifactOutdated", "SourceVerified", ...FAILURES];
const REQUEUE_DEPENDENCY = seconds(30);

/**
 * What the object says after a pass, which events there are, and when to look again. `object` is as it stands now, `before` as the pass
 * found it. The one place that knows the conditions of a HelmChart. Source: reference 1.1, 1.5.
 */
export function summarise(
  object: HelmChart,
  before: HelmChart,
  end: End,
  now: EpochMs,
  requeueDependency: Milliseconds = REQUEUE_DEPENDENCY,
): SourceSummary<HelmChart> {
  const handled = handledRequest(before);
  switch (end.kind) {
    case "at-rest": {
      const status = { ...object.status, observedGeneration: object.metadata.generation, conditions: settled(object.status.conditions ?? []), ...handled };
      return { status, sayings: sayUpToDate(before, end.artifact.revision), outcome: { kind: "succeeded", revision: end.artifact.revision } };
    }
    case "unchanged": {
      const status = { ...object.status, ...succeeded(object, end.build, now), ...observedSource(end.progress), ...handled };
      return { status, sayings: sayUnchanged(before, end), outcome: { kind: "succeeded", revision: end.artifact.revision } };
    }
    case "stored": {
      const { observedValuesFiles, ...rest } = object.status;
      const { artifact, url, observed, build, progress } = end;
      const status = { ...rest, ...observed, artifact, url, ...succeeded(object, build, now), ...observedSource(progress), ...handled };
      return { status, sayings: sayStored(before, end), outcome: { kind: "succeeded", revision: artifact.revision } };
    }
    case "failed":
      return {
        status: { ...failed(object, before, end, now), ...handled },
        sayings: [sayCause("Warning", end.cause)],
        outcome: { kind: "failed", cause: end.cause },
      };
    case "waiting": {
      const outcome: Outcome = { kind: "waiting", cause: end.cause, retryIn: requeueDependency, ...(end.source === "lost" && { lostArtifact: true }) };
      // Made in the same moment as its source, it is sent when that is there: nobody has to be told.
      const sayings = end.source === "unseen" ? [] : [sayCause("Trace", end.cause)];
      return { status: { ...failed(object, before, end, now), ...handled }, sayings, outcome };
    }
    case "stalled": {
      const without = withoutLost(object, end.progress);
      const status = { ...stalling(without, end, FAILURES, now), ...observedSource(end.progress), ...handled };
      return { status, sayings: [sayCause("Warning", end.cause)], outcome: { kind: "stalled", cause: end.cause } };
    }
  }
}

/** Kept also of a source whose chart could not be built: a new revision of it is the reason to try again. */
const observedSource = ({ source }: ChartProgress): Pick<HelmChartStatus, "observedSourceArtifactRevision"> =>
  source === undefined ? {} : { observedSourceArtifactRevision: source };

function succeeded({ metadata, status }: HelmChart, build: Build, now: EpochMs): HelmChartStatus {
  const { generation } = metadata;
  const gone = [...FAILURES, "ArtifactOutdated", "SourceVerified"];
  const kept = settled(status.conditions ?? []).filter(({ type }) => !gone.includes(type));
  const stored = { status: "True", reason: reasonOf(build), message: summaryOf(build), observedGeneration: generation } as const;
  const conditions = setCondition(setCondition(kept, { ...stored, type: "ArtifactInStorage" }, now), { ...stored, type: "Ready" }, now);
  return { observedGeneration: generation, conditions };
}

function failed(object: HelmChart, before: HelmChart, end: Extract<End, { kind: "failed" | "waiting" }>, now: EpochMs): HelmChartStatus {
  const { artifact, url, ...without } = object.status;
  const { progress } = end;
  const conditions = failing(object, end, { ...progress, message: progressMessage(before, progress) }, FAILURES, now);
  return {
    ...(progress.lost ? without : object.status),
    conditions: withVerified(conditions, end, object.metadata.generation, now),
    ...observedSource(progress),
  };
}

/** A signature that did not hold is said twice. A later failure of another kind has not looked at it. Source: source-controller, observeChartBuild. */
function withVerified(conditions: readonly Condition[], { cause }: SourceFailure, generation: number, now: EpochMs): readonly Condition[] {
  if (cause.reason !== "ChartVerificationError") return withoutCondition(conditions, "SourceVerified");
  const { message } = cause;
  return setCondition(conditions, { type: "SourceVerified", status: "False", reason: "VerificationError", message, observedGeneration: generation }, now);
}

function withoutLost(object: HelmChart, { lost }: ChartProgress): HelmChart {
  if (!lost) return object;
  const { artifact, url, ...status } = object.status;
  return { ...object, status: { ...status, conditions: withoutCondition(status.conditions ?? [], "ArtifactInStorage") } };
}

function sayStored(before: HelmChart, { artifact, build }: Extract<End, { kind: "stored" }>): readonly Saying[] {
  const dependencies: readonly Saying[] =
    build.resolved === 0 ? [] : [{ type: "Trace", reason: "ResolvedDependencies", message: `resolved ${build.resolved} chart dependencies`, fields: {} }];
  const isNew = before.status.artifact?.digest !== artifact.digest;
  return isNew || isRecovered(before, FAILURES) ? [...dependencies, sayBuilt(build, artifact)] : dependencies;
}

const sayBuilt = (build: Build, { revision, digest }: { readonly revision: string; readonly digest: string }): Saying => ({
  type: "Normal",
  reason: reasonOf(build),
  message: summaryOf(build),
  fields: { revision, digest },
});

/** Told only when somebody asked, or something had been wrong: a look by the clock that finds nothing writes nothing. */
function sayUnchanged(before: HelmChart, { build, artifact }: Extract<End, { kind: "unchanged" }>): readonly Saying[] {
  const trace = sayUpToDate(before, artifact.revision);
  return isRecovered(before, FAILURES) ? [...trace, sayBuilt(build, artifact)] : trace;
}

const sayUpToDate = (before: HelmChart, revision: string): readonly Saying[] =>
  isRequested(before) || hasNewGeneration(before) || isRecovered(before, FAILURES)
    ? [{ type: "Trace", reason: "ArtifactUpToDate", message: `artifact up-to-date with remote revision: '${revision}'`, fields: {} }]
    : [];
