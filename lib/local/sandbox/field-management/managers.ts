import { isObject } from "@sluice/engine/domain/json.ts";
import type { ManagedField } from "@sluice/engine/domain/manifest.ts";
import type { FieldSet } from "./field-set.ts";
import { decodeSet, EMPTY, encodeSet, union } from "./field-set.ts";
import { byText } from "./path-element.ts";

/** Who owns fields: the name with the operation and the subresource; of updates each version apart. */
export type Manager = { readonly name: string; readonly operation: "Apply" | "Update"; readonly apiVersion: string; readonly subresource: string };
export type Owned = Manager & { readonly set: FieldSet; readonly time?: string };
/** By `managerKey`. */
export type Managers = ReadonlyMap<string, Owned>;

export const managerKey = ({ name, operation, apiVersion, subresource }: Manager): string =>
  JSON.stringify([name, operation, operation === "Apply" ? "" : apiVersion, subresource]);

/** What is left of `entries` as managers, or undefined when one of them is malformed. Source: apimachinery DecodeManagedFields. */
export function decodeManagers(entries: readonly ManagedField[]): Managers | undefined {
  const managers = new Map<string, Owned>();
  for (const entry of entries) {
    const { operation, apiVersion } = entry;
    if ((operation !== "Apply" && operation !== "Update") || apiVersion === undefined || apiVersion === "" || entry.fieldsType !== "FieldsV1") return undefined;
    const set = entry.fieldsV1 === undefined ? EMPTY : decodeSet(entry.fieldsV1);
    if (set === undefined) return undefined;
    const manager: Manager = { name: entry.manager ?? "", operation, apiVersion, subresource: entry.subresource ?? "" };
    managers.set(managerKey(manager), { ...manager, set, ...(typeof entry.time === "string" && { time: entry.time }) });
  }
  return managers;
}

/** Appliers first, then by time, name, version and subresource. Source: apimachinery sortEncodedManagedFields. */
export function encodeManagers(managers: Managers): readonly ManagedField[] {
  const sorted = [...managers.values()].toSorted(
    (a, b) =>
      byText(a.operation, b.operation) ||
      seconds(a) - seconds(b) ||
      byText(a.name, b.name) ||
      byText(a.apiVersion, b.apiVersion) ||
      byText(a.subresource, b.subresource),
  );
  return sorted.map((owned) => ({
    ...(owned.name !== "" && { manager: owned.name }),
    operation: owned.operation,
    apiVersion: owned.apiVersion,
    ...(owned.time !== undefined && { time: owned.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeSet(owned.set),
    ...(owned.subresource !== "" && { subresource: owned.subresource }),
  }));
}

const seconds = ({ time }: Owned): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000));

/** A list that is there and empty, or holds one empty entry: the client gives all ownership up. Source: apimachinery isResetManagedFields. */
export const isReset = (entries: readonly ManagedField[] | undefined | null): boolean =>
  Array.isArray(entries) && (entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0));

const MAX_UPDATERS = 10;

/** Merges the oldest updaters into `ancient-changes` (one per version) until ten are left. Source: apimachinery capManagersManager. */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers]
    .filter(([, { operation }]) => operation === "Update")
    .toSorted(([a, left], [b, right]) => seconds(left) - seconds(right) || byText(identifier(left), identifier(right)) || byText(a, b));
  let count = updaters.length;
  if (count <= MAX_UPDATERS) return managers;
  const capped = new Map(managers);
  const firsts = new Map<string, string>();
  for (const [key, owned] of updaters) {
    if (count <= MAX_UPDATERS) break;
    const first = firsts.get(owned.apiVersion);
    if (first === undefined) {
      firsts.set(owned.apiVersion, key);
      continue;
    }
    const manager: Manager = { name: "ancient-changes", operation: "Update", apiVersion: owned.apiVersion, subresource: "" };
    const bucketKey = managerKey(manager);
    const bucket = capped.get(bucketKey) ?? capped.get(first);
    if (!capped.has(bucketKey)) capped.delete(first);
    capped.delete(key);
    capped.set(bucketKey, { ...manager, set: union(owned.set, bucket?.set ?? EMPTY), ...(owned.time !== undefined && { time: owned.time }) });
    count -= 1;
  }
  return capped;
}

/** The text by which the server tells managers apart: JSON in the order of the Go struct. */
const identifier = ({ name, operation, apiVersion, subresource }: Manager): string =>
  JSON.stringify({ ...(name !== "" && { manager: name }), operation, apiVersion, ...(subresource !== "" && { subresource }) });
