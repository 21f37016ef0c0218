import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { writeNumber } from "./yaml/number.ts";

/** What kustomize says about the first document that is no Kubernetes object, or undefined. Source: recordings build/generated-refuses-*. */
export function resourceProblem(documents: readonly Json[]): string | undefined {
  const waiting: Json[] = [...documents];
  for (const document of waiting) {
    if (document === null || isEmptyValue(document)) continue;
    if (!isObject(document)) return "missing Resource metadata";
    const wrong = metadataProblem(document);
    if (wrong !== undefined) return wrong;
    const items = textOf(document.kind).endsWith("List") ? document.items : undefined;
    if (isArray(items)) waiting.push(...items);
  }
  return undefined;
}

function metadataProblem(object: JsonObject): string | undefined {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const [apiVersion, kind, name] = [textOf(object.apiVersion), textOf(object.kind), textOf(metadata.name)];
  if (apiVersion === "" && kind === "" && Object.keys(metadata).length === 0) return "missing Resource metadata";
  const shown = `{{${apiVersion} ${kind}} {{${name} ${textOf(metadata.namespace)}} ${goMap(metadata.labels)} ${goMap(metadata.annotations)}}}`;
  if (kind === "") return `missing kind in object ${shown}`;
  return name === "" && !kind.endsWith("List") ? `missing metadata.name in object ${shown}` : undefined;
}

const isEmptyValue = (value: Json): boolean => (isObject(value) && Object.keys(value).length === 0) || value === "";

function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return writeNumber(value);
  return typeof value === "boolean" ? String(value) : "";
}

/** A map as Go prints one: `map[a:1 b:2]`, by keys. */
function goMap(value: Json | undefined): string {
  if (!isObject(value)) return "map[]";
  const keys = Object.keys(value).toSorted();
  return `map[${keys.map((key) => `${key}:${textOf(value[key])}`).join(" ")}]`;
}
