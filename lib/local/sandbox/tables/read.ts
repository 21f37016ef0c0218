import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";

/** The value below `path` in plain JSON, or undefined when anything on the way is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

export const textAt = (value: Json | undefined, ...path: readonly string[]): string => {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
};
export const numberAt = (value: Json | undefined, ...path: readonly string[]): number => {
  const found = at(value, ...path);
  return typeof found === "number" ? found : 0;
};
export const listAt = (value: Json | undefined, ...path: readonly string[]): readonly Json[] => {
  const found = at(value, ...path);
  return isArray(found) ? found : [];
};
export const mapAt = (value: Json | undefined, ...path: readonly string[]): JsonObject => {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
};

export const NONE = "<none>";
export const UNSET = "<unset>";
export const orNone = (text: string): string => (text === "" ? NONE : text);

/** The first three, and how many more. */
export function firstThree(items: readonly string[], separator = ","): string {
  const shown = items.slice(0, 3).join(separator);
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

export const hasCondition = (object: Json, type: string): boolean =>
  listAt(object, "status", "conditions").some((condition) => textAt(condition, "type") === type && textAt(condition, "status") === "True");
