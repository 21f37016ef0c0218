import { type LayoutPart, MONTHS, type PartName, partsOf, WEEKDAYS } from "./layout.ts";
import { type Civil, civilOf, type Moment } from "./moment.ts";

/** The moment in a layout of Go: `2006-01-02T15:04:05Z07:00`. Source: Go, Time.Format. */
export function formatTime(moment: Moment, layout: string): string {
  const shown: Shown = { moment, civil: civilOf(moment), ...moment.zone.at(moment.seconds) };
  return partsOf(layout)
    .map((part) => formatPart(part, shown))
    .join("");
}

/** As Go prints it: with the reading of a clock, if it has one. Source: Go, Time.String. */
export function timeText(moment: Moment): string {
  const text = formatTime(moment, "2006-01-02 15:04:05.999999999 -0700 MST");
  if (moment.monotonic === undefined) return text;
  const size = moment.monotonic < 0n ? -moment.monotonic : moment.monotonic;
  return `${text} m=${moment.monotonic < 0n ? "-" : "+"}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, "0")}`;
}

type Shown = { readonly moment: Moment; readonly civil: Civil; readonly offset: number; readonly abbreviation: string };

function formatPart(part: LayoutPart, shown: Shown): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "part":
      return PARTS[part.text](shown);
    case "fraction":
      return fraction(part, shown.moment.nanos);
  }
}

function fraction({ text, digits, isTrimmed }: { readonly text: string; readonly digits: number; readonly isTrimmed: boolean }, nanos: number): string {
  const shown = String(nanos).padStart(9, "0").slice(0, Math.min(digits, 9));
  const kept = isTrimmed ? shown.replace(/0+$/, "") : shown;
  return isTrimmed && kept === "" ? "" : `${text[0]}${kept}`;
}

const padded = (value: number, width: number, fill = "0"): string => `${value < 0 ? "-" : ""}${String(Math.abs(value)).padStart(width, fill)}`;
const hour12 = ({ civil }: Shown): number => civil.hour % 12 || 12;

/** Minutes are rounded towards zero: what is shown of half a minute before UTC is no sign. */
function offsetText({ offset }: Shown, colon: "" | ":", most: "hours" | "minutes" | "seconds"): string {
  const minutes = Math.trunc(offset / 60);
  const size = Math.abs(minutes);
  const hours = `${minutes < 0 ? "-" : "+"}${padded(Math.floor(size / 60), 2)}`;
  if (most === "hours") return hours;
  const upToMinutes = `${hours}${colon}${padded(size % 60, 2)}`;
  // Of less than a minute before UTC Go shows the seconds with their sign.
  const seconds = (minutes < 0 ? -offset : offset) % 60;
  return most === "minutes" ? upToMinutes : `${upToMinutes}${colon}${padded(seconds, 2)}`;
}

const orZ = (shown: Shown, text: string): string => (shown.offset === 0 ? "Z" : text);

const PARTS: { readonly [Name in PartName]: (shown: Shown) => string } = {
  January: ({ civil }) => MONTHS[civil.month - 1] ?? "",
  Jan: ({ civil }) => (MONTHS[civil.month - 1] ?? "").slice(0, 3),
  Monday: ({ civil }) => WEEKDAYS[civil.weekday] ?? "",
  Mon: ({ civil }) => (WEEKDAYS[civil.weekday] ?? "").slice(0, 3),
  MST: (shown) => (shown.abbreviation === "" ? offsetText(shown, "", "minutes") : shown.abbreviation),
  "1": ({ civil }) => padded(civil.month, 0),
  "01": ({ civil }) => padded(civil.month, 2),
  "2": ({ civil }) => padded(civil.day, 0),
  _2: ({ civil }) => padded(civil.day, 2, " "),
  "02": ({ civil }) => padded(civil.day, 2),
  __2: ({ civil }) => padded(civil.yearDay, 3, " "),
  "002": ({ civil }) => padded(civil.yearDay, 3),
  "15": ({ civil }) => padded(civil.hour, 2),
  "3": (shown) => padded(hour12(shown), 0),
  "03": (shown) => padded(hour12(shown), 2),
  "4": ({ civil }) => padded(civil.minute, 0),
  "04": ({ civil }) => padded(civil.minute, 2),
  "5": ({ civil }) => padded(civil.second, 0),
  "05": ({ civil }) => padded(civil.second, 2),
  "2006": ({ civil }) => padded(civil.year, 4),
  "06": ({ civil }) => padded(Math.abs(civil.year) % 100, 2),
  PM: ({ civil }) => (civil.hour >= 12 ? "PM" : "AM"),
  pm: ({ civil }) => (civil.hour >= 12 ? "pm" : "am"),
  "-0700": (shown) => offsetText(shown, "", "minutes"),
  "-07:00": (shown) => offsetText(shown, ":", "minutes"),
  "-07": (shown) => offsetText(shown, "", "hours"),
  "-070000": (shown) => offsetText(shown, "", "seconds"),
  "-07:00:00": (shown) => offsetText(shown, ":", "seconds"),
  Z0700: (shown) => orZ(shown, offsetText(shown, "", "minutes")),
  "Z07:00": (shown) => orZ(shown, offsetText(shown, ":", "minutes")),
  Z07: (shown) => orZ(shown, offsetText(shown, "", "hours")),
  Z070000: (shown) => orZ(shown, offsetText(shown, "", "seconds")),
  "Z07:00:00": (shown) => orZ(shown, offsetText(shown, ":", "seconds")),
};
