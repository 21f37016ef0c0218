import type { Json } from "@sluice/engine/domain/json.ts";
import { listIn, mapIn, own } from "./compare.ts";
import { itemElement } from "./list-items.ts";
import type { PathElement } from "./path-element.ts";
import type { ListType, MapType, Type } from "./type.ts";
import { shapeOf, shapesFor } from "./type.ts";

type Side = Json | undefined;

/**
 * `applied` laid over `live`: maps and merging lists item by item, the rest as a whole. Undefined when nothing is left.
 * Items keep live's order, except that items which both have stand in the order of `applied`. Source: structured-merge-diff typed/merge.go.
 */
export function mergeObjects(type: Type, live: Side, applied: Side): Side {
  const shapes = shapesFor(type, applied === undefined ? live : applied);
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) return mergeMaps(shapes.map, live, applied);
  if (shape === "list" && shapes.list !== undefined) return mergeLists(shapes.list, live, applied);
  return whole(live, applied);
}

const whole = (live: Side, applied: Side): Side => (applied === undefined ? live : applied);

function mergeMaps(map: MapType, live: Side, applied: Side): Side {
  const [left, right] = [mapIn(live), mapIn(applied)];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  if (map.atomic || names.size === 0) return whole(live, applied);
  const entries: [string, Json][] = [];
  for (const name of names) {
    const type = map.fieldOf(name) ?? map.element;
    const merged = type === undefined ? whole(own(left, name), own(right, name)) : mergeObjects(type, own(left, name), own(right, name));
    if (merged !== undefined) entries.push([name, merged]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** By element, in order; of items that occur more than once, null. */
function indexed(list: ListType, items: readonly Json[]): { readonly elements: readonly PathElement[]; readonly items: ReadonlyMap<PathElement, Json> } {
  const elements: PathElement[] = [];
  const byElement = new Map<PathElement, Json>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (!element.ok) continue;
    byElement.set(element.value, byElement.has(element.value) ? null : item);
    elements.push(element.value);
  }
  return { elements, items: byElement };
}

function mergeLists(list: ListType, live: Side, applied: Side): Side {
  const [left, right] = [listIn(live), listIn(applied)];
  if (!list.merges || (left.length === 0 && right.length === 0)) return whole(live, applied);
  const ours = indexed(list, left);
  const theirs = indexed(list, right);
  const merged: Json[] = [];
  const take = (mine: Side, other: Side): void => {
    const item = mergeObjects(list.element, mine, other);
    if (item !== undefined) merged.push(item);
  };
  const taken = new Set<PathElement>();
  const shared = theirs.elements.filter((element) => ours.items.has(element));
  let next = shared.shift();
  let [i, j] = [0, 0];
  while (i < ours.elements.length || j < theirs.elements.length) {
    const mine = ours.elements[i];
    const other = theirs.elements[j];
    if (mine !== undefined && other !== undefined) {
      if (mine === other) {
        taken.add(mine);
        take(ours.items.get(mine), theirs.items.get(mine));
        i += 1;
        j += 1;
        next = shared.shift();
        continue;
      }
      if (theirs.items.has(mine) && next !== undefined && next !== mine) {
        i += 1;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!theirs.items.has(mine)) {
        take(left[i], undefined);
        i += 1;
        continue;
      }
      if (taken.has(mine)) i += 1;
    }
    if (other !== undefined) {
      taken.add(other);
      take(ours.items.get(other), theirs.items.get(other));
      j += 1;
      if (next === other) next = shared.shift();
    }
  }
  return merged.length === 0 ? undefined : merged;
}
