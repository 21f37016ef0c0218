import type { Json } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { FieldSet } from "./field-set.ts";
import { childOf, isEmptySet } from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import type { ListType, MapType, Type } from "./type.ts";
import { shapeOf, shapesFor } from "./type.ts";

/**
 * `value` without what `paths` names. What is emptied by that becomes null, and atomic values below which something is named, too.
 * Source: structured-merge-diff typed/remove.go.
 */
export function removePaths(type: Type, value: Json, paths: FieldSet): Json {
  const shapes = shapesFor(type, value);
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) return removeFromMap(shapes.map, value, paths);
  if (shape === "list" && shapes.list !== undefined) return removeFromList(shapes.list, value, paths);
  return value;
}

function removeFromMap(map: MapType, value: Json, paths: FieldSet): Json {
  if (!isObject(value) || map.atomic) return null;
  const entries: [string, Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const element = fieldElement(name);
    if (paths.members.has(element)) continue;
    const below = childOf(paths, element);
    const type = map.fieldOf(name) ?? map.element;
    entries.push([name, isEmptySet(below) || type === undefined ? inner : removePaths(type, inner, below)]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function removeFromList(list: ListType, value: Json, paths: FieldSet): Json {
  if (!isArray(value) || !list.merges) return null;
  const items: Json[] = [];
  for (const item of value) {
    const element = itemElement(list, item);
    if (element.ok && paths.members.has(element.value)) continue;
    const below = element.ok ? childOf(paths, element.value) : undefined;
    items.push(below === undefined || isEmptySet(below) ? item : removePaths(list.element, item, below));
  }
  return items.length === 0 ? null : items;
}
