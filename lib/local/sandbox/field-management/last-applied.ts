import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { typeErrors } from "./check-type.ts";
import { compareObjects } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { difference } from "./field-set.ts";
import { ownedPaths } from "./owned-paths.ts";
import type { Type } from "./type.ts";

const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

const isJson = (_value: unknown): _value is Json => true;

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : null;
  } catch {
    return null;
  }
}

export const hasLastApplied = ({ metadata }: Manifest): boolean => (metadata.annotations?.[ANNOTATION] ?? "") !== "";

/**
 * The paths that `kubectl apply` of old owns because they still are as it left them, or undefined when there is no such record.
 * Source: apimachinery lastAppliedManager.
 */
export function allowedByLastApplied(type: Type, live: Json, apiVersion: string): FieldSet | undefined {
  const annotations = isObject(live) && isObject(live.metadata) ? live.metadata.annotations : undefined;
  const text = isObject(annotations) ? annotations[ANNOTATION] : undefined;
  const last = typeof text === "string" && text !== "" ? parse(text) : null;
  if (!isObject(last) || last.apiVersion !== apiVersion || typeErrors(type, last, "refused").length > 0) return undefined;
  const { modified, added, removed } = compareObjects(type, last, live);
  return difference(difference(difference(ownedPaths(type, last), modified), added), removed);
}

/** Keeps the record of client-side apply in step with what kubectl applies on the server's side. Source: apimachinery lastAppliedUpdater. */
export function withLastApplied(object: Manifest, applied: Manifest): Manifest {
  const { [ANNOTATION]: _record, ...annotations } = applied.metadata.annotations ?? {};
  const config = {
    ...applied,
    metadata: { ...applied.metadata, ...(Object.keys(annotations).length > 0 || applied.metadata.annotations !== undefined ? { annotations } : {}) },
  };
  const record = isJson(config) ? `${JSON.stringify(sorted(config))}\n` : "";
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [ANNOTATION]: record } } };
}

/** Go writes maps with their keys sorted. */
function sorted(value: Json): Json {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const source: JsonObject = value;
  return Object.fromEntries(
    Object.keys(source)
      .toSorted()
      .map((key) => [key, sorted(source[key] ?? null)]),
  );
}
