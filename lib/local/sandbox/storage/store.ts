import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";

/** A resource whatever the version: objects are held once, and served in every version of it. */
export type Resource = { readonly group: string; readonly plural: string };

/** Who writes, as managedFields will say it. */
export type Writer = { readonly manager: string; readonly subresource?: "status" | "scale" | "finalize" };

export type PropagationPolicy = "Orphan" | "Background" | "Foreground";

export type DeleteOptions = {
  readonly propagationPolicy?: PropagationPolicy;
  /** Only when the object still is that one. */
  readonly uid?: string;
  /** Pods: 0 removes at once. */
  readonly gracePeriodSeconds?: number;
};

export type Change = {
  readonly type: "created" | "updated" | "deleted";
  readonly resource: Resource;
  /** In the storage version; as it was last for `deleted`, with the resourceVersion of the deletion. */
  readonly object: Manifest;
  /** As it was before, in the storage version; absent for `created`. */
  readonly before?: Manifest;
};

/**
 * The cluster's objects with the API server's rules (uid, generation, managedFields, finalizers), without HTTP, users or validation:
 * what controllers, authorization and discovery inside the sandbox work with. Synchronous, in memory. Cluster-scoped objects have the
 * namespace "". Objects are in the storage version of their resource (`kind(resource)`), whatever version they were written in,
 * carry apiVersion and kind, and are never changed in place.
 */
export type Store = {
  /** The last write's. */
  resourceVersion(): string;
  /** The resource in its storage version, or undefined when it is not served (yet, or any more). */
  kind(resource: Resource): ResourceKind | undefined;
  /** Every served version of every resource, custom ones included, in discovery's order. */
  kinds(): readonly ResourceKind[];
  get(resource: Resource, namespace: string, name: string): Manifest | undefined;
  getByUid(uid: string): { readonly resource: Resource; readonly object: Manifest } | undefined;
  /** By namespace, then name; of one namespace or of all. */
  list(resource: Resource, namespace?: string): readonly Manifest[];
  /** Undefined when the name is taken, or its namespace is missing or being deleted. `generateName` works. */
  create(resource: Resource, object: Manifest, writer: Writer): Manifest | undefined;
  /**
   * Replaces the object (with `subresource: "status"` only its status). Undefined when it is gone, or when `object` carries a
   * resourceVersion that is not the current one. An equal object is not written. Removing the last finalizer of an object that is being
   * deleted removes it.
   */
  update(resource: Resource, object: Manifest, writer: Writer): Manifest | undefined;
  /** The object as it is now (with a deletionTimestamp) or was (removed); undefined when there is none, or its uid is another. */
  delete(resource: Resource, namespace: string, name: string, options?: DeleteOptions): Manifest | undefined;
  /** `listener` hears of every later write, in order, from a microtask after it. Returns how to stop. */
  watch(listener: (change: Change) => void): () => void;
};
