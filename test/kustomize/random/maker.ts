import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Chance } from "./chance.ts";
import { plain } from "./written.ts";

/** What the maker of an object asks for. */
export type Maker = {
  readonly chance: Chance;
  /** A name that an object of the kind has, or may have. */
  readonly nameOf: (kind: string) => string;
};

export const NAMES = ["web", "db", "api", "cache", "queue", "x-1"] as const;
export const NAMESPACES = ["one", "two", "default"] as const;

const NUMBERS = [plain("0644"), plain("1.0"), plain("1e3"), plain("0x1F"), plain("12345678901234567890"), plain("-0"), plain(".5"), 7, 0, -3] as const;
const WORDS = ["true", "no", "1", "0644", "null", "", "a: b", "# x", "two\nlines\n", "end ", "Größe", "2020-01-01", "x", "$(X)", "'q'", "a,b"] as const;
const OTHERS = [plain("yes"), plain("True"), plain("~"), plain("2020-01-01"), true, false, null] as const;

export const number = (chance: Chance): Json => chance.one(NUMBERS);
export const word = (chance: Chance): string => chance.one(WORDS);
export const scalar = (chance: Chance): Json => chance.one<Json>([...NUMBERS, ...WORDS, ...OTHERS]);

export const labelsOf = (chance: Chance): JsonObject => ({ app: chance.one(NAMES), ...(chance.happens(0.4) && { tier: chance.one(["front", "back"]) }) });

/** Some of these fields: each entry is there with the given chance. */
export const maybe = (chance: Chance, share: number, fields: () => JsonObject): JsonObject => (chance.happens(share) ? fields() : {});

/** At least one, at most `most`. */
export const several = <Item>(chance: Chance, most: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: 1 + chance.int(most) }, (_, index) => make(index));
