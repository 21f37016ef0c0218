import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Change, Resource } from "../storage/store.ts";
import { resourceText } from "./resources.ts";

export type Dependent = { readonly resource: Resource; readonly object: Manifest };

/** Who belongs to whom, kept up to date by the changes: a cluster of thousands of objects is never searched for it. */
export type Owners = {
  learn(change: Pick<Change, "type" | "resource" | "object" | "before">): void;
  /** The objects that name `uid` as an owner. */
  dependents(uid: string): readonly Dependent[];
  /** Those that it controls, of one resource. */
  controlled(owner: Manifest, resource: Resource): readonly Manifest[];
};

const ownersOf = (object: Manifest): readonly JsonObject[] => object.metadata.ownerReferences ?? [];

/** The owner that controls the object. */
export const controllerOf = (object: Manifest): JsonObject | undefined => ownersOf(object).find(({ controller }) => controller === true);

/** The reference of an object that `owner` makes and controls. */
export const controlledBy = ({ apiVersion, kind, metadata }: Manifest): JsonObject => ({
  apiVersion,
  kind,
  name: metadata.name ?? "",
  uid: metadata.uid ?? "",
  controller: true,
  blockOwnerDeletion: true,
});

export function createOwners(): Owners {
  const byOwner = new Map<string, Map<string, Dependent>>();
  const uidOf = ({ uid }: JsonObject): string => (typeof uid === "string" ? uid : "");
  const forget = (owner: string, uid: string): void => {
    const known = byOwner.get(owner);
    known?.delete(uid);
    if (known?.size === 0) byOwner.delete(owner);
  };
  return {
    learn: ({ type, resource, object, before }) => {
      const uid = object.metadata.uid ?? "";
      if (before !== undefined) for (const owner of ownersOf(before)) forget(uidOf(owner), uid);
      if (type === "deleted") return;
      for (const owner of ownersOf(object)) {
        const known = byOwner.get(uidOf(owner)) ?? new Map<string, Dependent>();
        known.set(uid, { resource, object });
        byOwner.set(uidOf(owner), known);
      }
    },
    dependents: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
    controlled: (owner, resource) => {
      const uid = owner.metadata.uid ?? "";
      const text = resourceText(resource);
      return [...(byOwner.get(uid)?.values() ?? [])]
        .filter((dependent) => resourceText(dependent.resource) === text && controllerOf(dependent.object)?.uid === uid)
        .map(({ object }) => object);
    },
  };
}
