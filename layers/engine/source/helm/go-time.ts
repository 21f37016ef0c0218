const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/;

/** What Go's JSON has for no time at all. */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

/** The time as Go writes it after it has read it: no zeros at the end of the fraction, `Z` for an offset of nothing; undefined when it is none. Source: Go, time.Time.UnmarshalJSON. */
export function asGoTime(text: string): string | undefined {
  if (text === "") return ZERO_TIME;
  const found = RFC_3339.exec(text);
  if (found === null || Number.isNaN(Date.parse(`${found[1]}T${found[2]}Z`))) return undefined;
  const [, day = "", clock = "", fraction = "", zone = ""] = found;
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  return `${day}T${clock}${digits === "" ? "" : `.${digits}`}${zone === "+00:00" || zone === "-00:00" ? "Z" : zone}`;
}

/** Negative, zero or positive, to the nanosecond. */
export function compareTimes(a: string, b: string): number {
  const left = momentOf(a);
  const right = momentOf(b);
  return left.seconds - right.seconds || left.nanos - right.nanos;
}

function momentOf(text: string): { readonly seconds: number; readonly nanos: number } {
  const [, day = "", clock = "", fraction = "", zone = "Z"] = RFC_3339.exec(text) ?? [];
  const seconds = Date.parse(`${day}T${clock}${zone}`) / 1000;
  return { seconds: Number.isNaN(seconds) ? Number.NEGATIVE_INFINITY : seconds, nanos: Number(fraction.slice(0, 9).padEnd(9, "0")) };
}
