import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Subject } from "./subjects.ts";

export type Chance = (below: number) => number;

/** The same numbers for the same seed. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <Item>(chance: Chance, items: readonly Item[]): Item | undefined => items[chance(items.length)];

/** Lays fragments over one another; items of lists of objects with equal names become one. */
export function overlay(under: Json | undefined, over: Json): Json {
  if (isObject(under) && isObject(over)) {
    const names = new Set([...Object.keys(under), ...Object.keys(over)]);
    return Object.fromEntries([...names].map((name) => [name, Object.hasOwn(over, name) ? overlay(under[name], over[name] ?? null) : (under[name] ?? null)]));
  }
  if (isArray(under) && isArray(over) && over.every(isObject) && under.every(isObject)) {
    const merged: JsonObject[] = [...under];
    for (const item of over) {
      const index = merged.findIndex((other) => other.name !== undefined && other.name === item.name && other.protocol === item.protocol);
      const laid = overlay(merged[index], item);
      if (index < 0) merged.push(item);
      else if (isObject(laid)) merged[index] = laid;
    }
    return merged;
  }
  return over;
}

export function randomObject(chance: Chance, subject: Subject, name: string): JsonObject {
  let object: Json = overlay({ apiVersion: subject.apiVersion, kind: subject.kind, metadata: { name } }, subject.base);
  for (const slot of subject.slots) if (chance(3) === 0) object = overlay(object, pick(chance, slot) ?? {});
  return isObject(object) ? object : {};
}

/** `object` with one or two of the slots written over it, or with a part of it removed. */
export function randomEdit(chance: Chance, subject: Subject, object: JsonObject): JsonObject {
  let edited: Json = object;
  for (let i = 0; i <= chance(2); i += 1) {
    const fragment = pick(chance, pick(chance, subject.slots) ?? []) ?? {};
    edited = chance(3) === 0 && isObject(edited) ? without(edited, fragment) : overlay(edited, fragment);
  }
  return isObject(edited) ? edited : {};
}

function without(object: JsonObject, fragment: JsonObject): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const below = fragment[name];
    if (below === undefined || name === "selector" || name === "template" || name === "ports" || name === "podSelector") return [[name, value]];
    return isObject(value) && isObject(below) && Object.keys(below).length > 0 ? [[name, without(value, below)]] : [];
  });
  return Object.fromEntries(entries);
}
