import { ok, problem, type Result } from "../../../../domain/result.ts";
import { goQuote } from "./go-quote.ts";
import { type LayoutPart, MONTHS, type PartName, partsOf, WEEKDAYS } from "./layout.ts";
import { addNanos, isLeap, type Moment, momentOf, shownIn } from "./moment.ts";
import { fixedZone, UTC, type Zone } from "./zones.ts";

/** What has been read so far. -1: not said. */
type Read = {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  half: "" | "am" | "pm";
  zone: Zone | undefined;
  offset: number;
  zoneName: string;
};

/** What a part takes from the rest of a text; `bad`: it is not that; `beyond`: what is out of range, and what was left when that was seen. */
type Taken = { readonly rest: string } | { readonly bad: true } | { readonly beyond: string; readonly rest: string };
const BAD: Taken = { bad: true };

/** The moment that a text means in a layout, in `local` where it names no zone. The problem in Go's words. Source: Go, time.ParseInLocation. */
export function parseTime(layout: string, text: string, local: Zone): Result<Moment> {
  const read: Read = { year: 0, month: -1, day: -1, yearDay: -1, hour: 0, minute: 0, second: 0, nanos: 0, half: "", zone: undefined, offset: -1, zoneName: "" };
  const fault = (element: string, rest: string, message = ""): Result<never> => problem(faultText(layout, text, element, rest, message));
  const parts = partsOf(layout);
  let rest = text;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text") {
      const skipped = skip(rest, part.text);
      if (!skipped.ok) return fault(part.text, skipped.problem);
      rest = skipped.value;
      continue;
    }
    const taken = part.kind === "fraction" ? takeFraction(part, rest, read) : TAKES[part.text](rest, read, nextIsFraction(parts, index));
    if ("bad" in taken) return fault(part.text, rest);
    if ("beyond" in taken) return fault(part.text, taken.rest, `: ${taken.beyond} out of range`);
    rest = taken.rest;
  }
  if (rest !== "") return fault("", rest, `: extra text: ${goQuote(rest)}`);
  if (read.half === "pm" && read.hour < 12) read.hour += 12;
  else if (read.half === "am" && read.hour === 12) read.hour = 0;
  const wrong = settleDate(read);
  return wrong === undefined ? ok(settleZone(read, local)) : fault("", rest, wrong);
}

const faultText = (layout: string, text: string, element: string, rest: string, message: string): string =>
  message === ""
    ? `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ${goQuote(element)}`
    : `parsing time ${goQuote(text)}${message}`;

/** Only right behind, or behind other text: what comes next in the layout. */
function nextIsFraction(parts: readonly LayoutPart[], index: number): boolean {
  return parts.slice(index + 1).find(({ kind }) => kind !== "text")?.kind === "fraction";
}

/** Runs of blanks are alike. The problem: what was left where the text differs. */
function skip(text: string, prefix: string): Result<string> {
  let [value, wanted] = [text, prefix];
  while (wanted !== "") {
    if (wanted.startsWith(" ")) {
      if (value !== "" && !value.startsWith(" ")) return problem(value);
      wanted = wanted.replace(/^ +/, "");
      value = value.replace(/^ +/, "");
      continue;
    }
    if (value === "" || value[0] !== wanted[0]) return problem(value);
    wanted = wanted.slice(1);
    value = value.slice(1);
  }
  return ok(value);
}

type Take = (text: string, read: Read, nextIsFraction: boolean) => Taken;

/** One or two digits, or just two. */
function takeNumber(text: string, isFixed: boolean): { readonly value: number; readonly rest: string } | undefined {
  const [digits] = (isFixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(text) ?? [];
  return digits === undefined ? undefined : { value: Number(digits), rest: text.slice(digits.length) };
}

function numberOf(isFixed: boolean, what: string, fits: (value: number) => boolean, keep: (read: Read, value: number) => void): Take {
  return (text, read) => {
    const taken = takeNumber(text, isFixed);
    if (taken === undefined) return BAD;
    if (!fits(taken.value)) return { beyond: what, rest: taken.rest };
    keep(read, taken.value);
    return { rest: taken.rest };
  };
}

const monthOf = (isFixed: boolean): Take =>
  numberOf(
    isFixed,
    "month",
    (value) => value >= 1 && value <= 12,
    (read, value) => {
      read.month = value;
    },
  );

const dayOf = (isFixed: boolean): Take =>
  numberOf(
    isFixed,
    "day",
    () => true,
    (read, value) => {
      read.day = value;
    },
  );

const hourOf = (isFixed: boolean, most: number): Take =>
  numberOf(
    isFixed,
    "hour",
    (value) => value <= most,
    (read, value) => {
      read.hour = value;
    },
  );

const minuteOf = (isFixed: boolean): Take =>
  numberOf(
    isFixed,
    "minute",
    (value) => value < 60,
    (read, value) => {
      read.minute = value;
    },
  );

/** A fraction of a second may follow where the layout has none. */
const secondOf =
  (isFixed: boolean): Take =>
  (text, read, isFractionNext) => {
    const taken = takeNumber(text, isFixed);
    if (taken === undefined) return BAD;
    if (taken.value >= 60) return { beyond: "second", rest: taken.rest };
    read.second = taken.value;
    const [fraction] = /^[.,][0-9]+/.exec(taken.rest) ?? [];
    if (fraction === undefined || isFractionNext) return { rest: taken.rest };
    read.nanos = nanosOf(fraction);
    return { rest: taken.rest.slice(fraction.length) };
  };

/** The separator, and as many digits as there are. */
const nanosOf = (fraction: string): number => Number(fraction.slice(1, 10).padEnd(9, "0"));

function nameOf(names: readonly string[], keep: (read: Read, index: number) => void): Take {
  return (text, read) => {
    const index = names.findIndex((name) => text.slice(0, name.length).toLowerCase() === name.toLowerCase());
    if (index < 0) return BAD;
    keep(read, index);
    return { rest: text.slice((names[index] ?? "").length) };
  };
}

const setMonth = (read: Read, index: number): void => {
  read.month = index + 1;
};
const short = (names: readonly string[]): readonly string[] => names.map((name) => name.slice(0, 3));
const nothing = (): void => undefined;

const yearDayOf =
  (isFixed: boolean): Take =>
  (text, read) => {
    const rest = isFixed ? text : text.replace(/^ {1,2}/, "");
    const [digits] = (isFixed ? /^[0-9]{3}/ : /^[0-9]{1,3}/).exec(rest) ?? [];
    if (digits === undefined) return BAD;
    read.yearDay = Number(digits);
    return { rest: rest.slice(digits.length) };
  };

const halfOf =
  (isUpper: boolean): Take =>
  (text, read) => {
    const half = text.slice(0, 2);
    if (half !== (isUpper ? half.toUpperCase() : half.toLowerCase()) || !/^[ap]m$/i.test(half)) return BAD;
    read.half = half.toLowerCase() === "am" ? "am" : "pm";
    return { rest: text.slice(2) };
  };

/** Hours, minutes and seconds of an offset, of which the pattern may have fewer. */
const offsetOf =
  (pattern: RegExp, length: number, takesZ: boolean): Take =>
  (text, read) => {
    if (takesZ && text.startsWith("Z")) {
      read.zone = UTC;
      return { rest: text.slice(1) };
    }
    const found = pattern.exec(text);
    if (found === null) return BAD;
    const [, sign = "", hours = "0", minutes = "0", seconds = "0"] = found;
    const rest = text.slice(length);
    if (Number(seconds) > 60) return { beyond: "time zone offset second", rest };
    if (Number(minutes) > 60) return { beyond: "time zone offset minute", rest };
    if (Number(hours) > 24) return { beyond: "time zone offset hour", rest };
    if (sign !== "+" && sign !== "-") return BAD;
    const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    read.offset = sign === "-" ? -offset : offset;
    return { rest };
  };

const takeZoneName: Take = (text, read) => {
  if (text.startsWith("UTC")) {
    read.zone = UTC;
    return { rest: text.slice(3) };
  }
  const length = zoneNameLength(text);
  if (length === 0) return BAD;
  read.zoneName = text.slice(0, length);
  return { rest: text.slice(length) };
};

/** What looks like the abbreviation of a zone. Source: Go, time parseTimeZone. */
function zoneNameLength(text: string): number {
  if (text.length < 3) return 0;
  if (/^(?:ChST|MeST)/.test(text)) return 4;
  if (text.startsWith("GMT")) return 3 + signedLength(text.slice(3));
  if (/^[+-]/.test(text)) return signedLength(text);
  const [letters = ""] = /^[A-Z]{0,6}/.exec(text) ?? [];
  if (letters.length === 3) return 3;
  if (letters.length === 4) return letters.endsWith("T") || letters === "WITA" ? 4 : 0;
  return letters.length === 5 && letters.endsWith("T") ? 5 : 0;
}

function signedLength(text: string): number {
  const [found, digits = ""] = /^[+-]([0-9]+)/.exec(text) ?? [];
  return found === undefined || Number(digits) > 23 ? 0 : found.length;
}

function takeFraction({ digits, isTrimmed }: { readonly digits: number; readonly isTrimmed: boolean }, text: string, read: Read): Taken {
  const [found] = (isTrimmed ? /^[.,][0-9]+/ : new RegExp(`^[.,][0-9]{${Math.min(digits, 9)}}`)).exec(text) ?? [];
  if (found === undefined) return isTrimmed ? { rest: text } : BAD;
  const length = isTrimmed ? found.length : 1 + digits;
  if (text.length < length) return BAD;
  read.nanos = nanosOf(found);
  return { rest: text.slice(length) };
}

const TAKES: { readonly [Name in PartName]: Take } = {
  "2006": (text, read) => {
    if (!/^[0-9]/.test(text) || text.length < 4) return BAD;
    if (!/^[0-9]{4}/.test(text)) return BAD;
    read.year = Number(text.slice(0, 4));
    return { rest: text.slice(4) };
  },
  "06": (text, read) => {
    const [found] = /^(?:[0-9]{2}|[+-][0-9])/.exec(text) ?? [];
    if (found === undefined) return BAD;
    const year = Number(found);
    read.year = year >= 69 ? year + 1900 : year + 2000;
    return { rest: text.slice(2) };
  },
  January: nameOf(MONTHS, setMonth),
  Jan: nameOf(short(MONTHS), setMonth),
  Monday: nameOf(WEEKDAYS, nothing),
  Mon: nameOf(short(WEEKDAYS), nothing),
  "1": monthOf(false),
  "01": monthOf(true),
  "2": dayOf(false),
  _2: (text, read, next) => dayOf(false)(text.startsWith(" ") ? text.slice(1) : text, read, next),
  "02": dayOf(true),
  __2: yearDayOf(false),
  "002": yearDayOf(true),
  "15": hourOf(false, 23),
  "3": hourOf(false, 12),
  "03": hourOf(true, 12),
  "4": minuteOf(false),
  "04": minuteOf(true),
  "5": secondOf(false),
  "05": secondOf(true),
  PM: halfOf(true),
  pm: halfOf(false),
  MST: takeZoneName,
  "-0700": offsetOf(/^(.)([0-9]{2})([0-9]{2})/s, 5, false),
  "-07:00": offsetOf(/^(.)([0-9]{2}):([0-9]{2})/s, 6, false),
  "-07": offsetOf(/^(.)([0-9]{2})/s, 3, false),
  "-070000": offsetOf(/^(.)([0-9]{2})([0-9]{2})([0-9]{2})/s, 7, false),
  "-07:00:00": offsetOf(/^(.)([0-9]{2}):([0-9]{2}):([0-9]{2})/s, 9, false),
  Z0700: offsetOf(/^(.)([0-9]{2})([0-9]{2})/s, 5, true),
  "Z07:00": offsetOf(/^(.)([0-9]{2}):([0-9]{2})/s, 6, true),
  Z07: offsetOf(/^(.)([0-9]{2})/s, 3, true),
  Z070000: offsetOf(/^(.)([0-9]{2})([0-9]{2})([0-9]{2})/s, 7, true),
  "Z07:00:00": offsetOf(/^(.)([0-9]{2}):([0-9]{2}):([0-9]{2})/s, 9, true),
};

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysIn = (month: number, year: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 31));

/** Month and day out of the day of the year; whatever was not said is the first. */
function settleDate(read: Read): string | undefined {
  if (read.yearDay >= 0) {
    const wrong = settleYearDay(read);
    if (wrong !== undefined) return wrong;
  }
  if (read.month < 0) read.month = 1;
  if (read.day < 0) read.day = 1;
  return read.day < 1 || read.day > daysIn(read.month, read.year) ? ": day out of range" : undefined;
}

function settleYearDay(read: Read): string | undefined {
  // Go takes no day 366 of a leap year, but after it has counted the 29th of February.
  if (read.yearDay < 1 || read.yearDay > (isLeap(read.year) ? 366 : 365)) return ": day-of-year out of range";
  let day = read.yearDay;
  let month = 1;
  for (; day > daysIn(month, read.year); month++) day -= daysIn(month, read.year);
  if (read.month >= 0 && read.month !== month) return ": day-of-year does not match month";
  if (read.day >= 0 && read.day !== day) return ": day-of-year does not match day";
  read.month = month;
  read.day = day;
  return undefined;
}

function settleZone(read: Read, local: Zone): Moment {
  const inZone = (zone: Zone): Moment => momentOf(read.year, read.month, read.day, read, read.nanos, zone);
  if (read.zone !== undefined) return inZone(read.zone);
  const inUtc = inZone(UTC);
  if (read.offset !== -1) {
    const moment = addNanos(inUtc, BigInt(-read.offset) * 1_000_000_000n);
    const { offset, abbreviation } = local.at(moment.seconds);
    const isLocal = offset === read.offset && (read.zoneName === "" || read.zoneName === abbreviation);
    return shownIn(moment, isLocal ? local : fixedZone(read.zoneName, read.offset));
  }
  if (read.zoneName === "") return inZone(local);
  const { offset, abbreviation } = local.at(inUtc.seconds);
  if (abbreviation === read.zoneName) return shownIn(addNanos(inUtc, BigInt(-offset) * 1_000_000_000n), local);
  // An abbreviation says nothing of its offset, but for GMT+3, which is shown as such without being moved.
  const [, hours = "0"] = /^GMT([+-][0-9]+)$/.exec(read.zoneName) ?? [];
  return shownIn(inUtc, fixedZone(read.zoneName, Number(hours) * 3600));
}
