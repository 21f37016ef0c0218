import { createHash } from "node:crypto";
import { isArray, isObject, type Json } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import { managedFieldsOf } from "./field-set.ts";

/**
 * What a dry-run that found no change was about: the same stamp next time means the same answer, without a request.
 * Made of the desired object, the live one without resourceVersion, status and the times in managedFields, and the hash that
 * `/openapi/v3` gives for the group-version. Undefined when the server gives no hash: then nothing can be remembered.
 * Source: design §6.
 */
export function stampOf(desired: Manifest, live: Manifest, schemaHash: string | undefined): string | undefined {
  if (schemaHash === undefined) return undefined;
  const { status: _status, ...rest } = jsonOf(live);
  const { resourceVersion: _resourceVersion, managedFields: _managedFields, ...metadata } = live.metadata;
  const managedFields = managedFieldsOf(live).map(({ time: _time, ...entry }) => entry);
  const hash = createHash("sha256");
  for (const part of [jsonOf(desired), { ...rest, metadata: { ...metadata, managedFields } as Json }, schemaHash]) {
    hash.update(JSON.stringify(sorted(part)));
    hash.update("\n");
  }
  return `sha256:${hash.digest("hex")}`;
}

/** Maps with their keys in order, so that equal objects have equal texts. */
function sorted(value: Json): Json {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .toSorted()
    .filter((key) => value[key] !== undefined)
    .map((key): [string, Json] => [key, sorted(value[key] ?? null)]);
  return Object.fromEntries(entries);
}
