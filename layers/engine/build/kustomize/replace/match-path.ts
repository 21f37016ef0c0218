import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { NodeKind } from "../fields/wrong-kind.ts";
import { LONGEST_PATTERN, STEPS_OF_MATCH, stepsOfPattern } from "../select/pattern.ts";
import { type Draft, draftOf, draftOfText, entriesOf, isNullDraft, itemsOf, kindOfDraft, textOfField } from "./draft.ts";
import { fieldAt, type ItemPart, isItemPart, readIndex, splitItemPart } from "./look-up.ts";
import { showDraft, wrongDraft } from "./show-draft.ts";

/** What is made where the end of a path is missing; undefined makes nothing. */
export type Creation = NodeKind | undefined;

/** Reads the text of a scalar that a path goes on into; undefined when there is nothing in it. What is found there can be read, but nobody will see it changed. */
export type TextReader = (text: string) => Result<Draft | undefined>;

type Matches = Result<readonly Draft[]>;
type Match = { readonly path: readonly string[]; readonly create: Creation; readonly read: TextReader };

const NOTHING: readonly Draft[] = [];

/**
 * All places that a path leads to. A part is a field, an index, `*` for all items of a list, or `[name=web]` for the items whose field, as YAML, has
 * a match of that regular expression. With `create`, missing fields are made on the way, and items for an index just behind the end or for `[name=web]`.
 * Source: kyaml PathMatcher.
 */
export function matchPath(draft: Draft, path: readonly string[], create: Creation, read: TextReader): Matches {
  spend(3);
  const [part, ...rest] = path;
  if (part === undefined) return ok([draft]);
  const below: Match = { path: rest, create, read };
  const index = readIndex(part);
  if (index !== undefined && index >= 0n) return matchIndex(draft, index, below);
  if (isItemPart(part)) return matchItems(draft, part, below);
  if (part === "*") return matchEach(draft, () => true, below);
  return matchField(draft, part, below);
}

const go = (draft: Draft, { path, create, read }: Match): Matches => matchPath(draft, path, create, read);

function matchField(draft: Draft, name: string, below: Match): Matches {
  if (name === "") return matchWithoutName(draft);
  const found = fieldAt(draft, name);
  if (!found.ok) return found;
  const field = found.value ?? (below.create === undefined ? undefined : addField(draft, name, made(below.path[0], below.create)));
  if (field === undefined) return ok(NOTHING);
  if (kindOfDraft(field) !== "ScalarNode" || below.path.length === 0) return go(field, below);
  const inside = below.read(textOfField(draft, name, field));
  if (!inside.ok) return inside;
  return inside.value === undefined ? problem(noValue(below.path[0] ?? "")) : go(inside.value, below);
}

/** What kyaml says of a document without a value, when the next part of a path is looked for in it. */
const noValue = (part: string): string =>
  `wrong node kind: expected ${isOfList(part) ? "SequenceNode" : part === "" ? "ScalarNode" : "MappingNode"} but got : node contents:\nnull\n`;

function isOfList(part: string): boolean {
  const index = readIndex(part);
  return part === "*" || isItemPart(part) || (index !== undefined && index >= 0n);
}

/** kyaml takes an empty name for a scalar itself. */
const matchWithoutName = (draft: Draft): Matches =>
  isNullDraft(draft) || kindOfDraft(draft) === "ScalarNode" ? ok(NOTHING) : problem(wrongDraft("ScalarNode", draft));

/** Null stays null: what is put into it is never written. */
function addField(draft: Draft, name: string, field: Draft): Draft {
  entriesOf(draft)?.set(name, field);
  return field;
}

/** What is made where `next` leads on from, or for the end of the path. Source: kyaml getPathPartKind. */
function made(next: string | undefined, create: NodeKind): Draft {
  const index = next === undefined ? undefined : readIndex(next);
  const kind = next !== undefined && (isItemPart(next) || (index !== undefined && index >= 0n)) ? "SequenceNode" : (next ?? "") === "" ? create : "MappingNode";
  return kind === "SequenceNode" ? draftOf([]) : kind === "MappingNode" ? draftOf({}) : draftOfText("");
}

function matchIndex(draft: Draft, index: bigint, below: Match): Matches {
  const items = itemsWithin(draft);
  if (!items.ok) return items;
  const item =
    items.value[Number(index)] ??
    (index === BigInt(items.value.length) && below.create !== undefined ? addItem(draft, made(below.path[0], below.create)) : undefined);
  return item === undefined ? problem(`index ${index} specified but only ${items.value.length} elements found`) : go(item, below);
}

/** Null counts as a list without items. */
function itemsWithin(draft: Draft): Matches {
  if (isNullDraft(draft)) return ok(NOTHING);
  const items = itemsOf(draft);
  return items === undefined ? problem(wrongDraft("SequenceNode", draft)) : ok(items);
}

function addItem(draft: Draft, item: Draft): Draft {
  itemsOf(draft)?.push(item);
  return item;
}

function matchItems(draft: Draft, part: string, below: Match): Matches {
  const split = splitItemPart(part);
  if (!split.ok) return split;
  const pattern = compileSearch(split.value.text);
  const items = itemsWithin(draft);
  if (!items.ok) return items;
  if (!pattern.ok && items.value.length > 0) return pattern;
  const matches = pattern.ok ? matchEach(draft, (item) => isMatch(item, split.value, pattern.value), below) : ok(NOTHING);
  if (!matches.ok || matches.value.length > 0 || below.create === undefined) return matches;
  const item = addItem(draft, itemOf(split.value));
  if (!pattern.ok) return pattern;
  // kustomize looks again until it finds the item that it has made, which can be never.
  if (!isMatch(item, split.value, pattern.value)) return problem(`the element created for ${JSON.stringify(part)} does not match it`);
  return split.value.field === "" ? ok([item]) : go(item, below);
}

const itemOf = ({ field, text }: ItemPart): Draft => {
  if (field === "") return draftOfText(text);
  const item = draftOf({});
  entriesOf(item)?.set(field, draftOfText(text));
  return item;
};

function matchEach(draft: Draft, isMeant: (item: Draft) => boolean, below: Match): Matches {
  const items = itemsWithin(draft);
  if (!items.ok) return items;
  spend(3 * items.value.length);
  const all: Draft[] = [];
  for (const item of items.value) {
    if (!isMeant(item)) continue;
    const matches = go(item, below);
    if (!matches.ok) return matches;
    for (const match of matches.value) all.push(match);
  }
  return ok(all);
}

function isMatch(item: Draft, { field }: ItemPart, matches: (text: string) => boolean): boolean {
  const value = field === "" ? item : kindOfDraft(item) === "MappingNode" ? entriesOf(item)?.get(field) : undefined;
  return value !== undefined && matches(showDraft(value).trim());
}

const PLAIN = /^[^\\.+*?()|[\]{}^$]*$/;

/** Whether a text has a match anywhere in it. */
function compileSearch(text: string): Result<(given: string) => boolean> {
  if (PLAIN.test(text)) return ok((given) => given.includes(text));
  if (text.length > LONGEST_PATTERN) return problem(`a regular expression with more than ${LONGEST_PATTERN} characters`);
  spend(stepsOfPattern(text));
  try {
    const compiled = RE2JS.compile(text);
    return ok((given) => {
      spend(STEPS_OF_MATCH * (1 + given.length));
      return compiled.matcher(given).find();
    });
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(error.message.includes(": `") ? error.message : `${error.message}: \`${text}\``);
  }
}
