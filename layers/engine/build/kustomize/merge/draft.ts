import { isList, isMap, isScalar, type Node, type NodeMap } from "../../node/node.ts";
import { isWrittenEmpty, type Written, withWritten, writtenIn } from "../../node/written.ts";
import { spend } from "../../work.ts";
import { textOf } from "../resource/resource.ts";

/**
 * A value while a patch is merged into it. kyaml changes both sides in place, and what it does next depends on that: directives vanish from a patch once
 * they are read, and what the target lacks is the patch's own value, merged with itself. So a draft can be changed; it opens a map or list only when it
 * must, and what nobody changed is the node that it was made of.
 */
export type Draft = {
  readonly node: Node;
  /** A null of which nothing is written. */
  readonly isUnwritten?: boolean;
  fields?: Map<string, Draft>;
  /** How fields are written, once they are open. */
  written?: Map<string, Written>;
  items?: Draft[];
};

export const draftOf = (node: Node): Draft => ({ node });
export const draftList = (items: Draft[]): Draft => ({ node: [], items });

export const isNull = ({ node }: Draft): boolean => node === null;
export const isEmptyMap = (draft: Draft): boolean => isMap(draft.node) && fieldCount(draft) === 0;
const fieldCount = ({ node, fields }: Draft): number => fields?.size ?? (isMap(node) ? Object.keys(node).length : 0);

/** The fields of a map, to be changed; nothing for anything else. */
export function fieldsOf(draft: Draft): Map<string, Draft> {
  if (draft.fields !== undefined) return draft.fields;
  const map = isMap(draft.node) ? draft.node : {};
  const entries = Object.entries(map);
  spend(20 + 10 * entries.length);
  draft.written = new Map(writtenIn(map));
  draft.fields = new Map(entries.map(([key, value]): [string, Draft] => [key, fieldDraft(value, draft.written?.get(key))]));
  return draft.fields;
}

const fieldDraft = (node: Node, written: Written | undefined): Draft => (isWrittenEmpty(node, written) ? { node: null, isUnwritten: true } : draftOf(node));

/** The items of a list; nothing for anything else. */
export function itemsOf(draft: Draft): readonly Draft[] {
  if (draft.items !== undefined) return draft.items;
  draft.items = isList(draft.node) ? draft.node.map(draftOf) : [];
  spend(10 + 10 * draft.items.length);
  return draft.items;
}

export const fieldOf = (draft: Draft, name: string): Draft | undefined => (isMap(draft.node) ? fieldsOf(draft).get(name) : undefined);

/** The text of a scalar, as kyaml has it in a node's `Value`: none for a map or list, `null` for a null that is written. */
export const draftText = ({ node, isUnwritten }: Draft): string => (node === null && isUnwritten !== true ? "null" : textOf(node));

/** The text of a field of a map that need not be opened for it. */
export function textIn(draft: Draft, name: string): string {
  if (draft.fields !== undefined) return textOf(draft.fields.get(name)?.node);
  return isMap(draft.node) ? textOf(draft.node[name]) : "";
}

/** The text of a field that tells items apart; `""` where there is none. */
export function keyText(item: Draft, key: string): string {
  const field = fieldOf(item, key);
  return field === undefined || isNull(field) ? "" : draftText(field);
}

/** The value that a draft has become; the node that it was made of where nothing below has changed. */
export function nodeOf(draft: Draft): Node {
  const { node, fields, written, items } = draft;
  if (fields !== undefined && isMap(node)) return mapOf(node, fields, written ?? new Map());
  if (items !== undefined && isList(node)) return listOf(node, items);
  return node;
}

function mapOf(node: NodeMap, fields: ReadonlyMap<string, Draft>, written: ReadonlyMap<string, Written>): NodeMap {
  const entries = [...fields].map(([key, field]): [string, Node] => [key, nodeOf(field)]);
  const isSame = entries.every(([key, value]) => value === node[key]) && entries.length === Object.keys(node).length && isSameWritten(writtenIn(node), written);
  return isSame ? node : withWritten(Object.fromEntries(entries), written);
}

const isSameWritten = (before: ReadonlyMap<string, Written>, after: ReadonlyMap<string, Written>): boolean =>
  before.size === after.size && [...after].every(([name, written]) => before.get(name) === written);

function listOf(node: readonly Node[], items: readonly Draft[]): readonly Node[] {
  const nodes = items.map(nodeOf);
  return nodes.length === node.length && nodes.every((item, index) => item === node[index]) ? node : nodes;
}

export type DraftKind = "MappingNode" | "SequenceNode" | "ScalarNode";
/** Undefined for null, which passes as anything. */
export function kindOfDraft({ node }: Draft): DraftKind | undefined {
  if (node === null) return undefined;
  if (typeof node !== "object" || isScalar(node)) return "ScalarNode";
  return isList(node) ? "SequenceNode" : "MappingNode";
}
