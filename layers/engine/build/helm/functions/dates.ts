import type { EpochMs } from "../../../domain/time.ts";
import { spend } from "../../work.ts";
import { failure } from "../go/result.ts";
import { STRING } from "../go/type.ts";
import type { GoValue } from "../go/value.ts";
import { ARG, argOf, type GoFunction, goFunction } from "../template/functions.ts";
import { durationText, parseGoDuration, roundDuration, SECOND_NANOS } from "./dates/duration.ts";
import { formatTime } from "./dates/format-time.ts";
import { addNanos, floorDivide, type Moment, nanosBetween, shownIn, ZERO_SECONDS } from "./dates/moment.ts";
import { parseTime } from "./dates/parse-time.ts";
import { momentOfValue, TIME, timeValue } from "./dates/time-type.ts";
import { findZone, LOCAL, UTC } from "./dates/zones.ts";

const STEPS_OF_DATE = 200;
/** Of a zone the clocks are looked up. */
const STEPS_OF_ZONE = 20_000;
const DAY_LAYOUT = "2006-01-02";
const TIME_ARG = argOf(TIME);

/** sprig's functions of date and time, at the moment `now`. Source: sprig date.go. */
export function createDateFunctions(now: EpochMs): ReadonlyMap<string, GoFunction> {
  const current: Moment = { ...momentOfNanos(BigInt(Math.round(now * 1000)) * 1000n), monotonic: 0n };

  const meant = (value: GoValue, also: readonly string[]): Moment => {
    if (typeof value !== "object" || value === null) return current;
    if (value.go === "struct" && value.type.name === TIME.name) return momentOfValue(value);
    return value.go === "int" && also.includes(value.type.name) ? { seconds: value.value, nanos: 0, zone: LOCAL } : current;
  };

  const inZone = (layout: string, value: GoValue, name: string): string => {
    spend(STEPS_OF_DATE + layout.length + (name === "Local" || name === "UTC" || name === "" ? 0 : STEPS_OF_ZONE));
    return formatTime(shownIn(meant(value, ["int", "int32", "int64"]), findZone(name) ?? UTC), layout);
  };

  const dateInZone = goFunction([ARG.string, ARG.any, ARG.string], inZone, STRING);
  const dateModify = goFunction(
    [ARG.string, TIME_ARG],
    (text, value) => {
      const duration = parseGoDuration(text);
      return duration.ok ? timeValue(addNanos(momentOfValue(value), duration.value)) : value;
    },
    TIME,
  );
  const mustDateModify = goFunction(
    [ARG.string, TIME_ARG],
    (text, value) => {
      const duration = parseGoDuration(text);
      return duration.ok ? timeValue(addNanos(momentOfValue(value), duration.value)) : failure(duration.problem);
    },
    TIME,
  );

  return new Map<string, GoFunction>([
    ["now", goFunction([], () => timeValue(current), TIME)],
    ["date", goFunction([ARG.string, ARG.any], (layout, value) => inZone(layout, value, "Local"), STRING)],
    ["dateInZone", dateInZone],
    ["date_in_zone", dateInZone],
    ["htmlDate", goFunction([ARG.any], (value) => inZone(DAY_LAYOUT, value, "Local"), STRING)],
    ["htmlDateInZone", goFunction([ARG.any, ARG.string], (value, zone) => inZone(DAY_LAYOUT, value, zone), STRING)],
    ["dateModify", dateModify],
    ["date_modify", dateModify],
    ["mustDateModify", mustDateModify],
    ["must_date_modify", mustDateModify],
    ["ago", goFunction([ARG.any], (value) => durationText(roundDuration(nanosBetween(current, meant(value, ["int", "int64"])), SECOND_NANOS)), STRING)],
    ["duration", goFunction([ARG.any], (value) => durationText(BigInt.asIntN(64, secondsOf(value) * SECOND_NANOS)), STRING)],
    ["durationRound", goFunction([ARG.any], (value) => roundedText(spanOf(value, current)), STRING)],
    [
      "toDate",
      goFunction(
        [ARG.string, ARG.string],
        (layout, text) => {
          const moment = readTime(layout, text);
          return timeValue(moment.ok ? moment.value : { seconds: ZERO_SECONDS, nanos: 0, zone: UTC });
        },
        TIME,
      ),
    ],
    [
      "mustToDate",
      goFunction(
        [ARG.string, ARG.string],
        (layout, text) => {
          const moment = readTime(layout, text);
          return moment.ok ? timeValue(moment.value) : failure(moment.problem);
        },
        TIME,
      ),
    ],
    ["unixEpoch", goFunction([TIME_ARG], (value) => momentOfValue(value).seconds.toString(), STRING)],
  ]);
}

function momentOfNanos(nanos: bigint): Moment {
  const seconds = floorDivide(nanos, SECOND_NANOS);
  return { seconds, nanos: Number(nanos - seconds * SECOND_NANOS), zone: LOCAL };
}

function readTime(layout: string, text: string): ReturnType<typeof parseTime> {
  spend(STEPS_OF_DATE + layout.length + text.length);
  return parseTime(layout, text, LOCAL);
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** More digits are too large all the same. */
const MOST_DIGITS = 400;

/** Only an int64, or a text, means seconds. Source: sprig duration. */
function secondsOf(value: GoValue): bigint {
  if (typeof value === "object" && value !== null && value.go === "int") return value.type.name === "int64" ? value.value : 0n;
  if (typeof value !== "string" || !/^[+-]?[0-9]+$/.test(value)) return 0n;
  const digits = value.replace(/^[+-]0*|^0+/, "").slice(0, MOST_DIGITS);
  const size = BigInt(digits === "" ? 0 : digits);
  const seconds = value.startsWith("-") ? -size : size;
  return seconds > MAX_INT64 ? MAX_INT64 : seconds < MIN_INT64 ? MIN_INT64 : seconds;
}

function spanOf(value: GoValue, now: Moment): bigint {
  if (typeof value === "string") {
    const duration = parseGoDuration(value);
    return duration.ok ? duration.value : 0n;
  }
  if (typeof value !== "object" || value === null) return 0n;
  if (value.go === "int") return value.type.name === "int64" ? value.value : 0n;
  return value.go === "struct" && value.type.name === TIME.name ? nanosBetween(now, momentOfValue(value)) : 0n;
}

const UNITS: readonly (readonly [name: string, seconds: bigint])[] = [
  ["y", 365n * 86_400n],
  ["mo", 30n * 86_400n],
  ["d", 86_400n],
  ["h", 3600n],
  ["m", 60n],
  ["s", 1n],
];

/** The largest unit of which there is more than one in it: a whole day is 24 hours. */
function roundedText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  for (const [name, seconds] of UNITS) if (size > seconds * SECOND_NANOS) return `${size / (seconds * SECOND_NANOS)}${name}`;
  return "0s";
}
