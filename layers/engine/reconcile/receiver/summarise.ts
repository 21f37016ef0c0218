import { type Condition, isTrue, setCondition } from "../../domain/condition.ts";
import { formatDuration } from "../../domain/duration.ts";
import { isEqual } from "../../domain/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Receiver, ReceiverStatus } from "../../flux/receiver-object.ts";
import type { FluxEvent } from "../../ports/event-sink.ts";
import { handledRequest, reconciling, settled, stalled } from "../object-status.ts";
import type { End } from "./end.ts";

export type Saying = Pick<FluxEvent, "type" | "reason" | "message">;
export type Summary = { readonly status: ReceiverStatus; readonly saying?: Saying; readonly outcome: Outcome };

/** Before what no retry can cure. */
const TERMINAL = "Reconciliation failed terminally due to configuration error: ";

/**
 * What the Receiver says after a pass, what is told of it, and when to look again. The one place that knows its conditions. Source: reference 4.4; recorded in
 * receivers/changing.
 */
export function summarise(object: Receiver, end: End, now: EpochMs): Summary {
  switch (end.kind) {
    case "initialised":
      return initialised(object, end.webhookPath, now);
    case "no-token":
      return withoutToken(object, end.message, now);
    case "stalled":
      return stalling(object, { ...end.cause, message: TERMINAL + end.cause.message }, now);
  }
}

/** Told only when something has changed: a look by the clock that finds the same says nothing. */
function initialised(object: Receiver, webhookPath: string, now: EpochMs): Summary {
  const { generation } = object.metadata;
  const ready = { status: "True", reason: "Succeeded", message: `Receiver initialized for path: ${webhookPath}`, observedGeneration: generation } as const;
  const conditions = setCondition(settled(conditionsOf(object)), { ...ready, type: "Ready" }, now);
  const status = { ...object.status, conditions, webhookPath, observedGeneration: generation, ...handledRequest(object) };
  const message = `Reconciliation finished, next run in ${formatDuration(object.spec.interval)}`;
  return {
    status,
    ...(!isEqual(status, object.status) && { saying: { type: "Normal", reason: "Succeeded", message } }),
    outcome: { kind: "succeeded" },
  };
}

/** Its path is nobody's until there is a token again. `observedGeneration` stays what it was: this generation has not been seen to. */
function withoutToken(object: Receiver, message: string, now: EpochMs): Summary {
  const { webhookPath: _, ...status } = object.status;
  const at = { observedGeneration: object.metadata.generation };
  const failed = setCondition(conditionsOf(object), { ...at, type: "Ready", status: "False", reason: "TokenNotFound", message }, now);
  const conditions = reconciling(failed, { ...at, reason: "ProgressingWithRetry", message: "Reconciliation in progress" }, now);
  return {
    status: { ...status, conditions, ...handledRequest(object) },
    saying: { type: "Warning", reason: "Failed", message },
    outcome: { kind: "failed", cause: { reason: "TokenNotFound", message } },
  };
}

/** The path it had stays, and is answered 503. */
function stalling(object: Receiver, cause: { readonly reason: string; readonly message: string }, now: EpochMs): Summary {
  const at = { ...cause, observedGeneration: object.metadata.generation };
  const failed = setCondition(conditionsOf(object), { ...at, type: "Ready", status: "False" }, now);
  const status = {
    ...object.status,
    conditions: stalled(failed, at, now),
    observedGeneration: object.metadata.generation,
    ...handledRequest(object),
  };
  return {
    status,
    ...(!isEqual(status, object.status) && { saying: { type: "Warning", ...cause } }),
    outcome: { kind: "stalled", cause },
  };
}

/** What moves while suspended: of one that is ready the generation, of another only the answer to a request. Source: reference 4.4. */
export function suspendedStatus(object: Receiver): ReceiverStatus {
  const isReady = isTrue(conditionsOf(object), "Ready");
  return { ...object.status, ...(isReady && { observedGeneration: object.metadata.generation }), ...handledRequest(object) };
}

const conditionsOf = ({ status }: Receiver): readonly Condition[] => status.conditions ?? [];
