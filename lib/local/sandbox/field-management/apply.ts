import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isEqual, isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { groupOf, versionOf } from "@sluice/engine/domain/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import { typeErrors } from "./check-type.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, differenceBelow, EMPTY, intersection, isEmptySet, pathsOf, pathText, union } from "./field-set.ts";
import { allowedByLastApplied, hasLastApplied, withLastApplied } from "./last-applied.ts";
import type { Manager, Managers, Owned } from "./managers.ts";
import { capUpdaters, decodeManagers, encodeManagers, managerKey } from "./managers.ts";
import { mergeObjects } from "./merge.ts";
import { ownedPaths, withNamedFields } from "./owned-paths.ts";
import type { ResetFields } from "./ownership.ts";
import { emptyObject, followed, resetSet, stripped, takeChanges, unmanaged, updated, withManagers } from "./ownership.ts";
import { removePaths } from "./remove-paths.ts";
import type { Type } from "./type.ts";
import { rootType } from "./type.ts";

export type ApplyInput = {
  readonly schema: Schema;
  /** Absent: the object is created. */
  readonly live: Manifest | undefined;
  /** As the client sent it. */
  readonly applied: Manifest;
  readonly manager: string;
  readonly force: boolean;
  /** `2026-01-01T00:00:00Z`. */
  readonly time: string;
  readonly subresource?: string;
  /** What this request cannot change (resetFieldsOf). */
  readonly reset?: ResetFields;
  /** Whether a version can still be read; entries of versions that cannot are dropped. All can, when absent. */
  readonly isServed?: (apiVersion: string) => boolean;
};

export type Conflict = {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
};

/** `invalid`: the request fails with that text and code; 500 is what the real server answers, without a reason. */
export type Applied =
  | { readonly kind: "applied"; readonly object: Manifest }
  | { readonly kind: "conflicts"; readonly conflicts: readonly Conflict[] }
  | { readonly kind: "invalid"; readonly code: 400 | 500; readonly message: string };

const isManifest = (value: Json): value is Manifest & JsonObject => isObject(value) && isObject(value.metadata);

/**
 * Server-side apply: what `live` becomes, with its managedFields. The result is neither defaulted nor validated, and of built-in kinds not in
 * its typed form. Source: apimachinery util/managedfields and structured-merge-diff merge/update.go.
 */
export function applyFields(input: ApplyInput): Applied {
  const problem = refusal(input);
  if (problem !== undefined) return problem;
  const type = rootType(input.schema);
  const apiVersion = input.applied.apiVersion;
  const live = input.live === undefined ? emptyObject(input.applied) : unmanaged({ ...input.live, apiVersion });
  const decoded = decodeManagers(input.live?.metadata.managedFields ?? []);
  if (decoded === undefined) return { kind: "invalid", code: 500, message: "failed to decode managed fields: operation must be `Apply` or `Update`" };
  const served = new Map([...decoded].filter(([, owned]) => input.isServed?.(owned.apiVersion) !== false));
  const managers = served.size > 0 || input.live === undefined ? served : beforeFirstApply(type, input, live);
  const outcome = attempt(type, input, live, managers, input.force);
  if (outcome.kind !== "conflicts" || input.manager !== "kubectl") return finish(input, outcome);
  // kubectl may take over what kubectl applied on the client's side before.
  const allowed = allowedByLastApplied(type, live, apiVersion);
  if (allowed === undefined) return finish(input, outcome);
  const left = outcome.found.map(({ owner, set }) => ({ owner, set: difference(set, allowed) })).filter(({ set }) => !isEmptySet(set));
  return finish(input, left.length > 0 ? { kind: "conflicts", found: left } : attempt(type, input, live, managers, true));
}

function refusal({ schema, applied }: ApplyInput): Applied | undefined {
  if (applied.metadata.managedFields !== undefined && applied.metadata.managedFields !== null)
    return { kind: "invalid", code: 400, message: "metadata.managedFields must be nil" };
  const plain = unmanaged(applied);
  const errors = typeErrors(rootType(schema), plain, "refused");
  if (errors.length === 0) return undefined;
  const text = errors.length === 1 ? errors[0] : ["errors:", ...errors.map((error) => `  ${error}`)].join("\n");
  const namespace = applied.metadata.namespace ?? "";
  const kind = `${groupOf(applied.apiVersion)}/${versionOf(applied.apiVersion)}, Kind=${applied.kind}`;
  return {
    kind: "invalid",
    code: 500,
    message: `failed to create typed patch object (${namespace}/${applied.metadata.name ?? ""}; ${kind}): ${text}`,
  };
}

/** Everything that is there belongs to an update that nobody watched. Source: apimachinery skipNonAppliedManager. */
function beforeFirstApply(type: Type, { applied, subresource, time, reset }: ApplyInput, live: Json): Managers {
  const writer: Manager = { name: "before-first-apply", operation: "Update", apiVersion: applied.apiVersion, subresource: subresource ?? "" };
  return capUpdaters(updated(type, emptyObject(applied), live, new Map(), writer, time, resetSet(reset ?? [])));
}

type Attempt =
  | { readonly kind: "merged"; readonly object: Json; readonly managers: Managers }
  | { readonly kind: "conflicts"; readonly found: readonly { readonly owner: Owned; readonly set: FieldSet }[] };

function attempt(type: Type, input: ApplyInput, live: Json, start: Managers, force: boolean): Attempt {
  const reset = resetSet(input.reset ?? []);
  const writer: Manager = { name: input.manager, operation: "Apply", apiVersion: input.applied.apiVersion, subresource: input.subresource ?? "" };
  const key = managerKey(writer);
  const applied = unmanaged(input.applied);
  const managers = new Map(followed(type, start));
  const last = managers.get(key);
  const merged = mergeObjects(type, live, applied) ?? null;
  managers.set(key, { ...writer, set: differenceBelow(ownedPaths(type, applied), reset), ...(last?.time !== undefined && { time: last.time }) });
  const object = last === undefined || isEmptySet(last.set) ? merged : prune(type, merged, managers, last.set);
  const taken = takeChanges(type, live, object, managers, key, reset);
  if (!force && taken.conflicts.length > 0) return { kind: "conflicts", found: taken.conflicts.map(([owner, set]) => ({ owner, set })) };
  const result = new Map(taken.managers);
  const own = result.get(key);
  if (own !== undefined) {
    const set = stripped(own.set);
    if (isEmptySet(set)) result.delete(key);
    else result.set(key, { ...own, set, ...(!isEqual(live, object) && { time: input.time }) });
  }
  return { kind: "merged", object, managers: result };
}

/** Removes what the manager applied last time and does not now, unless somebody else owns it. Source: structured-merge-diff Updater.prune. */
function prune(type: Type, merged: Json, managers: Managers, last: FieldSet): Json {
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const mergedSet = named(ownedPaths(type, merged));
  const pruned = removePaths(type, merged, named(last));
  const managed = [...managers.values()].reduce((all, { set }) => union(all, set), EMPTY);
  const withOwned = removePaths(type, merged, difference(mergedSet, union(named(ownedPaths(type, pruned)), named(managed))));
  return removePaths(type, merged, intersection(difference(mergedSet, named(ownedPaths(type, withOwned))), named(last)));
}

function finish(input: ApplyInput, outcome: Attempt): Applied {
  if (outcome.kind === "conflicts") {
    const conflicts = outcome.found.flatMap(({ owner, set }) =>
      pathsOf(set).map(
        (path): Conflict => ({
          manager: owner.name,
          field: pathText(path),
          operation: owner.operation,
          apiVersion: owner.apiVersion,
          ...(owner.subresource !== "" && { subresource: owner.subresource }),
          ...(owner.time !== undefined && { time: owner.time }),
        }),
      ),
    );
    return { kind: "conflicts", conflicts };
  }
  const { object } = outcome;
  const merged: Json = isObject(object)
    ? { ...object, apiVersion: input.applied.apiVersion, kind: input.applied.kind, metadata: object.metadata ?? {} }
    : object;
  if (!isManifest(merged)) return { kind: "invalid", code: 500, message: "the applied object has no metadata" };
  const annotated = input.manager === "kubectl" && hasLastApplied(merged) ? withLastApplied(merged, input.applied) : merged;
  return { kind: "applied", object: withManagers(annotated, encodeManagers(outcome.managers)) };
}
