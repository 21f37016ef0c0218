import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Change, Resource } from "../storage/store.ts";
import { type Context, isDeleting } from "./reconciler.ts";

const WRITER = { manager: "kube-controller-manager" } as const;
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** What becomes of objects whose owners go. Source: kube-controller-manager, controller/garbagecollector. */
export type GarbageCollector = {
  /** Looks at what the change means for owners and dependents; `again` is called for objects to look at once more. */
  learn(change: Change): void;
};

export function createGarbageCollector(context: Context): GarbageCollector {
  const { store, owners } = context;

  const remove = (resource: Resource, { metadata }: Manifest, policy: "Background" | "Foreground"): void =>
    void store.delete(resource, metadata.namespace ?? "", metadata.name ?? "", {
      propagationPolicy: policy,
      ...(metadata.uid !== undefined && { uid: metadata.uid }),
    });

  const uidOf = (owner: JsonObject): string => (typeof owner.uid === "string" ? owner.uid : "");
  /** A dependent in another namespace than its owner has none. */
  const ownerOf = (owner: JsonObject, namespace: string): Manifest | undefined => {
    const found = store.getByUid(uidOf(owner))?.object;
    const there = found?.metadata.namespace ?? "";
    return there === "" || there === namespace ? found : undefined;
  };

  /** Deletes an object none of whose owners is there, or only such as wait for it. */
  const collect = (resource: Resource, seen: Manifest): void => {
    const object = store.get(resource, seen.metadata.namespace ?? "", seen.metadata.name ?? "");
    const references = object?.metadata.ownerReferences ?? [];
    if (object === undefined || object.metadata.uid !== seen.metadata.uid || references.length === 0 || isDeleting(object)) return;
    const found = references.map((owner) => ownerOf(owner, object.metadata.namespace ?? ""));
    const waiting = found.filter((owner) => owner !== undefined && isDeleting(owner) && (owner.metadata.finalizers ?? []).includes(FOREGROUND));
    const solid = found.filter((owner) => owner !== undefined && !waiting.includes(owner));
    if (solid.length === 0) remove(resource, object, waiting.length > 0 ? "Foreground" : "Background");
  };

  const withoutFinalizer = (resource: Resource, object: Manifest, finalizer: string): void => {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    store.update(resource, { ...object, metadata: { ...object.metadata, finalizers } }, WRITER);
  };

  const orphan = (resource: Resource, object: Manifest): void => {
    const uid = object.metadata.uid ?? "";
    for (const dependent of owners.dependents(uid)) {
      const { namespace = "", name = "" } = dependent.object.metadata;
      const now = store.get(dependent.resource, namespace, name);
      if (now === undefined) continue;
      const ownerReferences = (now.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      const { ownerReferences: _, ...metadata } = now.metadata;
      store.update(dependent.resource, { ...now, metadata: { ...metadata, ...(ownerReferences.length > 0 && { ownerReferences }) } }, WRITER);
    }
    withoutFinalizer(resource, object, ORPHAN);
  };

  /** The owner goes when nothing is left that blocks it. */
  const foreground = (resource: Resource, object: Manifest): void => {
    const uid = object.metadata.uid ?? "";
    const dependents = owners.dependents(uid);
    const blocking = dependents.filter((dependent) =>
      (dependent.object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
    if (blocking.length === 0) withoutFinalizer(resource, object, FOREGROUND);
    for (const dependent of dependents) collect(dependent.resource, dependent.object);
  };

  const settle = (resource: Resource, seen: Manifest): void => {
    const object = store.get(resource, seen.metadata.namespace ?? "", seen.metadata.name ?? "");
    if (object === undefined || !isDeleting(object)) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) orphan(resource, object);
    else if (finalizers.includes(FOREGROUND)) foreground(resource, object);
  };

  return {
    learn: ({ type, resource, object, before }) => {
      if (type === "deleted") {
        const dependents = owners.dependents(object.metadata.uid ?? "");
        for (const dependent of dependents) collect(dependent.resource, dependent.object);
        for (const owner of object.metadata.ownerReferences ?? []) {
          const found = store.getByUid(uidOf(owner));
          if (found !== undefined && isDeleting(found.object)) settle(found.resource, found.object);
        }
        return;
      }
      if (isDeleting(object)) settle(resource, object);
      const owned = (object.metadata.ownerReferences ?? []).length;
      if (owned > 0 && (type === "created" || owned !== (before?.metadata.ownerReferences ?? []).length)) collect(resource, object);
    },
  };
}
