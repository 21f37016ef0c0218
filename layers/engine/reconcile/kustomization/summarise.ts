import type { Revision } from "../../domain/artifact.ts";
import { type Condition, type ConditionNow, findCondition, setCondition, withoutCondition } from "../../domain/condition.ts";
import { formatDuration } from "../../domain/duration.ts";
import { isEqual } from "../../domain/json.ts";
import type { Cause, Outcome } from "../../domain/outcome.ts";
import { type EpochMs, elapsed, type Milliseconds, ms, parseTime, seconds } from "../../domain/time.ts";
import type { Kustomization, KustomizationStatus } from "../../flux/kustomization-object.ts";
import { handledRequest } from "../object-status.ts";
import type { End, Work } from "./end.ts";
import { recordRun } from "./history.ts";
import { type Phase, phaseMessage } from "./phase.ts";

/** What a run says to users beside the status: an Event of the object, its reason the one of Ready at that time. */
export type Saying = {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly revision?: Revision;
  readonly isLast?: true;
};

export type Summary = {
  /** Undefined when the object says it all already: nothing is written then. */
  readonly status: KustomizationStatus | undefined;
  readonly sayings: readonly Saying[];
  readonly outcome: Outcome;
};

export type RunTimes = { readonly started: EpochMs; readonly now: EpochMs };

/** Flux waits so long for sources and dependencies (`--requeue-dependency`). */
export const DEPENDENCY_WAIT = seconds(30);

const IN_PROGRESS = { reason: "Progressing", message: "Reconciliation in progress" };

/**
 * The one place where the end of a run becomes conditions, observedGeneration, history, events and the next look.
 * Source: reference 0.2, 2.2, 2.3; appendix F.
 */
export function summarise(object: Kustomization, end: End, times: RunTimes): Summary {
  const { sayings, outcome, status } = partsOf(object, end, times);
  const next = { ...status, ...handledRequest(object) };
  const isSame = isEqual(next, object.status);
  const stillSaid = end.kind === "succeeded" && end.changed ? sayings : [];
  return { status: isSame ? undefined : next, sayings: isSame ? stillSaid : sayings, outcome };
}

type Parts = { readonly status: KustomizationStatus; readonly sayings: readonly Saying[]; readonly outcome: Outcome };

function partsOf(object: Kustomization, end: End, times: RunTimes): Parts {
  switch (end.kind) {
    case "moved":
      return { status: object.status, sayings: [], outcome: { kind: "skipped", why: end.why, again: true } };
    case "no-source":
      return {
        status: { ...object.status, conditions: refused(object, end.cause, times) },
        sayings: [],
        outcome: { kind: "waiting", cause: end.cause, retryIn: end.retryIn, ...(end.lostArtifact === true && { lostArtifact: true }) },
      };
    case "dependency-not-ready":
      return dependencyParts(object, end, times);
    case "stalled":
      return stalledParts(object, end.cause, times);
    case "failed":
      return failedParts(object, end, times);
    case "unhealthy":
      return unhealthyParts(object, end, times);
    case "settling":
      return underway(object, "detecting", end, times);
    case "checking":
      return underway(object, "checking", end, times);
    case "succeeded":
      return succeededParts(object, end, times);
  }
}

/** The conditions with `changes` made, each of this generation; a null takes the type away. */
function conditionsWith(
  object: Kustomization,
  changes: { readonly [type: string]: Omit<ConditionNow, "type" | "observedGeneration"> | null },
  { now }: RunTimes,
): readonly Condition[] {
  const observedGeneration = object.metadata.generation;
  return Object.entries(changes).reduce<readonly Condition[]>(
    (all, [type, change]) => (change === null ? withoutCondition(all, type) : setCondition(all, { type, ...change, observedGeneration }, now)),
    object.status.conditions ?? [],
  );
}

/** Before anything was tried: no Reconciling. */
const refused = (object: Kustomization, cause: Cause, times: RunTimes): readonly Condition[] =>
  conditionsWith(object, { Reconciling: null, Stalled: null, Ready: { status: "False", ...cause } }, times);

function dependencyParts(object: Kustomization, end: End & { readonly kind: "dependency-not-ready" }, times: RunTimes): Parts {
  const message = `Dependencies do not meet ready condition, retrying in ${formatDuration(DEPENDENCY_WAIT)}`;
  return {
    status: { ...object.status, conditions: refused(object, end.cause, times) },
    sayings: [{ type: "Normal", reason: end.cause.reason, message, revision: end.revision }],
    outcome: { kind: "waiting", cause: end.cause, retryIn: DEPENDENCY_WAIT },
  };
}

function stalledParts(object: Kustomization, cause: Cause, times: RunTimes): Parts {
  const conditions = conditionsWith(object, { Reconciling: null, Stalled: { status: "True", ...cause }, Ready: { status: "False", ...cause } }, times);
  return {
    status: { ...object.status, conditions, observedGeneration: object.metadata.generation },
    sayings: [{ type: "Warning", reason: cause.reason, message: cause.message }],
    outcome: { kind: "stalled", cause },
  };
}

function failedParts(object: Kustomization, end: End & { readonly kind: "failed" }, times: RunTimes): Parts {
  const { cause, phase, revision, work, at } = end;
  const conditions = conditionsWith(object, { Stalled: null, Reconciling: retrying(object, phase, revision), Ready: { status: "False", ...cause } }, times);
  return {
    status: { ...worked(object, phase, revision, work, cause.reason, times), conditions },
    sayings: [{ type: "Warning", reason: cause.reason, message: (end.eventMessage ?? cause.message).trim(), revision }],
    outcome: { kind: "failed", cause, ...(at !== undefined && { at }), retryIn: object.spec.retryInterval },
  };
}

function unhealthyParts(object: Kustomization, end: End & { readonly kind: "unhealthy" }, times: RunTimes): Parts {
  const { message, revision, work } = end;
  const cause = { reason: "HealthCheckFailed", message: unhealthyMessage(object, end) };
  const changes = {
    Stalled: null,
    Reconciling: retrying(object, "checking", revision),
    Ready: { status: "False", ...cause },
    Healthy: { status: "False", reason: cause.reason, message },
  } as const;
  return {
    status: { ...worked(object, "checking", revision, work, cause.reason, times), conditions: conditionsWith(object, changes, times) },
    sayings: [{ type: "Warning", reason: cause.reason, message: cause.message, revision }],
    outcome: { kind: "failed", cause, retryIn: object.spec.retryInterval },
  };
}

/** What was said the first time, while it is still so: only the time that it took would differ. */
function unhealthyMessage(object: Kustomization, { message, since, revision }: End & { readonly kind: "unhealthy" }): string {
  const before = findCondition(object.status.conditions ?? [], "Ready");
  const isSame = before?.reason === "HealthCheckFailed" && before.message.endsWith(`: ${message}`) && before.observedGeneration === object.metadata.generation;
  return isSame && object.status.lastAttemptedRevision === revision ? before.message : `health check failed after ${formatDuration(since)}: ${message}`;
}

function underway(object: Kustomization, phase: Phase, { revision, work }: { readonly revision: Revision; readonly work: Work }, times: RunTimes): Parts {
  const doing = { reason: "Progressing", message: phaseMessage(phase, revision, object.spec.timeout) };
  const changes = {
    Stalled: null,
    Reconciling: { status: "True", ...doing },
    Ready: { status: "Unknown", ...IN_PROGRESS },
    ...(phase === "checking" ? { Healthy: { status: "Unknown", ...doing } as const } : {}),
  } as const;
  const conditions = conditionsWith(object, changes, times);
  return {
    status: { ...worked(object, phase, revision, work, undefined, times), conditions },
    sayings: [],
    outcome: { kind: "progressing", cause: doing, retryIn: nextLook(phase, conditions, times) },
  };
}

/** Sooner while it is fresh, every five seconds in the end: half of the time waited so far. */
function nextLook(phase: Phase, conditions: readonly Condition[], { now }: RunTimes): Milliseconds {
  const since = parseTime(findCondition(conditions, phase === "checking" ? "Healthy" : "Reconciling")?.lastTransitionTime) ?? now;
  return ms(Math.min(5000, Math.max(250, (now - since) / 2)));
}

function succeededParts(object: Kustomization, end: End & { readonly kind: "succeeded" }, times: RunTimes): Parts {
  const { revision, work } = end;
  const before = object.status.conditions ?? [];
  const reason = "ReconciliationSucceeded";
  const changes = {
    Stalled: null,
    Reconciling: null,
    Ready: { status: "True", reason, message: `Applied revision: ${revision}` },
    Healthy: healthy(before, end),
  } as const;
  const status = {
    ...worked(object, "checking", revision, work, reason, times),
    conditions: conditionsWith(object, changes, times),
    lastAppliedRevision: revision,
    observedGeneration: object.metadata.generation,
  };
  const finished = `Reconciliation finished in ${formatDuration(elapsed(times.started, times.now))}, next run in ${formatDuration(object.spec.interval)}`;
  return {
    status,
    sayings: [...recovery(object, end), { type: "Normal", reason, message: finished, revision, isLast: true }],
    outcome: { kind: "succeeded", revision },
  };
}

/** Gone without health checks; as it was while it goes on to pass, since only the time that it took would differ. */
function healthy(before: readonly Condition[], { checked }: End & { readonly kind: "succeeded" }): Omit<ConditionNow, "type"> | null {
  if (checked === undefined) return null;
  const old = findCondition(before, "Healthy");
  if (old?.status === "True") return { status: "True", reason: old.reason, message: old.message };
  return { status: "True", reason: "Succeeded", message: `Health check passed in ${formatDuration(checked)}` };
}

/** That health checks pass is said when they did not before, or when a new revision brought changes. */
function recovery(object: Kustomization, { checked, changed, revision }: End & { readonly kind: "succeeded" }): readonly Saying[] {
  if (checked === undefined) return [];
  const wasHealthy = findCondition(object.status.conditions ?? [], "Healthy")?.status === "True";
  const isNew = object.status.lastAppliedRevision !== revision;
  if (wasHealthy && !(isNew && changed)) return [];
  return [{ type: "Normal", reason: "Progressing", message: `Health check passed in ${formatDuration(checked)}`, revision }];
}

const retrying = (object: Kustomization, phase: Phase, revision: Revision): Omit<ConditionNow, "type"> => ({
  status: "True",
  reason: "ProgressingWithRetry",
  message: phaseMessage(phase, revision, object.spec.timeout),
});

/** What a run that got as far as `phase` leaves in the status, apart from conditions. */
function worked(
  object: Kustomization,
  phase: Phase,
  revision: Revision,
  { digest, inventory }: Work,
  ended: string | undefined,
  { started, now }: RunTimes,
): KustomizationStatus {
  const { status } = object;
  const run = { revision, now, took: elapsed(started, now) };
  return {
    ...status,
    ...(phase !== "fetching" && { lastAttemptedRevision: revision }),
    ...(inventory !== undefined && { inventory: { entries: inventory } }),
    ...(digest !== undefined && ended !== undefined && { history: recordRun(status.history ?? [], { ...run, digest, status: ended }) }),
  };
}
