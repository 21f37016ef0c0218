import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isEqual, isObject } from "@sluice/engine/domain/json.ts";
import { scalarError } from "./check-type.ts";
import type { FieldSet, Path, SetBuilder } from "./field-set.ts";
import { createSetBuilder } from "./field-set.ts";
import { namedItems } from "./list-items.ts";
import type { PathElement } from "./path-element.ts";
import { fieldElement } from "./path-element.ts";
import type { ListType, MapType, Shapes, Type } from "./type.ts";
import { shapeOf, shapesFor } from "./type.ts";

/** Which paths differ between two objects. No path is in two of the sets. */
export type Comparison = { readonly removed: FieldSet; readonly modified: FieldSet; readonly added: FieldSet };

type Side = Json | undefined;
type Found = { readonly removed: SetBuilder; readonly modified: SetBuilder; readonly added: SetBuilder };

/** Source: structured-merge-diff typed/compare.go. */
export function compareObjects(type: Type, before: Json, after: Json): Comparison {
  const found: Found = { removed: createSetBuilder(), modified: createSetBuilder(), added: createSetBuilder() };
  compare(found, type, [], before, after);
  return { removed: found.removed.set, modified: found.modified.set, added: found.added.set };
}

function compare(found: Found, type: Type, path: Path, before: Side, after: Side): void {
  // Most of a written object is the very same value as before.
  if (before === after && before !== undefined) return;
  const left = shapesFor(type, before);
  const right = shapesFor(type, after);
  let wasLeaf: boolean;
  if (after === undefined) wasLeaf = visit(found, left, path, before, after);
  else if (before === undefined || isSameShape(left, right)) wasLeaf = visit(found, right, path, before, after);
  else {
    visit(found, left, path, before, after);
    wasLeaf = visit(found, right, path, before, after);
  }
  if (wasLeaf) return;
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
}

/** Both come from one type, so that the same shapes are there or not. */
const isSameShape = (a: Shapes, b: Shapes): boolean =>
  (a.map === undefined) === (b.map === undefined) && (a.list === undefined) === (b.list === undefined) && (a.scalar === undefined) === (b.scalar === undefined);

/** Returns whether the value was taken as a whole. */
function visit(found: Found, shapes: Shapes, path: Path, before: Side, after: Side): boolean {
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) return visitMap(found, shapes.map, path, before, after);
  if (shape === "list" && shapes.list !== undefined) return visitList(found, shapes.list, path, before, after);
  if (shapes.scalar !== undefined && scalarError(shapes.scalar, before) !== undefined && scalarError(shapes.scalar, after) !== undefined) return false;
  return leaf(found, path, before, after);
}

function leaf(found: Found, path: Path, before: Side, after: Side): true {
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
  else if (!isEqual(before, after)) found.modified.insert(path);
  return true;
}

export const mapIn = (value: Side): JsonObject => (isObject(value) ? value : {});
export const listIn = (value: Side): readonly Json[] => (isArray(value) ? value : []);

function visitMap(found: Found, map: MapType, path: Path, before: Side, after: Side): boolean {
  const [left, right] = [mapIn(before), mapIn(after)];
  const isEmpty = Object.keys(left).length === 0 && Object.keys(right).length === 0;
  // Empty or null on both sides is compared as a whole: that keeps null and {} apart.
  if (map.atomic || isEmpty) return leaf(found, path, before, after);
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const type = map.fieldOf(name) ?? map.element;
    const [was, is] = [own(left, name), own(right, name)];
    if (type !== undefined) compare(found, type, [...path, fieldElement(name)], was, is);
  }
  return false;
}

export const own = (object: JsonObject, name: string): Side => (Object.hasOwn(object, name) ? object[name] : undefined);

function visitList(found: Found, list: ListType, path: Path, before: Side, after: Side): boolean {
  const [left, right] = [listIn(before), listIn(after)];
  if (!list.merges || (left.length === 0 && right.length === 0)) return leaf(found, path, before, after);
  const lefts = grouped(list, left);
  const rights = grouped(list, right);
  for (const element of new Set([...lefts.keys(), ...rights.keys()]))
    compareItems(found, list, [...path, element], lefts.get(element) ?? [], rights.get(element) ?? []);
  return false;
}

export function grouped(list: ListType, items: readonly Json[]): ReadonlyMap<PathElement, readonly Json[]> {
  const groups = new Map<PathElement, Json[]>();
  for (const [element, item] of namedItems(list, items)) {
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

/** Items that occur more than once are taken as a whole. */
function compareItems(found: Found, list: ListType, path: Path, lefts: readonly Json[], rights: readonly Json[]): void {
  if (lefts.length < 2 && rights.length < 2) {
    compare(found, list.element, path, lefts[0], rights[0]);
    return;
  }
  if (lefts.length > 1 && rights.length > 1) {
    if (!isEqual(lefts, rights)) found.modified.insert(path);
    return;
  }
  if (lefts.length > 1) {
    if (rights[0] !== undefined) compare(found, list.element, path, undefined, rights[0]);
    found.removed.insert(path);
    return;
  }
  if (lefts[0] !== undefined) compare(found, list.element, path, lefts[0], undefined);
  found.added.insert(path);
}
