import { type EpochMs, epochMs, type Milliseconds, minutes, ms, seconds } from "../../domain/time.ts";

/** Attempts that Flux makes, the first included. */
const ATTEMPTS = 5;
const SHORTEST_WAIT = seconds(2);
const LONGEST_WAIT = seconds(30);
/** After that, quietly: Flux loses what it could not send within seconds, we do not. They are numbered from `ATTEMPTS` on, however many there were before. */
const FIRST_QUIET_WAIT = minutes(1);
const MORE_QUIET_WAITS = [minutes(5), minutes(15)];
/** What a Retry-After may ask of a quiet attempt; the longest wait of a queue, too. */
const LONGEST_QUIET_WAIT = minutes(15);

/** One attempt may take so long, whatever `spec.timeout` says: a host must be able to wait for it. */
export const LONGEST_ATTEMPT = seconds(60);
/** Close to the end of the timeout an attempt still gets that much: waits are never quite as long as they were meant to be. */
const SHORTEST_ATTEMPT = seconds(1);

/** An attempt that nobody answered. */
export type Missed = {
  /** Which attempt it was, from 0. */
  readonly attempt: number;
  /** When the first one began. */
  readonly since: EpochMs;
  /** `spec.timeout`: for all attempts of Flux's schedule. */
  readonly timeout: Milliseconds;
  readonly retryAfter?: Milliseconds;
  readonly now: EpochMs;
};

/** What comes after it. `failed`: Flux gives up here, for that reason, and so it is said. */
export type NextAttempt = Again | { readonly kind: "given-up" };
type Again = { readonly kind: "again"; readonly attempt: number; readonly notBefore: EpochMs; readonly failed?: "attempts" | "deadline" };

/** Source: reference 4.3, HTTP delivery; recorded in providers/generic-answer-500-*. */
export function nextAttempt({ attempt, since, timeout, retryAfter, now }: Missed): NextAttempt {
  if (isQuiet(attempt)) {
    const wait = MORE_QUIET_WAITS[attempt - ATTEMPTS];
    return wait === undefined ? { kind: "given-up" } : quietly(attempt + 1, wait, now, retryAfter);
  }
  const wait = retryAfter === undefined ? seconds(2 ** (attempt + 1)) : within(retryAfter, SHORTEST_WAIT, LONGEST_WAIT);
  const isLast = attempt + 1 >= ATTEMPTS;
  const deadline = since + timeout;
  const failed = now >= deadline || (!isLast && now + wait >= deadline) ? "deadline" : isLast ? "attempts" : undefined;
  if (failed === undefined) return { kind: "again", attempt: attempt + 1, notBefore: epochMs(now + wait) };
  return { ...quietly(ATTEMPTS, FIRST_QUIET_WAIT, now, retryAfter), failed };
}

/** Its failure has been said already. */
export const isQuiet = (attempt: number): boolean => attempt >= ATTEMPTS;

/** How long an attempt may take, in whole milliseconds: timers take no others. */
export function timeOf(attempt: number, since: EpochMs, timeout: Milliseconds, now: EpochMs): Milliseconds {
  const left = isQuiet(attempt) ? timeout : ms(since + timeout - now);
  return ms(Math.ceil(within(left, SHORTEST_ATTEMPT, LONGEST_ATTEMPT)));
}

function quietly(attempt: number, wait: Milliseconds, now: EpochMs, retryAfter: Milliseconds = ms(0)): Again {
  return { kind: "again", attempt, notBefore: epochMs(now + Math.max(wait, Math.min(retryAfter, LONGEST_QUIET_WAIT))) };
}

const within = (value: Milliseconds, least: Milliseconds, most: Milliseconds): Milliseconds => ms(Math.min(Math.max(value, least), most));
