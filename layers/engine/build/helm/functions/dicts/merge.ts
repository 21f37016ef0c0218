import { GoPanic } from "../../go/result.ts";
import { ANY, isAssignable } from "../../go/type.ts";
import type { GoMap, GoValue } from "../../go/value.ts";
import { isEmpty } from "../empty.ts";
import { claimItems, deeper } from "../limits.ts";

/**
 * Puts what is in `source` into `target`, map by map. Where both have a value, that of `target` stays unless it is empty; with `overwrite` that of
 * `source` takes its place, also an empty one. What is put there is shared with `source`, not copied. Source: mergo 1.0.1, deepMerge.
 */
export function mergeInto(target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  const below = deeper(depth);
  claimItems(source.entries.size);
  for (const [key, value] of source.entries) {
    const there = target.entries.get(key);
    if (value === null) {
      if (overwrite) put(target, key, value, source);
    } else if (isMapValue(value) && there !== undefined && isMapValue(there)) mergeMaps(target, key, there, value, source, overwrite, below);
    else if (overwrite || there === undefined || isEmpty(there)) put(target, key, value, source);
  }
}

/** A map of texts takes nothing from a map of anything. */
function put(target: GoMap, key: string, value: GoValue, source: GoMap): void {
  const [to, from] = [target.type.element ?? ANY, source.type.element ?? ANY];
  if (!isAssignable(from, to)) throw new GoPanic(`reflect.Value.SetMapIndex: value of type ${from.name} is not assignable to type ${to.name}`);
  target.entries.set(key, value);
}

function mergeMaps(target: GoMap, key: string, there: GoMap, value: GoMap, source: GoMap, overwrite: boolean, depth: number): void {
  // A map that is nil cannot take anything in its place.
  if (!there.isNil) mergeInto(there, value, overwrite, depth);
  if (there.entries.size === 0) put(target, key, value, source);
}

const isMapValue = (value: GoValue): value is GoMap => typeof value === "object" && value !== null && value.go === "map";
