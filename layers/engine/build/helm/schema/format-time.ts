import { quoteCharacter } from "../../text/quote.ts";
import { atoi } from "../values/atoi.ts";

/** `12:30:00.5+02:00`, also a leap second where one can be. Source: santhosh-tekuri/jsonschema v6, validateTime. */
export function checkTime(text: string): string | undefined {
  if (new TextEncoder().encode(text).length < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  const clock: number[] = [];
  for (const part of text.slice(0, 8).split(":")) {
    const value = atoi(part);
    if (!value.ok) return "invalid hour/min/sec";
    if (value.value < 0) return "non-positive hour/min/sec";
    clock.push(value.value);
  }
  const [hours = 0, minutes = 0, seconds = 0] = clock;
  if (hours > 23 || minutes > 59 || seconds > 60) return "hour/min/sec out of range";
  const [fraction = ""] = /^\.[0-9]*/.exec(text.slice(8)) ?? [];
  if (fraction === ".") return "no digits in second fraction";
  const offset = readOffset(text.slice(8 + fraction.length));
  if (typeof offset === "string") return offset;
  const minuteOfDay = (hours * 60 + minutes - offset + 1440) % 1440;
  return seconds === 60 && minuteOfDay !== 1439 ? "invalid leap second" : undefined;
}

/** In minutes, or what is wrong. */
function readOffset(text: string): number | string {
  if (text === "z" || text === "Z") return 0;
  if (new TextEncoder().encode(text).length !== 6) return "offset must be 6 characters long";
  if (!/^[+-]/.test(text)) return "offset must begin with plus/minus";
  if (text[3] !== ":") return "missing colon in offset in correct place";
  const parts: number[] = [];
  for (const part of [text.slice(1, 3), text.slice(4)]) {
    const value = atoi(part);
    if (!value.ok) return "invalid hour/min in offset";
    if (value.value < 0) return "non-positive hour/min in offset";
    parts.push(value.value);
  }
  const [hours = 0, minutes = 0] = parts;
  if (hours > 23 || minutes > 59) return "hour/min in offset out of range";
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

const UNITS = ["YMD", "HMS"];

/** `P1DT2H`, `P3W` */
export function checkDuration(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  if (text === "P") return "nothing after P";
  if (text.endsWith("W")) {
    const weeks = text.slice(1, -1);
    return weeks === "" ? "no number in week" : /^[0-9]+$/.test(weeks) ? undefined : "invalid week";
  }
  for (const [index, part] of text.slice(1).split("T").entries()) {
    const all = UNITS[index];
    if (index !== 0 && part === "") return "no time elements";
    if (all === undefined) return "more than one T";
    const wrong = checkUnits(part, all);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkUnits(text: string, all: string): string | undefined {
  let allowed = all;
  for (let rest = text; rest !== ""; ) {
    const [digits = ""] = /^[0-9]*/.exec(rest) ?? [];
    if (digits === "") return "missing number";
    rest = rest.slice(digits.length);
    if (rest === "") return "missing unit";
    // Go looks at bytes: of a letter beyond ASCII at the first.
    const unit = String.fromCharCode(new TextEncoder().encode(String.fromCodePoint(rest.codePointAt(0) ?? 0))[0] ?? 0);
    const index = allowed.indexOf(unit);
    if (index < 0) return all.includes(unit) ? `unit ${quoteCharacter(unit)} out of order` : `invalid unit ${quoteCharacter(unit)}`;
    allowed = allowed.slice(index + 1);
    rest = rest.slice(1);
  }
  return undefined;
}

/** Two times, or a time and a duration, with a slash between them. */
export function checkPeriod(text: string, checkDateTime: (text: string) => string | undefined): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const [start, end] = [text.slice(0, slash), text.slice(slash + 1)];
  const wrong = (what: string, found: string | undefined): string | undefined => (found === undefined ? undefined : `invalid ${what}: ${found}`);
  if (start.startsWith("P")) return wrong("start duration", checkDuration(start)) ?? wrong("end date-time", checkDateTime(end));
  const early = wrong("start date-time", checkDateTime(start));
  if (early !== undefined) return early;
  return end.startsWith("P") ? wrong("end duration", checkDuration(end)) : wrong("end date-time", checkDateTime(end));
}
