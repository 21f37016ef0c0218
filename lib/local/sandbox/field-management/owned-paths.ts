import type { Json } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { grouped } from "./compare.ts";
import type { FieldSet, Path, SetBuilder } from "./field-set.ts";
import { childOf, createSetBuilder, differenceBelow, setOf, union } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { fieldElement, fieldName, isField, isKey } from "./path-element.ts";
import type { ListType, MapType, Type } from "./type.ts";
import { shapeOf, shapesFor, shapesOf } from "./type.ts";

/** The paths that whoever applies `value` owns. Source: structured-merge-diff typed/tofieldset.go. */
export function ownedPaths(type: Type, value: Json): FieldSet {
  const owned = createSetBuilder();
  visit(owned, type, [], value);
  return owned.set;
}

function visit(owned: SetBuilder, type: Type, path: Path, value: Json): void {
  const shapes = shapesFor(type, value);
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) visitMap(owned, shapes.map, path, value);
  else if (shape === "list" && shapes.list !== undefined) visitList(owned, shapes.list, path, value);
  else owned.insert(path);
}

function visitMap(owned: SetBuilder, map: MapType, path: Path, value: Json): void {
  if (map.atomic) owned.insert(path);
  if (map.atomic || !isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const field = map.fieldOf(name);
    const type = field ?? map.element;
    const here = [...path, fieldElement(name)];
    if (type !== undefined) visit(owned, type, here, inner);
    if (field === undefined || inner === null || (isObject(inner) && Object.keys(inner).length === 0)) owned.insert(here);
  }
}

function visitList(owned: SetBuilder, list: ListType, path: Path, value: Json): void {
  if (!list.merges) owned.insert(path);
  if (!list.merges || !isArray(value)) return;
  for (const [element, items] of grouped(list, value)) {
    const here = [...path, element];
    if (items.length === 1 && items[0] !== undefined) visit(owned, list.element, here, items[0]);
    owned.insert(here);
  }
}

/** Adds each struct field below which something is in the set. Source: fieldpath EnsureNamedFieldsAreMembers. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  const shapes = type === undefined ? {} : shapesOf(type);
  const members = new Set(set.members);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const field = isField(element) ? shapes.map?.fieldOf(fieldName(element)) : undefined;
    if (field !== undefined) members.add(element);
    const inner = isField(element) ? (field ?? shapes.map?.element) : isKey(element) ? shapes.list?.element : undefined;
    children.set(element, withNamedFields(child, inner));
  }
  return { members, children };
}

/**
 * The set of a manager, after the schema may have changed: what lies inside a list or map that is atomic now becomes the whole of it.
 * Source: structured-merge-diff ReconcileFieldSetWithSchema.
 */
export function followSchema(set: FieldSet, type: Type): FieldSet {
  const ofType = follows.get(type) ?? new WeakMap<FieldSet, FieldSet>();
  follows.set(type, ofType);
  const known = ofType.get(set);
  if (known !== undefined) return known;
  const made = followed(set, type);
  ofType.set(set, made);
  return made;
}

const follows = new WeakMap<Type, WeakMap<FieldSet, FieldSet>>();

function followed(set: FieldSet, type: Type): FieldSet {
  const atomic: Path[] = [];
  findAtomic(atomic, set, type, [], false);
  if (atomic.length === 0) return set;
  const changed = setOf(atomic);
  return union(differenceBelow(set, changed), changed);
}

function findAtomic(atomic: Path[], set: FieldSet | undefined, type: Type, path: Path, isWhole: boolean): void {
  const shapes = shapesOf(type);
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) {
    const { map } = shapes;
    if (!map.hasFields && isUnknown(map.element)) return;
    if (!isWhole && map.atomic) {
      if (set !== undefined && (set.members.size > 0 || set.children.size > 0)) atomic.push(path);
      return;
    }
    descend(atomic, set, path, (element) => (isField(element) ? (map.fieldOf(fieldName(element)) ?? map.element) : map.element));
  } else if (shape === "list" && shapes.list !== undefined) {
    const { list } = shapes;
    if (!isWhole && !list.merges) atomic.push(path);
    else descend(atomic, set, path, () => list.element);
  }
}

const isUnknown = (element: Type | undefined): boolean => element?.kind === "deduced" || (element?.kind === "schema" && shapesOf(element).scalar === "untyped");

function descend(atomic: Path[], set: FieldSet | undefined, path: Path, typeOf: (element: PathElement) => Type | undefined): void {
  if (set === undefined) return;
  for (const element of new Set([...set.members, ...set.children.keys()])) {
    const type = typeOf(element);
    const isWhole = set.members.has(element) && !set.children.has(element);
    if (type !== undefined) findAtomic(atomic, set.children.has(element) ? childOf(set, element) : undefined, type, [...path, element], isWhole);
  }
}
