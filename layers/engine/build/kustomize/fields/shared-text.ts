import { isList, isMap, isText, type Node, type NodeMap, type Scalar, scalar, TAG, TEXT } from "../../node/node.ts";
import { spend } from "../../work.ts";

/**
 * A text that stands in several places of one object, all of which change when one of them does. kustomize puts one and the same YAML node under
 * every field in which it creates a label or annotation, and most of its steps change nodes in place: a patch of `metadata.labels.app` changes the
 * selector, too, if a base has added that label to both. JSON patches read the object anew, which ends it.
 * Source: kustomize filtersutil.SetEntry, kyaml FieldSetter.
 */
export const sharedText = (text: string): Scalar => scalar(text, text);

export const isShared = (node: Node | undefined): node is Scalar => isText(node) && typeof node !== "string" && node[TAG] === undefined;

/**
 * `after` with all places of a shared text changed of which a step has changed one. To be called with the object before and after each step
 * that changes values in place. Only what differs is looked at, unless a shared text did change.
 */
export function keepShared(before: NodeMap, after: NodeMap): NodeMap {
  const changes = new Map<Node, Node>();
  noteChanges(before, after, changes);
  const replaced = changes.size === 0 ? after : replaceAll(after, before, changes);
  return isMap(replaced) ? replaced : after;
}

function noteChanges(before: Node, after: Node, changes: Map<Node, Node>): void {
  if (before === after) return;
  spend(1);
  if (isShared(before)) {
    changes.set(before, typeof after === "string" ? sharedText(after) : isText(after) ? sharedText(after[TEXT]) : after);
    return;
  }
  if (isMap(before) && isMap(after)) {
    const names = Object.keys(before);
    spend(names.length);
    const changed = names.filter((key) => before[key] !== after[key]);
    for (const key of changed.length > 1 ? changed.toSorted() : changed) noteWhereBoth(before[key], after[key], changes);
    return;
  }
  if (!isList(before) || !isList(after) || before.length !== after.length) return;
  spend(before.length);
  for (const [index, item] of before.entries()) noteWhereBoth(item, after[index], changes);
}

function noteWhereBoth(before: Node | undefined, after: Node | undefined, changes: Map<Node, Node>): void {
  if (before !== undefined && after !== undefined) noteChanges(before, after, changes);
}

/** The new value stands both where the step has put it and where the old one still is. */
function replaceAll(node: Node, before: Node | undefined, changes: ReadonlyMap<Node, Node>): Node {
  spend(1);
  const change = changes.get(node) ?? (isShared(before) ? changes.get(before) : undefined);
  if (change !== undefined) return change;
  if (isList(node)) {
    const earlier = isList(before) && before.length === node.length ? before : [];
    const items = node.map((item, index) => replaceAll(item, earlier[index], changes));
    return items.every((item, index) => item === node[index]) ? node : items;
  }
  if (!isMap(node)) return node;
  const earlier = isMap(before) ? before : {};
  const changed: [string, Node][] = [];
  for (const [key, value] of Object.entries(node)) {
    const next = replaceAll(value, earlier[key], changes);
    if (next !== value) changed.push([key, next]);
  }
  // A copy keeps what the map remembers besides its fields.
  return changed.length === 0 ? node : { ...node, ...Object.fromEntries(changed) };
}
