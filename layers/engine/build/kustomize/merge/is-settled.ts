import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { isWrittenEmpty, writtenIn } from "../../node/written.ts";
import { spend } from "../../work.ts";
import { textOf } from "../resource/resource.ts";
import type { Schema, SchemaNode } from "../schema/schema.ts";
import type { Draft } from "./draft.ts";
import { haveDifferentKeys } from "./item-ids.ts";
import { isMergedList } from "./merge-list.ts";
import { getsQuotes } from "./set-field.ts";

/** True when a merge would leave a value of the target as it is where the patch says nothing: all of its items with merge keys have different ones. */
export const isSettled = ({ node, fields, items }: Draft, at: SchemaNode | undefined, schema: Schema): boolean =>
  fields === undefined && items === undefined && isSettledNode(node, at, schema);

function isSettledNode(node: Node, at: SchemaNode | undefined, schema: Schema): boolean {
  if (isList(node)) return !isMergedList(at) || areSettledItems(node, at, schema);
  return !isMap(node) || isSettledMap(node, at ?? schemaOfObject(node, schema), schema);
}

function isSettledMap(map: NodeMap, at: SchemaNode | undefined, schema: Schema): boolean {
  const written = writtenIn(map);
  const names = Object.keys(map);
  spend(names.length);
  for (const name of names) {
    const value = map[name] ?? null;
    if (isWrittenEmpty(value, written.get(name)) || (typeof value === "string" && getsQuotes(value, written.get(name)))) return false;
    if (typeof value === "object" && value !== null && !isSettledNode(value, at?.field(name), schema)) return false;
  }
  return true;
}

function areSettledItems(items: readonly Node[], at: SchemaNode, schema: Schema): boolean {
  spend(3 * items.length);
  const inner = at.items();
  return haveDifferentKeys(items, at.mergeKeys) && items.every((item) => isSettledNode(item, inner, schema));
}

export const schemaOfObject = ({ kind, apiVersion }: NodeMap, schema: Schema): SchemaNode | undefined =>
  schemaByTexts(schema, textOf(apiVersion), textOf(kind));
export const schemaByTexts = (schema: Schema, apiVersion: string, kind: string): SchemaNode | undefined =>
  kind === "" || apiVersion === "" ? undefined : schema.of(apiVersion, kind);
