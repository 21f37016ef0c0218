import { createHash } from "node:crypto";
import { type EpochMs, epochMs, type Milliseconds } from "../domain/time.ts";

/** What a sweep goes by when it looks at one custom resource in a LIST. */
export type DueInput = {
  readonly uid: string;
  readonly generation: number;
  /** `status.observedGeneration`: all that moves of a suspended object. */
  readonly observedGeneration?: number;
  /** `observedGeneration` of the condition Ready, which moves with every finished run, also with a failed one; undefined before the first. */
  readonly seenGeneration: number | undefined;
  readonly ready: "True" | "False" | "Unknown" | undefined;
  readonly deleted: boolean;
  readonly suspended: boolean;
  /** The condition Stalled is True: nothing but a change of the object helps. */
  readonly stalled: boolean;
  /** The annotation `reconcile.fluxcd.io/requestedAt`. */
  readonly requestedAt: string | undefined;
  readonly handledAt: string | undefined;
  readonly interval: Milliseconds;
  /** After a failure; the interval when there is none of its own. */
  readonly retryInterval?: Milliseconds;
  /** The revision that the source has now, and the one last attempted; both absent for objects without a source. */
  readonly sourceRevision?: string;
  readonly attemptedRevision?: string;
  /** It waits for others (source or dependencies), and they are all ready now. */
  readonly unblocked?: boolean;
};

export type DueCause = "deletion" | "request" | "new" | "generation" | "unfinished" | "revision" | "dependencies" | "retry" | "interval";

/** `at`: when the interval or retry comes round; undefined when only a change of the object brings it back. */
export type Due = { readonly kind: "due"; readonly cause: DueCause } | { readonly kind: "not-due"; readonly at: EpochMs | undefined };

/** A sweep covers the time after `from` up to and with `to`; each moment belongs to exactly one of successive sweeps. */
export type Window = { readonly from: EpochMs; readonly to: EpochMs };

const due = (cause: DueCause): Due => ({ kind: "due", cause });

/** The part of a period, 0 to 1, at which an object has its turn; spread evenly over objects, the same for ever for one. */
function phaseOf(uid: string): number {
  return createHash("sha256").update(uid).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * The first turn of an object after `after`: turns come every `interval`, at a place within it that is hashed from the uid. That spreads
 * the load as Flux's jitter does, and needs no memory of the last run. Source: design §4; reference 0.3.
 */
export function nextTurn(uid: string, interval: Milliseconds, after: EpochMs): EpochMs {
  const offset = phaseOf(uid) * interval;
  return epochMs((Math.floor((after - offset) / interval) + 1) * interval + offset);
}

/**
 * The window that a pass at `now` answers for: from the last turn but one to the last. Passes by the clock, however late each of them comes, have windows that
 * join without gap or overlap, as long as none is late by a whole interval.
 */
export function turnWindow(uid: string, interval: Milliseconds, now: EpochMs): Window {
  if (!(interval > 0)) return { from: now, to: now };
  return { from: nextTurn(uid, interval, epochMs(now - 2 * interval)), to: nextTurn(uid, interval, epochMs(now - interval)) };
}

/**
 * Whether an object wants a look now, and why; the first of the causes that applies.
 * Suspended ones are only looked at to acknowledge a request or a new generation, or to be deleted. Source: design §4; reference 0.3, 2.3.
 */
export function isDue(input: DueInput, window: Window): Due {
  if (input.deleted) return due("deletion");
  if (input.requestedAt !== undefined && input.requestedAt !== input.handledAt) return due("request");
  if (input.suspended) return isObserved(input) ? { kind: "not-due", at: undefined } : due("generation");
  if (input.ready === undefined || input.seenGeneration === undefined) return due("new");
  if (input.seenGeneration !== input.generation) return due("generation");
  if (input.stalled) return { kind: "not-due", at: undefined };
  if (input.ready === "Unknown") return due("unfinished");
  if (input.sourceRevision !== undefined && input.sourceRevision !== input.attemptedRevision) return due("revision");
  if (input.unblocked === true) return due("dependencies");
  return byTheClock(input, window);
}

const isObserved = ({ generation, observedGeneration = generation }: DueInput): boolean => observedGeneration === generation;

function byTheClock({ uid, ready, interval, retryInterval }: DueInput, { from, to }: Window): Due {
  const failed = ready === "False";
  const period = failed ? (retryInterval ?? interval) : interval;
  if (!(period > 0)) return due(failed ? "retry" : "interval");
  if (nextTurn(uid, period, from) <= to) return due(failed ? "retry" : "interval");
  return { kind: "not-due", at: nextTurn(uid, period, to) };
}
