import type { Json } from "@sluice/engine/domain/json.ts";
import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import type { Comparison } from "./compare.ts";
import { compareObjects } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, differenceBelow, EMPTY, intersection, isEmptySet, setOf, union } from "./field-set.ts";
import type { Manager, Managers, Owned } from "./managers.ts";
import { managerKey } from "./managers.ts";
import { followSchema } from "./owned-paths.ts";
import { fieldElement } from "./path-element.ts";
import type { Type } from "./type.ts";

const path = (...fields: readonly string[]) => fields.map(fieldElement);

/** Never owned by anybody. Source: apimachinery stripMetaManager. */
const STRIPPED = setOf([
  path("apiVersion"),
  path("kind"),
  path("metadata"),
  ...["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"].map((field) =>
    path("metadata", field),
  ),
]);

export const stripped = (set: FieldSet): FieldSet => difference(set, STRIPPED);

/** Field paths that a request cannot change, as `[["status"]]`: nobody comes to own them by it. */
export type ResetFields = readonly (readonly string[])[];
export const resetSet = (fields: ResetFields): FieldSet => setOf(fields.map((names) => path(...names)));

const isJson = (_value: unknown): _value is Json => true;

/** The object without `metadata.managedFields`, as plain JSON. */
export function unmanaged(object: Manifest): Json {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  const plain = { ...object, metadata };
  return isJson(plain) ? plain : null;
}

/** What an object of this kind is before anything is written into it: in Go's types some structs are always there. */
export function emptyObject({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): Json {
  const type = typedFieldsOf(apiVersion, kind);
  const empty = type === undefined ? undefined : typedForm(type, {});
  const fields = empty?.ok === true && typeof empty.value === "object" && !Array.isArray(empty.value) ? empty.value : {};
  return { apiVersion, kind, ...fields };
}

export const withManagers = (object: Manifest, entries: readonly ManagedField[]): Manifest => {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(entries.length > 0 && { managedFields: entries }) } };
};

export type Taken = { readonly managers: Managers; readonly comparison: Comparison; readonly conflicts: readonly (readonly [Owned, FieldSet])[] };

/**
 * Takes what changed between `before` and `after` away from everybody but the writer (`self`), and says from whom.
 * Source: structured-merge-diff merge/update.go.
 */
export function takeChanges(type: Type, before: Json, after: Json, managers: Managers, self: string, reset: FieldSet): Taken {
  const all = compareObjects(type, before, after);
  const comparison: Comparison = {
    removed: differenceBelow(all.removed, reset),
    modified: differenceBelow(all.modified, reset),
    added: differenceBelow(all.added, reset),
  };
  const written = union(comparison.modified, comparison.added);
  const left = new Map<string, Owned>();
  const conflicts: (readonly [Owned, FieldSet])[] = [];
  for (const [key, owned] of managers) {
    const conflict = key === self ? EMPTY : intersection(owned.set, written);
    if (!isEmptySet(conflict)) conflicts.push([owned, conflict]);
    const set = key === self ? owned.set : difference(difference(owned.set, conflict), comparison.removed);
    if (!isEmptySet(set)) left.set(key, { ...owned, set });
  }
  return { managers: left, comparison, conflicts };
}

/** The managers' sets in today's schema. */
export const followed = (type: Type, managers: Managers): Managers =>
  new Map([...managers].map(([key, owned]) => [key, { ...owned, set: followSchema(owned.set, type) }]));

/** Ownership after a write that is no apply: the writer owns what it changed, in addition to what it owned. */
export function updated(type: Type, before: Json, after: Json, managers: Managers, writer: Manager, time: string, reset: FieldSet): Managers {
  const taken = takeChanges(type, before, after, followed(type, managers), "", reset);
  const set = stripped(differenceBelow(union(taken.comparison.modified, taken.comparison.added), reset));
  if (isEmptySet(set)) return taken.managers;
  const key = managerKey(writer);
  const previous = taken.managers.get(key);
  return new Map([...taken.managers, [key, { ...writer, set: previous === undefined ? set : union(set, previous.set), time }]]);
}
