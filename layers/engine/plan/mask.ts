import { isEqual, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";

const SAME = "***";
const BEFORE = "*** (before)";
const AFTER = "*** (after)";
/** kubectl keeps the whole manifest, values and all, in this annotation. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

const isSecret = ({ apiVersion, kind }: Manifest): boolean => apiVersion === "v1" && kind.toLowerCase() === "secret";

/**
 * Both objects with the values of a Secret replaced: `***`, and `*** (before)` / `*** (after)` where they differ.
 * Everything that shows, logs or compares texts of objects works on the result. Source: Flux, ssa sanitize.
 */
export function maskedPair(live: Manifest, desired: Manifest): { readonly live: Manifest; readonly desired: Manifest } {
  if (!isSecret(live) && !isSecret(desired)) return { live, desired };
  const one = (own: Manifest, other: Manifest, changed: string): Manifest => ({
    ...own,
    metadata: maskedMetadata(own, other, changed),
    ...maskedField("data", own, other, changed),
    ...maskedField("stringData", own, other, changed),
  });
  return { live: one(live, desired, BEFORE), desired: one(desired, live, AFTER) };
}

/** A Secret with its values replaced; every other object as it is. */
export const masked = (object: Manifest): Manifest => maskedPair(object, object).live;

function maskedField(field: "data" | "stringData", own: Manifest, other: Manifest, changed: string): { readonly [field: string]: Json } {
  const mine = jsonOf(own)[field];
  const theirs = jsonOf(other)[field];
  if (mine === undefined) return {};
  if (!isObject(mine)) return { [field]: SAME };
  return { [field]: maskedValues(mine, isObject(theirs) ? theirs : {}, changed) };
}

const maskedValues = (mine: JsonObject, theirs: JsonObject, changed: string): JsonObject =>
  Object.fromEntries(Object.entries(mine).map(([key, value]) => [key, Object.hasOwn(theirs, key) && !isEqual(value, theirs[key]) ? changed : SAME]));

function maskedMetadata(own: Manifest, other: Manifest, changed: string): Manifest["metadata"] {
  const { annotations } = own.metadata;
  if (annotations === undefined || !Object.hasOwn(annotations, LAST_APPLIED)) return own.metadata;
  const theirs = other.metadata.annotations?.[LAST_APPLIED];
  const shown = theirs !== undefined && theirs !== annotations[LAST_APPLIED] ? changed : SAME;
  return { ...own.metadata, annotations: { ...annotations, [LAST_APPLIED]: shown } };
}
