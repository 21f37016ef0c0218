import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import type { PathElement } from "./path-element.ts";
import { comparePathElements, elementText, parsePathElement } from "./path-element.ts";

/** A set of paths as a tree. A path is in the set when its last element is among the `members` of the set that the others lead to. */
export type FieldSet = { readonly members: ReadonlySet<PathElement>; readonly children: ReadonlyMap<PathElement, FieldSet> };
export type Path = readonly PathElement[];

export const EMPTY: FieldSet = { members: new Set(), children: new Map() };

type Growing = { readonly members: Set<PathElement>; readonly children: Map<PathElement, Growing> };
export type SetBuilder = { insert(path: Path): void; readonly set: FieldSet };

export function createSetBuilder(): SetBuilder {
  const root: Growing = { members: new Set(), children: new Map() };
  return {
    set: root,
    insert: (path) => {
      const last = path.at(-1);
      if (last === undefined) return;
      let here = root;
      for (const element of path.slice(0, -1)) {
        const next = here.children.get(element) ?? { members: new Set(), children: new Map() };
        here.children.set(element, next);
        here = next;
      }
      here.members.add(last);
    },
  };
}

export function setOf(paths: readonly Path[]): FieldSet {
  const builder = createSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.set;
}

export function isEmptySet(set: FieldSet): boolean {
  if (set.members.size > 0) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}
export const childOf = (set: FieldSet, element: PathElement): FieldSet => set.children.get(element) ?? EMPTY;

function combine(children: Iterable<readonly [PathElement, FieldSet]>): ReadonlyMap<PathElement, FieldSet> {
  return new Map([...children].filter(([, child]) => !isEmptySet(child)));
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? child : union(own, child));
  }
  return { members: a.members.union(b.members), children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return EMPTY;
  return {
    members: a.members.intersection(b.members),
    children: combine([...a.children].map(([element, child]) => [element, intersection(child, childOf(b, element))])),
  };
}

/** The paths of `a` that are not in `b`; what lies below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  // The same set stays the same value: most writes leave most managers alone.
  if (a === EMPTY || isEmptySet(b)) return a;
  return {
    members: a.members.difference(b.members),
    children: combine([...a.children].map(([element, child]) => [element, difference(child, childOf(b, element))])),
  };
}

/** The paths of `a` that are neither in `b` nor below a path of `b`. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return {
    members: a.members.difference(b.members),
    children: combine(
      [...a.children].filter(([element]) => !b.members.has(element)).map(([element, child]) => [element, differenceBelow(child, childOf(b, element))]),
    ),
  };
}

export function isSameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.members.size !== b.members.size || a.children.size !== b.children.size) return false;
  if (!a.members.isSubsetOf(b.members)) return false;
  return [...a.children].every(([element, child]) => {
    const other = b.children.get(element);
    return other !== undefined && isSameSet(child, other);
  });
}

/** Every path, members of a set before what lies below it. */
export function pathsOf(set: FieldSet, prefix: Path = []): readonly Path[] {
  const members = [...set.members].toSorted(comparePathElements).map((element) => [...prefix, element]);
  const below = [...set.children].toSorted(([a], [b]) => comparePathElements(a, b)).flatMap(([element, child]) => pathsOf(child, [...prefix, element]));
  return [...members, ...below];
}

export const pathText = (path: Path): string => path.map(elementText).join("");

/** Sets and what they are written as, both ways: neither ever changes, and most live through many writes. */
const written = new WeakMap<FieldSet, JsonObject>();
const read = new WeakMap<JsonObject, FieldSet>();

/** As `fieldsV1` has it, keys in the server's order. */
export function encodeSet(set: FieldSet): JsonObject {
  const known = written.get(set);
  if (known !== undefined) return known;
  const made = encodeBelow(set, false);
  written.set(set, made);
  read.set(made, set);
  return made;
}

function encodeBelow(set: FieldSet, isMember: boolean): JsonObject {
  const entries: [string, Json][] = isMember ? [[".", {}]] : [];
  const elements = [...new Set([...set.members, ...set.children.keys()])].toSorted(comparePathElements);
  for (const element of elements) {
    const child = set.children.get(element);
    entries.push([element, child === undefined ? {} : encodeBelow(child, set.members.has(element))]);
  }
  return Object.fromEntries(entries);
}

/** Reads `fieldsV1`; undefined when it holds something that is no path element. */
export function decodeSet(fields: Json): FieldSet | undefined {
  if (!isObject(fields)) return undefined;
  const known = read.get(fields);
  if (known !== undefined) return known;
  const made = decodeBelow(fields)?.set;
  if (made === undefined) return undefined;
  read.set(fields, made);
  return made;
}

function decodeBelow(fields: JsonObject): { readonly set: FieldSet; readonly isMember: boolean } | undefined {
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [text, below] of Object.entries(fields)) {
    if (text === ".") continue;
    const element = parsePathElement(text);
    if (element === undefined || !isObject(below)) return undefined;
    if (element === "unknown") continue;
    const child = decodeBelow(below);
    if (child === undefined) return undefined;
    if (child.isMember) members.add(element);
    if (child.set.members.size > 0 || child.set.children.size > 0) children.set(element, child.set);
  }
  const isMember = Object.hasOwn(fields, ".") || (members.size === 0 && children.size === 0);
  return { set: { members, children }, isMember };
}
