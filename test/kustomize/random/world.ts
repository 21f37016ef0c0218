import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Chance } from "./chance.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { labelsOf, type Maker, maybe, NAMES, NAMESPACES } from "./maker.ts";

export type Made = { readonly kind: Kind; readonly name: string; readonly namespace: string | undefined; readonly object: JsonObject };

/** The objects of a tree so far, by which later ones are named, patched and copied from. */
export type World = {
  readonly chance: Chance;
  /** Those that the kustomization at hand has. */
  readonly made: Made[];
  object(): Made;
  nameOf(kind: string): string;
};

/** `made` is what is there already; what is made is added to it. */
export function createWorld(chance: Chance, made: Made[] = []): World {
  const nameOf = (kind: string): string => {
    const known = made.filter((each) => each.kind.kind === kind);
    return known.length > 0 && chance.happens(0.75) ? chance.one(known).name : chance.one(NAMES);
  };
  const maker: Maker = { chance, nameOf };
  const object = (): Made => {
    const kind = chance.one(KINDS);
    // The same name twice is mostly an error, so it is rare.
    const taken = new Set(made.filter((each) => each.kind.kind === kind.kind).map(({ name }) => name));
    const free = NAMES.filter((name) => !taken.has(name));
    const name = free.length > 0 && chance.happens(0.97) ? chance.one(free) : chance.happens(0.9) ? `${chance.one(NAMES)}-${made.length}` : chance.one(NAMES);
    const namespace = kind.isCluster !== true && chance.happens(0.15) ? chance.one(NAMESPACES) : undefined;
    const object = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...maybe(chance, 0.35, () => ({ labels: labelsOf(chance) })),
        ...maybe(chance, 0.2, () => ({ annotations: { note: chance.one(NAMES) } })),
      },
      ...kind.body(maker),
    };
    const each = { kind, name, namespace, object };
    made.push(each);
    return each;
  };
  return { chance, made, object, nameOf };
}

/** A way to a place in an object. */
export type Way = readonly (string | number)[];

/** All ways to what `wanted` says yes to, below the object. */
export function waysIn(value: Json, wanted: (value: Json) => boolean, way: Way = []): Way[] {
  const inside: readonly (readonly [string | number, Json])[] = isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [...(wanted(value) ? [way] : []), ...inside.flatMap(([key, child]) => waysIn(child, wanted, [...way, key]))];
}

export const isScalar = (value: Json): boolean => !isObject(value) && !isArray(value);
