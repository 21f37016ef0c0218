import type { Node } from "../../node/node.ts";
import type { Written } from "../../node/written.ts";
import { createScanner, type Failure, type Scanner, type Version } from "../scan/scanner.ts";

/** What a file may ask of the reader; far above anything real, far below what could stop a process. */
export const MAX_LENGTH = 16 * 1024 * 1024;
export const MAX_DEPTH = 100;
export const MAX_ALIASES = 1_000;
export const MAX_NODES = 2_000_000;
export const MAX_DOCUMENTS = 20_000;

/** What a scalar counts as where it is a key. */
export type Shape = "text" | "merge" | "null" | "other" | "collection";

/** What an alias stands for. `nodes`: how many values it is, with all that it contains. */
export type Anchored = { readonly node: Node; readonly shape: Shape; readonly text: string; readonly written: Written | undefined; readonly nodes: number };

/**
 * What makes a document unusable although its grammar is right, by the stage that finds it: `merge` while aliases are expanded, `decode` and
 * then `json` when the object is turned into JSON. Of each stage the first counts; between the two come all keys that are `repeated`.
 */
export type Faults = {
  readonly merge: Failure | undefined;
  readonly decode: Failure | undefined;
  readonly json: Failure | undefined;
  readonly repeated: readonly string[];
};

export function noteFault(reading: Reading, stage: "merge" | "decode" | "json", message: string, line: number): void {
  if (reading.faults[stage] === undefined) reading.faults = { ...reading.faults, [stage]: { message, line } };
}

/** A key of a map with its place. `kind` tells keys apart that have the same text. */
export type KeyPlace = { readonly text: string; readonly kind: "scalar" | "null" | "map" | "list"; readonly line: number; readonly valueLine: number };

/** The state of one reading. Lines count from 0 in the part that is read. */
export type Reading = {
  readonly scanner: Scanner;
  readonly version: Version;
  /** Undefined for an anchor whose value is not complete yet. */
  readonly anchors: Map<string, Anchored | undefined>;
  /** The beginnings of tags, by their handles. */
  handles: ReadonlyMap<string, string>;
  /** Common to all parts of a file. */
  readonly budget: Budget;
  readonly lastWins: boolean;
  /** The lines of the entries of maps and lists, when somebody asks for them. */
  readonly places: Map<object, KeyPlace[]> | undefined;
  faults: Faults;
  depth: number;
  /** Of the value that was read last. */
  shape: Shape;
  text: string;
  /** `quoted` for everything but plain scalars. */
  written: Written | undefined;
};

/** Keys that have come before, each as the one string that all objects share. */
export type KeyNames = Map<string, string>;

export type Budget = { nodes: number; aliases: number; readonly names: KeyNames };
export const createBudget = (names: KeyNames = new Map()): Budget => ({ nodes: 0, aliases: 0, names });

export type ReadingOptions = {
  readonly start: number;
  readonly end: number;
  readonly broken?: Failure | undefined;
  readonly budget: Budget;
  readonly lastWins?: boolean;
  readonly places?: Map<object, KeyPlace[]>;
};

/** What every document knows without a directive. */
export const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
]);

export const createReading = (text: string, version: Version, options: ReadingOptions): Reading => ({
  scanner: createScanner(text, version, options.start, options.end, options.broken),
  version,
  anchors: new Map(),
  handles: DEFAULT_HANDLES,
  budget: options.budget,
  lastWins: options.lastWins ?? true,
  places: options.places,
  faults: { merge: undefined, decode: undefined, json: undefined, repeated: [] },
  depth: 0,
  shape: "null",
  text: "",
  written: undefined,
});
