import { onFirstUse } from "../../../../tables/on-first-use.ts";
import { unpackTable } from "../../../../tables/packed-table.ts";
import packed from "./abbreviations.packed.json" with { type: "json" };

/** A time.Location. */
export type Zone = {
  readonly name: string;
  /** How far its clocks are ahead of UTC then, in seconds, and how they call that; an empty name is shown as a number. */
  at(seconds: bigint): { readonly offset: number; readonly abbreviation: string };
};

export const fixedZone = (name: string, offset: number): Zone => ({ name, at: () => ({ offset, abbreviation: name }) });

export const UTC: Zone = fixedZone("UTC", 0);
/** Where the controllers run, the clocks show UTC. */
export const LOCAL: Zone = { name: "Local", at: () => ({ offset: 0, abbreviation: "UTC" }) };

/** By zone, its abbreviations by offset in seconds: of two for the same offset the later one. Made of the tz database: abbreviations.generated.json, and the same in few bytes. */
const abbreviations: () => ReadonlyMap<string, Readonly<Record<string, string>>> = onFirstUse(
  () => new Map(Object.entries(unpackTable(packed) as Readonly<Record<string, Readonly<Record<string, string>>>>)), // our own
);

/** The zone of a name as the tz database writes it; undefined for one that it does not have. */
export function findZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC") return UTC;
  if (name === "Local") return LOCAL;
  const known = abbreviations().get(name);
  return known === undefined ? undefined : createZone(name, known);
}

/** Dates of JavaScript end there; the clocks of that day are those of all days beyond. */
const LAST_SECOND = 8_640_000_000_000n;

function createZone(name: string, known: Readonly<Record<string, string>>): Zone {
  const offsetAt = offsetsOf(name);
  return {
    name,
    at(seconds) {
      const offset = offsetAt(Number(seconds > LAST_SECOND ? LAST_SECOND : seconds < -LAST_SECOND ? -LAST_SECOND : seconds));
      return { offset, abbreviation: known[offset] ?? "" };
    },
  };
}

function offsetsOf(name: string): (seconds: number) => number {
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", { ...fields, timeZone: name, era: "short", hourCycle: "h23", calendar: "gregory" });
  return (seconds) => {
    const parts = new Map(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get("era") === "BC" ? 1 - part("year") : part("year");
    const shown = new Date(0);
    shown.setUTCFullYear(year, part("month") - 1, part("day"));
    shown.setUTCHours(part("hour"), part("minute"), part("second"));
    return shown.getTime() / 1000 - seconds;
  };
}
