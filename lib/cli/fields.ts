import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";

/** What stands at a path of names in an object; undefined where nothing does. */
export function valueAt(object: Manifest, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = jsonOf(object);
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** The text there, or nothing. */
export function textAt(object: Manifest, ...path: readonly string[]): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : "";
}

export function numberAt(object: Manifest, ...path: readonly string[]): number {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : 0;
}

export const hasAt = (object: Manifest, ...path: readonly string[]): boolean => valueAt(object, ...path) !== undefined && valueAt(object, ...path) !== null;

export function itemsAt(object: Manifest, ...path: readonly string[]): readonly Json[] {
  const value = valueAt(object, ...path);
  return isArray(value) ? value : [];
}

/** The text of a field of a list item or another plain value. */
export const textOf = (value: Json | undefined, name: string): string => {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof found === "string" ? found : "";
};
