import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { goJson } from "../schema/go-text.ts";

/** The order of metav1.ObjectMeta in Go, in which the server writes what a patch has not touched. */
const METADATA = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/**
 * A patched object as `patch: Invalid value: …` shows it: keys are sorted at every level that the patch reaches into, and in the order of the
 * type elsewhere. Source: evanphx/json-patch, which decodes no more than it changes.
 */
export const patchedText = (patched: JsonObject, patch: Json): string => goJson(shown(patched, isArray(patch) ? reachOf(patch) : patch));

function shown(value: JsonObject, patch: Json): JsonObject {
  const reach = isObject(patch) ? patch : {};
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const inner = Object.hasOwn(reach, key) ? reach[key] : undefined;
      if (isObject(item) && isObject(inner)) return [key, shown(item, inner)];
      return [key, key === "metadata" && isObject(item) ? inOrder(item) : item];
    }),
  );
}

const inOrder = (metadata: JsonObject): JsonObject => {
  const place = (key: string): number => METADATA.indexOf(key);
  return Object.fromEntries(Object.entries(metadata).toSorted(([a], [b]) => place(a) - place(b)));
};

/** The levels that the operations of a JSON patch reach into, as nested objects. */
function reachOf(operations: readonly Json[]): JsonObject {
  const root = new Map<string, unknown>();
  for (const operation of operations) {
    const path = isObject(operation) && typeof operation.path === "string" ? operation.path : "";
    let level = root;
    for (const step of path.split("/").slice(1, -1)) {
      const next = level.get(step);
      const inner = next instanceof Map ? next : new Map<string, unknown>();
      level.set(step, inner);
      level = inner;
    }
  }
  return plain(root);
}

const plain = (level: ReadonlyMap<string, unknown>): JsonObject =>
  Object.fromEntries([...level].map(([step, inner]) => [step, inner instanceof Map ? plain(inner) : null]));
