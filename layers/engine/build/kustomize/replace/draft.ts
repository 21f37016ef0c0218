import { isList, isMap, isScalar, misfit, type Node, type NodeMap, TAG, tagged } from "../../node/node.ts";
import { writtenIn } from "../../node/written.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import type { NodeKind } from "../fields/wrong-kind.ts";
import { textOf } from "../resource/resource.ts";
import { type Tag, tagOf, tagOfText } from "./tag.ts";

/**
 * A place in an object while values are put into it. Replacements work on places: what one has changed the next one sees, and a source may lie in what is
 * changed. Only what is looked into is opened; the rest stays the value that it was.
 */
export type Draft = { content: Content };
type Content =
  | { readonly kind: "closed"; readonly node: Node }
  | { readonly kind: "scalar"; readonly tag: Tag; readonly text: string; readonly isQuoted?: boolean }
  | { readonly kind: "map"; readonly before: NodeMap; readonly entries: Map<string, Draft> }
  | { readonly kind: "list"; readonly before: readonly Node[]; readonly items: Draft[] };

export const draftOf = (node: Node): Draft => ({ content: { kind: "closed", node } });

/** A scalar of no type of its own. */
export const draftOfText = (text: string): Draft => ({ content: { kind: "scalar", tag: "", text } });

export function kindOfDraft({ content }: Draft): NodeKind {
  switch (content.kind) {
    case "closed":
      return isMap(content.node) ? "MappingNode" : isList(content.node) ? "SequenceNode" : "ScalarNode";
    case "scalar":
      return "ScalarNode";
    case "map":
      return "MappingNode";
    case "list":
      return "SequenceNode";
  }
}

export const tagOfDraft = ({ content }: Draft): Tag => (content.kind === "scalar" ? content.tag : content.kind === "closed" ? tagOf(content.node) : "");
export const isNullDraft = (draft: Draft): boolean => tagOfDraft(draft) === "!!null";
export const textOfDraft = ({ content }: Draft): string => (content.kind === "scalar" ? content.text : content.kind === "closed" ? textOf(content.node) : "");

/** The text that a field of a map was written with: that of a null is `null`, unless nothing is written there. */
export function textOfField({ content }: Draft, name: string, field: Draft): string {
  if (field.content.kind !== "closed" || field.content.node !== null) return textOfDraft(field);
  return content.kind === "map" && writtenIn(content.before).get(name) === "empty" ? "" : "null";
}

/** The fields of a map; undefined for anything else. */
export function entriesOf(draft: Draft): Map<string, Draft> | undefined {
  const { content } = draft;
  if (content.kind === "map") return content.entries;
  if (content.kind !== "closed" || !isMap(content.node)) return undefined;
  const entries = new Map(Object.entries(content.node).map(([key, node]): [string, Draft] => [key, draftOf(node)]));
  draft.content = { kind: "map", before: content.node, entries };
  return entries;
}

/** The items of a list; undefined for anything else. */
export function itemsOf(draft: Draft): Draft[] | undefined {
  const { content } = draft;
  if (content.kind === "list") return content.items;
  if (content.kind !== "closed" || !isList(content.node)) return undefined;
  const items = content.node.map(draftOf);
  draft.content = { kind: "list", before: content.node, items };
  return items;
}

/** Changes the text of a scalar; its type stays, whether the text fits or not. */
export function setText(draft: Draft, text: string): void {
  draft.content = { kind: "scalar", tag: tagOfDraft(draft), text, isQuoted: isQuotedDraft(draft) };
}

/** A number between the quotes of a text. */
const isQuotedDraft = ({ content }: Draft): boolean =>
  content.kind === "scalar" ? content.isQuoted === true : content.kind === "closed" && isScalar(content.node) && (content.node[TAG] ?? "") !== "";

/** The value with all changes; unchanged parts are what they were. */
export function finishDraft({ content }: Draft): Node {
  switch (content.kind) {
    case "closed":
      return content.node;
    case "scalar":
      return finishScalar(content.tag, content.text, content.isQuoted === true);
    case "map":
      return finishMap(content.before, content.entries);
    case "list":
      return finishList(content.before, content.items);
  }
}

/** A text that does not fit its type stays there, for something else may yet take its place. */
function finishScalar(tag: Tag, text: string, isQuoted: boolean): Node {
  if (tag === "!!str") return text;
  const own = tagOfText(text);
  const fits = tag === "" || tag === own || (tag === "!!float" && own === "!!int");
  // A text of several lines is written as a block and stays text.
  if (fits && isQuoted) return tagged(text, text, tag);
  if (tag === "" && own === "!!null") return tagged(text, null, "");
  if (fits && own === "!!str") return tag === "" && !text.includes("\n") ? tagged(text, text, "") : text;
  if (fits) return scalarOf(text);
  // Where a type is given, nobody asks whether the text is a time.
  const found = own === "!!timestamp" ? "!!str" : own;
  return misfit(text, { tag, problem: `yaml: cannot decode ${found} \`${text}\` as a ${tag}` });
}

function finishMap(before: NodeMap, entries: ReadonlyMap<string, Draft>): Node {
  let isChanged = Object.keys(before).length !== entries.size;
  const fields = [...entries].map(([key, draft]): [string, Node] => {
    const finished = finishDraft(draft);
    isChanged ||= before[key] !== finished;
    return [key, finished];
  });
  return isChanged ? Object.fromEntries(fields) : before;
}

function finishList(before: readonly Node[], drafts: readonly Draft[]): Node {
  const items = drafts.map(finishDraft);
  return items.length === before.length && items.every((item, index) => item === before[index]) ? before : items;
}
