import { spend } from "../../../work.ts";
import { GoPanic } from "../../go/result.ts";

/** A part of a layout that stands for something: `2006`, `Jan`, `-07:00`, `.000`. Its text is its kind, but for fractions of seconds. */
export type LayoutPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "part"; readonly text: PartName }
  | { readonly kind: "fraction"; readonly text: string; readonly digits: number; readonly isTrimmed: boolean };

const NAMES = [
  ...["January", "Jan", "Monday", "Mon", "MST", "01", "02", "03", "04", "05", "06", "002", "15", "1", "2006", "2", "_2", "__2", "3", "4", "5", "PM", "pm"],
  ...["-070000", "-07:00:00", "-0700", "-07:00", "-07", "Z070000", "Z07:00:00", "Z0700", "Z07:00", "Z07"],
] as const;

export type PartName =
  | (
      | "January"
      | "Jan"
      | "Monday"
      | "Mon"
      | "MST"
      | "01"
      | "02"
      | "03"
      | "04"
      | "05"
      | "06"
      | "002"
      | "15"
      | "1"
      | "2006"
      | "2"
      | "_2"
      | "__2"
      | "3"
      | "4"
      | "5"
    )
  | ("PM" | "pm" | "-070000" | "-07:00:00" | "-0700" | "-07:00" | "-07" | "Z070000" | "Z07:00:00" | "Z0700" | "Z07:00" | "Z07");

/** In the order in which they are tried; `_2006` is a line and a year. */
const PART = new RegExp(
  [
    "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST",
    "0[1-6]|002|15|1|2006|2|_(?=2006)|_2|__2|3|4|5|PM|pm",
    "-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07",
    "[.,](?:0+|9+)(?![0-9])",
  ].join("|"),
  "g",
);

/** To read or write a time by it, as well. */
const LONGEST = 10_000;
const STEPS_OF_TIME = 2_000;
const STEPS_OF_LETTER = 60;

/** What a layout of Go is made of. Source: Go, time nextStdChunk. */
export function partsOf(layout: string): readonly LayoutPart[] {
  if (layout.length > LONGEST) throw new GoPanic(`a layout of more than ${LONGEST} characters`);
  spend(STEPS_OF_TIME + STEPS_OF_LETTER * layout.length);
  const parts: LayoutPart[] = [];
  let text = "";
  let done = 0;
  const flush = (): void => {
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
  };
  for (const { 0: found, index } of layout.matchAll(PART)) {
    text += layout.slice(done, index);
    done = index + found.length;
    if (found === "_") {
      text += found;
      continue;
    }
    flush();
    parts.push(isPartName(found) ? { kind: "part", text: found } : { kind: "fraction", text: found, digits: found.length - 1, isTrimmed: found[1] === "9" });
  }
  text += layout.slice(done);
  flush();
  return parts;
}

const NAME_SET: ReadonlySet<string> = new Set(NAMES);
const isPartName = (text: string): text is PartName => NAME_SET.has(text);

export const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;
export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
