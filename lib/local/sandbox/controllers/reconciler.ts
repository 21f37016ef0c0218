import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { EpochMs, Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Change, Resource, Store } from "../storage/store.ts";
import type { Owners } from "./owners.ts";

/** What a controller works with. */
export type Context = {
  readonly store: Store;
  readonly owners: Owners;
  readonly now: () => EpochMs;
  readonly after: (delay: Milliseconds, run: () => void) => void;
  /** Whether nodes, storage and cloud are there. */
  readonly nodes: boolean;
};

export type Key = { readonly namespace: string; readonly name: string };

/** One controller: looks at one object at a time and brings the cluster one step nearer to it. Looking twice changes nothing. */
export type Reconciler = {
  readonly resource: Resource;
  reconcile(object: Manifest): void;
  /** Objects to look at because something else changed. */
  related?(change: Change): readonly Key[];
};

/** As the real ones sign their writes. */
export const MANAGER = { manager: "kube-controller-manager" } as const;
export const STATUS = { manager: "kube-controller-manager", subresource: "status" } as const;
export const KUBELET = { manager: "kubelet", subresource: "status" } as const;

export const keyOf = ({ metadata }: Manifest): Key => ({ namespace: metadata.namespace ?? "", name: metadata.name ?? "" });
export const isDeleting = (object: Manifest): boolean => object.metadata.deletionTimestamp !== undefined;
