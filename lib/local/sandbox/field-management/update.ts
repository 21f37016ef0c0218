import { isEqual } from "@sluice/engine/domain/json.ts";
import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import type { Manager, Managers } from "./managers.ts";
import { capUpdaters, decodeManagers, encodeManagers, isReset } from "./managers.ts";
import type { ResetFields } from "./ownership.ts";
import { emptyObject, resetSet, unmanaged, updated, withManagers } from "./ownership.ts";
import { rootType } from "./type.ts";

export type UpdateInput = {
  readonly schema: Schema;
  /** Absent: the object is created. */
  readonly before: Manifest | undefined;
  /** As it is to be stored, but for managedFields, which are still the client's. */
  readonly after: Manifest;
  readonly manager: string;
  /** `2026-01-01T00:00:00Z`. */
  readonly time: string;
  readonly subresource?: string;
  /** What this request cannot change (resetFieldsOf). */
  readonly reset?: ResetFields;
};

/**
 * `after` with the managedFields that a create, an update or a patch other than apply leaves. Entries that the client gives replace the
 * live ones, an empty list gives all up. An object that nobody manages stays so when it is updated.
 */
export function trackUpdate(input: UpdateInput): Manifest {
  const { before, after } = input;
  const managers = startingManagers(input);
  if (managers.size === 0 && before !== undefined) return withManagers(after, []);
  const writer: Manager = {
    name: input.manager === "" ? "unknown" : input.manager,
    operation: "Update",
    apiVersion: after.apiVersion,
    subresource: input.subresource ?? "",
  };
  const live = before === undefined ? emptyObject(after) : unmanaged({ ...before, apiVersion: after.apiVersion });
  const next = updated(rootType(input.schema), live, unmanaged(after), managers, writer, input.time, resetSet(input.reset ?? []));
  return withManagers(after, encodeManagers(capUpdaters(next)));
}

/** Source: apimachinery decodeLiveOrNew. */
function startingManagers({ before, after, subresource }: UpdateInput): Managers {
  const live = (): Managers => decodeManagers(before?.metadata.managedFields ?? []) ?? new Map();
  if (subresource !== undefined && subresource !== "") return live();
  if (isReset(after.metadata.managedFields)) return new Map();
  const given = decodeManagers(after.metadata.managedFields ?? []);
  return given === undefined || given.size === 0 ? live() : given;
}

/**
 * `after` with the times of `before` when nothing but times of managedFields differs, so that a write that changes nothing writes nothing.
 * To be called last, before the store compares. Source: apiserver IgnoreManagedFieldsTimestampsTransformer.
 */
export function keepTimes(before: Manifest, after: Manifest): Manifest {
  const old = before.metadata.managedFields ?? [];
  const entries = after.metadata.managedFields ?? [];
  if (entries.length === 0 || old.length !== entries.length) return after;
  const timeless = ({ time: _time, ...entry }: ManagedField): ManagedField => entry;
  const isSame = entries.every((entry, index) => isSameEntry(timeless(entry), timeless(old[index] ?? {})));
  return isSame && isEqual(unmanaged(before), unmanaged(after)) ? withManagers(after, old) : after;
}

const isSameEntry = (a: ManagedField, b: ManagedField): boolean =>
  (a.fieldsV1 === b.fieldsV1 || JSON.stringify(a.fieldsV1) === JSON.stringify(b.fieldsV1)) &&
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.apiVersion === b.apiVersion &&
  a.subresource === b.subresource;
