/** A moment as Go's time.Time keeps it: to the nanosecond. */
export type EventMoment = {
  /** Since 1970, whole ones. */
  readonly seconds: number;
  /** Beyond the seconds. */
  readonly nanoseconds: number;
};

/** Go's zero time, which an event without a time has: 0001-01-01T00:00:00Z. */
const ZERO: EventMoment = { seconds: -62_135_596_800, nanoseconds: 0 };

/** The moment that an event's timestamp names; what is no time is Go's zero time. */
export function eventMoment(timestamp: string): EventMoment {
  const [, date, fraction = "", zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp) ?? [];
  const milliseconds = date === undefined ? Number.NaN : Date.parse(`${date}${zone}`);
  if (Number.isNaN(milliseconds)) return ZERO;
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.slice(0, 9).padEnd(9, "0")) };
}

/** UTC, whole seconds: `2026-01-02T03:04:05Z`. */
export const formatSeconds = ({ seconds }: EventMoment): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** UTC, with as much of a fraction as there is: `2026-01-02T03:04:07.123456Z`. */
export function formatNanoseconds(moment: EventMoment): string {
  if (moment.nanoseconds === 0) return formatSeconds(moment);
  const fraction = String(moment.nanoseconds).padStart(9, "0").replace(/0+$/, "");
  return `${formatSeconds(moment).slice(0, -1)}.${fraction}Z`;
}

export const unixNanoseconds = ({ seconds, nanoseconds }: EventMoment): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
