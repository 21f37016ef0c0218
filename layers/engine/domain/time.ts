import type { Brand } from "./brand.ts";

/** A span of time in milliseconds; may be fractional. */
export type Milliseconds = Brand<number, "Milliseconds">;

/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = Brand<number, "EpochMs">;

export const ms = (value: number): Milliseconds => value as Milliseconds;
export const seconds = (value: number): Milliseconds => (value * 1000) as Milliseconds;
export const minutes = (value: number): Milliseconds => (value * 60_000) as Milliseconds;
export const hours = (value: number): Milliseconds => (value * 3_600_000) as Milliseconds;
export const epochMs = (value: number): EpochMs => value as EpochMs;

/** The time from `since` to `now`; a clock that was put back in between makes it nothing, never less. */
export const elapsed = (since: EpochMs, now: EpochMs): Milliseconds => ms(Math.max(0, now - since));

/** The moment as Kubernetes' metav1.Time writes it: UTC, whole seconds, `2030-01-01T00:00:00Z`. */
export const formatTime = (moment: EpochMs): string => `${new Date(Math.floor(moment / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** The moment to the millisecond, as Go writes what it has measured: `2030-01-01T00:00:00.25Z`, `2030-01-01T00:00:00Z`. */
export const formatInstant = (moment: EpochMs): string => new Date(moment).toISOString().replace(/\.?0*Z$/, "Z");

/** A moment out of RFC 3339 text, or undefined when the text is not a time. */
export function parseTime(text: string | undefined): EpochMs | undefined {
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : (moment as EpochMs);
}
