import { ok, problem } from "../../../domain/result.ts";
import { isList, isMap, isText, type Node, type NodeMap, tagged } from "../../node/node.ts";
import type { Written } from "../../node/written.ts";
import { spend } from "../../work.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { textOf } from "../resource/resource.ts";
import type { Setter } from "./at-field-spec.ts";
import { isShared } from "./shared-text.ts";
import { isOfKind, wrongKind } from "./wrong-kind.ts";

/** What is put under a key: `created` stands for it where the key is new. */
export type Entry = { readonly key: string; readonly text: string; readonly created: Node };

/**
 * Puts texts under keys of a map, whatever was there. A null stays null: what kyaml adds to it is never written.
 * Source: kustomize filtersutil.SetEntry with a name and `!!str`.
 */
export const setEntries =
  (entries: readonly Entry[]): Setter =>
  (found) => {
    if (found === null) return ok(found);
    if (!isMap(found)) return problem(wrongKind("MappingNode", found));
    spend(5 + 10 * entries.length);
    const changed = entries.filter(({ key, text }) => !holds(found, key, text));
    if (changed.length === 0) return ok(found);
    spend(10 * (Object.keys(found).length + changed.length));
    return ok({ ...found, ...Object.fromEntries(changed.map(({ key, text, created }) => [key, Object.hasOwn(found, key) ? text : created])) });
  };

const holds = (map: NodeMap, key: string, text: string): boolean => {
  const existing = map[key];
  return existing === text || (isShared(existing) && textOf(existing) === text);
};

export const setEntry = (key: string, text: string, created: Node = text): Setter => setEntries([{ key, text, created }]);

/** Replaces a scalar by a text. Source: filtersutil.SetEntry without a name, `!!str`. */
export const setText = (text: string): Setter => replaceScalar(() => text);

/** As `setText`, but what already has a text stays as it is. Source: filtersutil.SetEntryIfEmpty. */
export const setTextIfEmpty = (text: string): Setter => replaceScalar((found) => (textOf(found) === "" ? text : found));

/** Replaces a scalar by an integer, which stays between quotes where there were any. Source: filtersutil.SetEntry without a name, `!!int`. */
export const setInteger = (value: bigint): Setter => setScalar(() => String(value));

/**
 * Replaces the text of a scalar and leaves the quotes as they are: without them, a text that reads like a number becomes one.
 * Source: filtersutil.SetScalar.
 */
export const setScalar = (textFor: (text: string) => string): Setter => replaceScalar((found) => withText(found, textFor(textOf(found))));

/** The value that `text` has in the place of the scalar `found`. A string counts as quoted where it must have been; what is not gets no tag from kyaml. */
export function withText(found: Node, text: string): Node {
  spend(text.length);
  const before = textOf(found);
  if (before === text && found !== null && (typeof found !== "string" || before === "")) return found;
  const isQuoted = isText(found) && (before.includes("\n") || scalarOf(before) !== before);
  const next = isQuoted ? text : scalarOf(text);
  return isQuoted || typeof next !== "string" ? next : tagged(text, text, "");
}

/** What has been put where a text in quotes was stays between them, and so a text. */
export const inQuotes = (node: Node, written: Written | undefined): Node =>
  written === "quoted" && node !== null && !isList(node) && !isMap(node) ? textOf(node) : node;

const replaceScalar =
  (next: (found: Node) => Node): Setter =>
  (found) =>
    isOfKind(found, "ScalarNode") ? ok(next(found)) : problem(wrongKind("ScalarNode", found));
