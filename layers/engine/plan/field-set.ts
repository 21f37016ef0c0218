import { isObject, type JsonObject } from "../domain/json.ts";
import type { ManagedField, Manifest } from "../domain/manifest.ts";

/** The API server itself refuses objects nested deeper than this. */
const MAX_DEPTH = 512;

const isLeaf = (node: JsonObject): boolean => Object.keys(node).length === 0;
const childOf = (node: JsonObject, key: string): JsonObject => {
  const child = node[key];
  return isObject(child) ? child : {};
};

/**
 * The union of two `fieldsV1` trees, in the order in which the API server writes them (sorted by key).
 * A node that is a leaf in one tree and has children in the other is a member itself and keeps its children: it gets `.`.
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath.Set.
 */
export function unionFields(a: JsonObject, b: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return a;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  const entries = keys.map((key): [string, JsonObject] => {
    if (key === ".") return [key, {}];
    if (!Object.hasOwn(a, key)) return [key, childOf(b, key)];
    if (!Object.hasOwn(b, key)) return [key, childOf(a, key)];
    const [left, right] = [childOf(a, key), childOf(b, key)];
    const joined = unionFields(left, right, depth + 1);
    return [key, isLeaf(left) !== isLeaf(right) ? { ".": {}, ...joined } : joined];
  });
  return Object.fromEntries(entries);
}

/** The entries of `metadata.managedFields`, none when there are none. */
export const managedFieldsOf = (manifest: Manifest): readonly ManagedField[] => manifest.metadata.managedFields ?? [];

/** True for an entry that tells of the object itself, not of its status or scale. */
export const isOfMainResource = (entry: ManagedField): boolean => entry.subresource === undefined || entry.subresource === "";
