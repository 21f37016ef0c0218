import type { Zone } from "./zones.ts";

/** A time.Time: a moment, and the zone that it is shown in. */
export type Moment = {
  /** Since 1970, in whole seconds. */
  readonly seconds: bigint;
  /** 0 to 999,999,999 more. */
  readonly nanos: number;
  readonly zone: Zone;
  /** The reading of a clock that only runs forward, in nanoseconds: `now` has one, and prints it. */
  readonly monotonic?: bigint;
};

const SECOND = 1_000_000_000n;
const DAY = 86_400n;

/** What calendar and clock of its zone show. */
export type Civil = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** From 0, which is Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
};

/** Go's zero time: the first of January of year 1. */
export const ZERO_SECONDS = -62_135_596_800n;

export function civilOf({ seconds, zone }: Moment): Civil {
  const shown = seconds + BigInt(zone.at(seconds).offset);
  const days = floorDivide(shown, DAY);
  const clock = Number(shown - days * DAY);
  const { year, month, day } = dateOfDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(clock / 3600),
    minute: Math.floor((clock % 3600) / 60),
    second: clock % 60,
    weekday: Number((((days + 4n) % 7n) + 7n) % 7n),
    yearDay: Number(days - daysOfDate(year, 1, 1)) + 1,
  };
}

export const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((b - 1n - a) / b));

const DAYS_OF_ERA = 146_097n;

/** Of days since 1970, in the calendar of Gregory for all times. Years of March begin without a leap day behind them. */
function dateOfDays(days: bigint): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468n;
  const era = floorDivide(shifted, DAYS_OF_ERA);
  const dayOfEra = Number(shifted - era * DAYS_OF_ERA);
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: Number(era) * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day };
}

/** Days since 1970 of a date, whose month is 1 to 12. */
export function daysOfDate(year: number, month: number, day: number): bigint {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return BigInt(era) * DAYS_OF_ERA + BigInt(dayOfEra) - 719_468n;
}

export const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export type Clock = { readonly hour: number; readonly minute: number; readonly second: number };

/** The moment when calendar and clock of `zone` show this. What the clocks skip is moved by what they skip, as in Go's time.Date. */
export function momentOf(year: number, month: number, day: number, clock: Clock, nanos: number, zone: Zone): Moment {
  const months = year * 12 + (month - 1);
  const days = daysOfDate(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1) + BigInt(day - 1);
  const shown = days * DAY + BigInt(clock.hour * 3600 + clock.minute * 60 + clock.second);
  const guess = zone.at(shown).offset;
  const early = shown - BigInt(guess);
  const offset = zone.at(early).offset;
  // Beside a change of the clocks the first guess is of the other side.
  const seconds = offset === guess || zone.at(shown - BigInt(offset)).offset !== offset ? early : shown - BigInt(offset);
  return { seconds, nanos, zone };
}

/** `nanos` later, or earlier. */
export function addNanos(moment: Moment, nanos: bigint): Moment {
  const total = moment.seconds * SECOND + BigInt(moment.nanos) + nanos;
  const seconds = floorDivide(total, SECOND);
  return {
    seconds,
    nanos: Number(total - seconds * SECOND),
    zone: moment.zone,
    ...(moment.monotonic !== undefined && { monotonic: moment.monotonic + nanos }),
  };
}

const MAX_DURATION = 2n ** 63n - 1n;
const MIN_DURATION = -(2n ** 63n);

/** From `b` to `a` in nanoseconds, at most what a time.Duration can be. */
export function nanosBetween(a: Moment, b: Moment): bigint {
  const nanos = (a.seconds - b.seconds) * SECOND + BigInt(a.nanos - b.nanos);
  return nanos > MAX_DURATION ? MAX_DURATION : nanos < MIN_DURATION ? MIN_DURATION : nanos;
}

/** The same moment, shown elsewhere; without the reading of its clock. */
export const shownIn = ({ seconds, nanos }: Moment, zone: Zone): Moment => ({ seconds, nanos, zone });

export const withoutMonotonic = ({ seconds, nanos, zone }: Moment): Moment => ({ seconds, nanos, zone });
