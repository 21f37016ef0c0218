import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Schema } from "../schema/schema.ts";
import { difference, type FieldSet, intersection, isEmptySet, setOf } from "./field-set.ts";
import { decodeManagers, encodeManagers, type Managers, managerKey, type Owned } from "./managers.ts";
import { withManagers } from "./ownership.ts";
import { fieldElement } from "./path-element.ts";
import { trackUpdate } from "./update.ts";

export type ScaleInput = {
  /** The scaled object as it was. */
  readonly before: Manifest;
  /** And as it is to be stored, but for managedFields. */
  readonly after: Manifest;
  /** Both as autoscaling/v1 Scale. */
  readonly scaleBefore: Manifest;
  readonly scaleAfter: Manifest;
  /** `.spec.replicas`, in every version of the kind. */
  readonly replicasPath: string;
  readonly manager: string;
  readonly time: string;
};

const integer: Schema = { type: "integer", format: "int32" };
const text: Schema = { type: "string" };
const SCALE: Schema = {
  type: "object",
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: "object", preserveUnknownFields: true },
    spec: { type: "object", properties: { replicas: integer } },
    status: { type: "object", properties: { replicas: integer, selector: text } },
  },
};
const IN_SCALE = setOf([["spec", "replicas"].map(fieldElement)]);

/**
 * `after` with the owners that a change through `scale` leaves. Updates are told apart by their version, which in a Scale is another one: so
 * an updater loses the number of replicas to an entry of the same name without a time, even when nothing changes, and the next change drops
 * that entry. Source: apimachinery managedfields ScaleHandler, tried on kube-apiserver 1.35.
 */
export function trackScale({ before, after, scaleBefore, scaleAfter, replicasPath, manager, time }: ScaleInput): Manifest {
  const owned = decodeManagers(before.metadata.managedFields ?? []) ?? new Map();
  const path = setOf([
    replicasPath
      .split(".")
      .filter((step) => step !== "")
      .map(fieldElement),
  ]);
  const entries = toSubresource(owned, path);
  const tracked = trackUpdate({
    schema: SCALE,
    before: withManagers(scaleBefore, entries),
    after: withManagers(scaleAfter, entries),
    manager,
    time,
    subresource: "scale",
  });
  const scaled = decodeManagers(tracked.metadata.managedFields ?? []) ?? new Map();
  return withManagers(after, encodeManagers(toParent(owned, scaled, path, after.apiVersion)));
}

const hasAll = (set: FieldSet, path: FieldSet): boolean => !isEmptySet(intersection(set, path));

/** Who owns the number of replicas, as owners of the Scale's. */
function toSubresource(owned: Managers, path: FieldSet): readonly ManagedField[] {
  const found = [...owned].filter(([, { set }]) => hasAll(set, path));
  return encodeManagers(new Map(found.map(([key, one]) => [key, { ...one, apiVersion: "autoscaling/v1", set: IN_SCALE }])));
}

function toParent(owned: Managers, scaled: Managers, path: FieldSet, apiVersion: string): Managers {
  const result = new Map<string, Owned>();
  for (const [key, one] of owned) {
    const set = hasAll(one.set, path) && !scaled.has(key) ? difference(one.set, path) : one.set;
    if (!isEmptySet(set)) result.set(key, { ...one, set });
  }
  for (const [key, { time: _, ...one }] of scaled) if (!owned.has(key)) result.set(`scale ${managerKey(one)}`, { ...one, apiVersion, set: path });
  return result;
}
