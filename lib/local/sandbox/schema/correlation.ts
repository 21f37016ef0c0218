import { isArray, isEqual, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Schema } from "./schema.ts";

/**
 * The item of the old list that `item` replaces: known in keyed lists only, by its keys.
 * Source: apiserver, cel/common CorrelatedObject.
 */
export function correlatedItem(list: Schema, item: Json, old: Json | undefined): Json | undefined {
  if (list.listType !== "map" || !isArray(old) || !isObject(item)) return undefined;
  const keys = list.listMapKeys ?? [];
  return old.find((other) => isObject(other) && keys.every((key) => isEqual(other[key], item[key])));
}

/** The field of the old object that a field replaces; nothing below an atomic map is told apart. */
export const correlatedField = (map: Schema, field: string, old: Json | undefined): Json | undefined =>
  map.mapType !== "atomic" && isObject(old) && Object.hasOwn(old, field) ? old[field] : undefined;
