import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { itemElement } from "./list-items.ts";
import { elementText, fieldElement } from "./path-element.ts";
import type { ListType, MapType, Scalar, Type } from "./type.ts";
import { shapeOf, shapesFor } from "./type.ts";

/** Go's `%v` of a value: what messages show of it. */
function goText(value: Json): string {
  if (isArray(value)) return `[${value.map(goText).join(",")}]`;
  if (isObject(value))
    return `map[${Object.keys(value)
      .toSorted()
      .map((key) => `${key}:${goText(value[key] ?? null)}`)
      .join(" ")}]`;
  return value === null ? "<nil>" : String(value);
}

const goType = (value: Json): string => {
  if (isArray(value)) return "[]interface {}";
  if (isObject(value)) return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : typeof value;
};

/**
 * What of `value` does not fit its type, each as `.spec.replicas: expected numeric (int or float), got string`.
 * Source: structured-merge-diff typed/validate.go. Duplicates in merging lists are an error only in what a client applies.
 */
export function typeErrors(type: Type, value: Json, duplicates: "allowed" | "refused"): readonly string[] {
  return errorsOf(type, value, duplicates).map(({ path, text }) => (path === "" ? text : `${path}: ${text}`));
}

type TypeError = { readonly path: string; readonly text: string };
const below = (prefix: string, errors: readonly TypeError[]): readonly TypeError[] => errors.map(({ path, text }) => ({ path: `${prefix}${path}`, text }));

function errorsOf(type: Type, value: Json, duplicates: "allowed" | "refused"): readonly TypeError[] {
  const shapes = shapesFor(type, value);
  const shape = shapeOf(shapes);
  if (shape === "map" && shapes.map !== undefined) return mapErrors(shapes.map, value, duplicates);
  if (shape === "list" && shapes.list !== undefined) return listErrors(shapes.list, value, duplicates);
  const text = shapes.scalar === undefined ? undefined : scalarError(shapes.scalar, value);
  return text === undefined ? [] : [{ path: "", text }];
}

/** Undefined when `value` is a scalar of that type, null or absent. */
export function scalarError(scalar: Scalar, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  switch (scalar) {
    case "numeric":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case "string":
      return typeof value === "string" ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${goText(value)}}`;
    case "untyped":
      return isArray(value) || isObject(value) ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
}

/** Go's `%#v`. */
function goSyntax(value: Json): string {
  if (isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isObject(value))
    return `map[string]interface {}{${Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key] ?? null)}`)
      .join(", ")}}`;
  return value === null ? "interface {}(nil)" : JSON.stringify(value);
}

function mapErrors(map: MapType, value: Json, duplicates: "allowed" | "refused"): readonly TypeError[] {
  if (value === null) return [];
  if (!isObject(value)) return [{ path: "", text: `expected map, got &{${goText(value)}}` }];
  return fieldErrors(map, value, duplicates);
}

function fieldErrors(map: MapType, value: JsonObject, duplicates: "allowed" | "refused"): readonly TypeError[] {
  const errors: TypeError[] = [];
  // The server goes through them in no order; sorted, the answer is always the same.
  for (const name of Object.keys(value).toSorted()) {
    const inner = value[name] ?? null;
    const type = map.fieldOf(name) ?? map.element;
    // The server stops at the first unknown field of a struct.
    if (type === undefined) return [...errors, { path: `.${name}`, text: "field not declared in schema" }];
    errors.push(...below(elementText(fieldElement(name)), errorsOf(type, inner, duplicates)));
  }
  return errors;
}

function listErrors(list: ListType, value: Json, duplicates: "allowed" | "refused"): readonly TypeError[] {
  if (value === null) return [];
  if (!isArray(value)) return [{ path: "", text: `expected list, got &{${goText(value)}}` }];
  const seen = new Set<string>();
  const errors: TypeError[] = [];
  for (const [index, item] of value.entries()) {
    let name = `[${index}]`;
    if (list.merges) {
      const element = itemElement(list, item);
      if (!element.ok) return [...errors, { path: "", text: `element ${index}: ${element.problem}` }];
      name = elementText(element.value);
      if (seen.has(element.value) && duplicates === "refused") errors.push({ path: "", text: `duplicate entries for key ${name}` });
      seen.add(element.value);
    }
    errors.push(...below(name, errorsOf(list.element, item, duplicates)));
  }
  return errors;
}
