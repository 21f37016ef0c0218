import { failure, type GoResult } from "../../go/result.ts";
import { BOOL, BYTES, FLOAT64, type GoMethod, type GoType, INT, INT64, named, pointerTo, STRING, structType } from "../../go/type.ts";
import { type GoInt, type GoStruct, type GoValue, goBytes, goInt, goStruct } from "../../go/value.ts";
import { durationText, roundDuration, SECOND_NANOS } from "./duration.ts";
import { formatTime, timeText } from "./format-time.ts";
import { MONTHS, WEEKDAYS } from "./layout.ts";
import { addNanos, civilOf, floorDivide, type Moment, momentOf, nanosBetween, shownIn, withoutMonotonic, ZERO_SECONDS } from "./moment.ts";
import { LOCAL, UTC, type Zone } from "./zones.ts";

/** What Go's package time gives to templates: `now.Year`, `(now.Sub $then).Hours`. Source: Go, package time. */

type Methods = ReadonlyMap<string, GoMethod>;

const method = (params: readonly GoType[], result: GoType, call: GoMethod["call"]): GoMethod => ({ params, variadic: false, result, call });
const integerOf = (value: GoValue | undefined): bigint => (typeof value === "object" && value !== null && value.go === "int" ? value.value : 0n);
const textOf = (value: GoValue | undefined): string => (typeof value === "string" ? value : "");

/** A named integer that prints as a word. */
const nameOf = (name: string, words: readonly string[], first: number): GoType => {
  const print = (self: GoValue): string => words[Number(integerOf(self)) - first] ?? `%!${name.slice(5)}(${integerOf(self)})`;
  return named(name, INT, { print, methods: new Map([["String", method([], STRING, print)]]) });
};
const MONTH = nameOf("time.Month", MONTHS, 1);
const WEEKDAY = nameOf("time.Weekday", WEEKDAYS, 0);

const printDuration = (self: GoValue): string => durationText(integerOf(self));
const durationMethods = new Map<string, GoMethod>();
export const DURATION: GoType = named("time.Duration", INT64, { print: printDuration, methods: durationMethods });
export const durationValue = (nanos: bigint): GoInt => goInt(nanos, DURATION);

/** Whole units first: a number of hours has no digits to spare for nanoseconds. */
const inUnits = (unit: bigint) => method([], FLOAT64, (self) => Number(integerOf(self) / unit) + Number(integerOf(self) % unit) / Number(unit));
const wholeUnits = (unit: bigint) => method([], INT64, (self) => goInt(integerOf(self) / unit, INT64));

for (const [name, one] of [
  ["Hours", inUnits(3600n * SECOND_NANOS)],
  ["Minutes", inUnits(60n * SECOND_NANOS)],
  ["Seconds", inUnits(SECOND_NANOS)],
  ["Milliseconds", wholeUnits(1_000_000n)],
  ["Microseconds", wholeUnits(1_000n)],
  ["Nanoseconds", wholeUnits(1n)],
  ["String", method([], STRING, printDuration)],
  ["Abs", method([], DURATION, (self) => durationValue(absolute(integerOf(self))))],
  ["Round", method([DURATION], DURATION, (self, [unit]) => durationValue(roundDuration(integerOf(self), integerOf(unit))))],
  ["Truncate", method([DURATION], DURATION, (self, [unit]) => durationValue(truncated(integerOf(self), integerOf(unit))))],
] satisfies readonly (readonly [string, GoMethod])[]) {
  durationMethods.set(name, one);
}

const absolute = (nanos: bigint): bigint => (nanos >= 0n ? nanos : nanos === -(2n ** 63n) ? 2n ** 63n - 1n : -nanos);
const truncated = (nanos: bigint, unit: bigint): bigint => (unit <= 0n ? nanos : nanos - (nanos % unit));

const LOCATION: GoType = structType("time.Location", {
  methods: new Map([["String", method([], STRING, (self) => zoneOf(self).name)]]),
  print: (self) => zoneOf(self).name,
});
const LOCATION_POINTER = pointerTo(LOCATION);

function zoneOf(value: GoValue | undefined): Zone {
  const struct = typeof value === "object" && value !== null && value.go === "pointer" ? value.to : value;
  const native = typeof struct === "object" && struct !== null && struct.go === "struct" ? struct.native : undefined;
  return isZone(native) ? native : UTC;
}
const isZone = (native: unknown): native is Zone => typeof native === "object" && native !== null && "at" in native && "name" in native;

const timeMethods = new Map<string, GoMethod>();
export const TIME: GoType = structType("time.Time", { methods: timeMethods, print: (self) => timeText(momentOfValue(self)) });

export const timeValue = (moment: Moment): GoStruct => goStruct(TIME, [], moment);

/** What a value of type time.Time means; Go's zero time for whatever else. */
export function momentOfValue(value: GoValue | undefined): Moment {
  const native = typeof value === "object" && value !== null && value.go === "struct" && value.type.name === TIME.name ? value.native : undefined;
  return isMoment(native) ? native : { seconds: ZERO_SECONDS, nanos: 0, zone: UTC };
}
const isMoment = (native: unknown): native is Moment => typeof native === "object" && native !== null && "seconds" in native && "zone" in native;

const civilNumber = (pick: (civil: ReturnType<typeof civilOf>) => number, type: GoType = INT): GoMethod =>
  method([], type, (self) => goInt(pick(civilOf(momentOfValue(self))), type));
const since1970 = (unit: bigint): GoMethod => method([], INT64, (self) => goInt(floorDivide(nanosSince1970(momentOfValue(self)), unit), INT64));
const nanosSince1970 = ({ seconds, nanos }: Moment): bigint => seconds * SECOND_NANOS + BigInt(nanos);
const comparison = (holds: (order: bigint) => boolean): GoMethod =>
  method([TIME], BOOL, (self, [other]) => holds(nanosSince1970(momentOfValue(self)) - nanosSince1970(momentOfValue(other))));
const moved = (params: readonly GoType[], move: (moment: Moment, args: readonly GoValue[]) => Moment): GoMethod =>
  method(params, TIME, (self, args) => timeValue(move(momentOfValue(self), args)));

function written(self: GoValue, quotes: string): GoResult {
  const moment = momentOfValue(self);
  const { year } = civilOf(moment);
  const name = quotes === "" ? "MarshalText" : "MarshalJSON";
  if (year < 0 || year > 9999) return failure(`Time.${name}: year outside of range [0,9999]`);
  return goBytes(new TextEncoder().encode(`${quotes}${formatTime(moment, "2006-01-02T15:04:05.999999999Z07:00")}${quotes}`));
}

/** From Go's zero time on, and not from 1970. */
function rounded(moment: Moment, unit: bigint, isRound: boolean): Moment {
  const plain = withoutMonotonic(moment);
  if (unit <= 0n) return plain;
  const since = nanosSince1970(moment) - ZERO_SECONDS * SECOND_NANOS;
  const rest = since - floorDivide(since, unit) * unit;
  return addNanos(plain, isRound && rest + rest >= unit ? unit - rest : -rest);
}

const methods: Methods = new Map<string, GoMethod>([
  ["Format", method([STRING], STRING, (self, [layout]) => formatTime(momentOfValue(self), textOf(layout)))],
  ["String", method([], STRING, (self) => timeText(momentOfValue(self)))],
  ["Year", civilNumber(({ year }) => year)],
  ["Month", civilNumber(({ month }) => month, MONTH)],
  ["Day", civilNumber(({ day }) => day)],
  ["Hour", civilNumber(({ hour }) => hour)],
  ["Minute", civilNumber(({ minute }) => minute)],
  ["Second", civilNumber(({ second }) => second)],
  ["Nanosecond", method([], INT, (self) => goInt(momentOfValue(self).nanos))],
  ["Weekday", civilNumber(({ weekday }) => weekday, WEEKDAY)],
  ["YearDay", civilNumber(({ yearDay }) => yearDay)],
  ["Unix", since1970(SECOND_NANOS)],
  ["UnixMilli", since1970(1_000_000n)],
  ["UnixMicro", since1970(1_000n)],
  ["UnixNano", since1970(1n)],
  ["IsZero", method([], BOOL, (self) => nanosSince1970(momentOfValue(self)) === ZERO_SECONDS * SECOND_NANOS)],
  ["IsDST", method([], BOOL, (self) => isSummer(momentOfValue(self)))],
  ["Before", comparison((order) => order < 0n)],
  ["After", comparison((order) => order > 0n)],
  ["Equal", comparison((order) => order === 0n)],
  ["Compare", method([TIME], INT, (self, [other]) => goInt(signOf(nanosSince1970(momentOfValue(self)) - nanosSince1970(momentOfValue(other)))))],
  ["Sub", method([TIME], DURATION, (self, [other]) => durationValue(nanosBetween(momentOfValue(self), momentOfValue(other))))],
  ["Add", moved([DURATION], (moment, [nanos]) => addNanos(moment, integerOf(nanos)))],
  [
    "AddDate",
    moved([INT, INT, INT], (moment, [years, months, days]) => addDate(moment, Number(integerOf(years)), Number(integerOf(months)), Number(integerOf(days)))),
  ],
  ["Round", moved([DURATION], (moment, [unit]) => rounded(moment, integerOf(unit), true))],
  ["Truncate", moved([DURATION], (moment, [unit]) => rounded(moment, integerOf(unit), false))],
  ["UTC", moved([], (moment) => shownIn(moment, UTC))],
  ["Local", moved([], (moment) => shownIn(moment, LOCAL))],
  ["In", moved([LOCATION_POINTER], (moment, [zone]) => shownIn(moment, zoneOf(zone)))],
  ["Location", method([], LOCATION_POINTER, (self) => ({ go: "pointer", type: LOCATION_POINTER, to: goStruct(LOCATION, [], momentOfValue(self).zone) }))],
  ["MarshalJSON", method([], BYTES, (self) => written(self, '"'))],
  ["MarshalText", method([], BYTES, (self) => written(self, ""))],
]);
for (const [name, one] of methods) timeMethods.set(name, one);

const signOf = (order: bigint): number => (order < 0n ? -1 : order > 0n ? 1 : 0);

function addDate(moment: Moment, years: number, months: number, days: number): Moment {
  const civil = civilOf(moment);
  return momentOf(civil.year + years, civil.month + months, civil.day + days, civil, moment.nanos, moment.zone);
}

/** Whether clocks are ahead of where they are half a year away. */
function isSummer({ seconds, zone }: Moment): boolean {
  const { offset } = zone.at(seconds);
  return offset > Math.min(zone.at(seconds + 15_778_800n).offset, zone.at(seconds - 15_778_800n).offset);
}
