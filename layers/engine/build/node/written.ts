import type { Node, NodeMap } from "./node.ts";

/**
 * How a field was written, where its value does not tell: `quoted` is a text in quotes (or a block) that would be the same text without; `bare` is one without quotes
 * that, written like that, would be something else (merges make those); `empty` is a null of which nothing is written. It matters to strategic merges: a field keeps its quotes whatever
 * value it gets, and an empty field vanishes while `null` stays. Source: kyaml FieldSetter, merge2.Merger.VisitMap.
 */
export type Written = "quoted" | "bare" | "empty" | Folded;

/** A text in a folded block (`>`) to which kyaml's writing anew gives other line breaks: the text as it was read, which a merge puts where something else stood. */
export type Folded = { readonly folded: string };

export const isFolded = (written: Written | undefined): written is Folded => typeof written === "object";

/** Under this key a map remembers it. Copies by `{ ...map }` keep it; what is made of `Object.entries` forgets it, which is right for what went through JSON. */
const WRITTEN: unique symbol = Symbol("written");

type Remembering = { readonly [WRITTEN]: ReadonlyMap<string, Written> };
const remembers = (map: object): map is Remembering => WRITTEN in map;

const NOTHING: ReadonlyMap<string, Written> = new Map();
/** True for a field that is still the nothing that was written. Inside of `{}` and `[]` kyaml writes that as an empty text; to a merge it is a null. */
export const isWrittenEmpty = (value: Node | undefined, written: Written | undefined): boolean => written === "empty" && (value === null || value === "");

export const writtenIn = (map: NodeMap): ReadonlyMap<string, Written> => (remembers(map) ? map[WRITTEN] : NOTHING);

/** The map with what is to be remembered of its fields. */
export const withWritten = (map: NodeMap, written: ReadonlyMap<string, Written>): NodeMap =>
  written.size === 0 ? map : Object.assign(map, { [WRITTEN]: written });
