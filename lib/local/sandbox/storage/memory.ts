import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Change, Resource } from "./store.ts";

/** A change with its place in the history. */
export type Revised = Change & { readonly revision: number };

/** The objects and their history, and no rule about them: what etcd is to the API server. */
export type Memory = {
  revision(): number;
  get(resource: Resource, namespace: string, name: string): Manifest | undefined;
  getByUid(uid: string): { readonly resource: Resource; readonly object: Manifest } | undefined;
  /** In the order of etcd's keys: by `namespace/name`, code unit by code unit. */
  list(resource: Resource, namespace?: string): readonly Manifest[];
  /** Creates or replaces. Returns the object with its new resourceVersion. */
  put(resource: Resource, object: Manifest): Manifest;
  /** Returns the object as it was last, with the deletion's resourceVersion; undefined when there is none. */
  remove(resource: Resource, namespace: string, name: string): Manifest | undefined;
  /** The resource's changes after `revision`, or undefined when the history does not go back so far. */
  changesAfter(revision: number, resource: Resource): readonly Revised[] | undefined;
  /** Of every later write, synchronously. Returns how to stop. */
  listen(listener: (change: Revised) => void): () => void;
};

type Shelf = { readonly objects: Map<string, Manifest>; sorted: readonly Manifest[] | undefined };

/** How many changes are remembered for watches that come back. */
const HISTORY = 10_000;

const shelfKey = ({ group, plural }: Resource): string => `${plural}.${group}`;

/** `a/web`; what is cluster-scoped has no `a/`. */
export const storageKey = (namespace: string, name: string): string => (namespace === "" ? name : `${namespace}/${name}`);

export function createMemory(options: { readonly history?: number } = {}): Memory {
  const limit = options.history ?? HISTORY;
  const shelves = new Map<string, Shelf>();
  const uids = new Map<string, { readonly resource: Resource; readonly key: string }>();
  const listeners = new Set<(change: Revised) => void>();
  let history: Revised[] = [];
  let forgotten = 0;
  let revision = 0;

  const shelfOf = (resource: Resource): Shelf => {
    const key = shelfKey(resource);
    const found = shelves.get(key);
    if (found !== undefined) return found;
    const made: Shelf = { objects: new Map(), sorted: undefined };
    shelves.set(key, made);
    return made;
  };

  const record = (change: Change): void => {
    const revised = { ...change, revision };
    history.push(revised);
    // Cut in halves, so that the cost of forgetting is spread over many writes.
    if (history.length > limit * 2) {
      forgotten = history[history.length - limit - 1]?.revision ?? forgotten;
      history = history.slice(-limit);
    }
    for (const listener of [...listeners]) listener(revised);
  };

  const keyOf = ({ metadata }: Manifest): string => storageKey(metadata.namespace ?? "", metadata.name ?? "");
  const revised = (object: Manifest): Manifest => {
    revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  };

  return {
    revision: () => revision,
    get: (resource, namespace, name) => shelfOf(resource).objects.get(storageKey(namespace, name)),
    getByUid: (uid) => {
      const place = uids.get(uid);
      const object = place === undefined ? undefined : shelfOf(place.resource).objects.get(place.key);
      return place === undefined || object === undefined ? undefined : { resource: place.resource, object };
    },
    list: (resource, namespace) => {
      const shelf = shelfOf(resource);
      shelf.sorted ??= [...shelf.objects].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object);
      return namespace === undefined || namespace === "" ? shelf.sorted : shelf.sorted.filter(({ metadata }) => metadata.namespace === namespace);
    },
    put: (resource, object) => {
      const shelf = shelfOf(resource);
      const key = keyOf(object);
      const before = shelf.objects.get(key);
      const stored = revised(object);
      shelf.objects.set(key, stored);
      shelf.sorted = undefined;
      if (stored.metadata.uid !== undefined) uids.set(stored.metadata.uid, { resource, key });
      record({ type: before === undefined ? "created" : "updated", resource, object: stored, ...(before !== undefined && { before }) });
      return stored;
    },
    remove: (resource, namespace, name) => {
      const shelf = shelfOf(resource);
      const key = storageKey(namespace, name);
      const before = shelf.objects.get(key);
      if (before === undefined) return undefined;
      const last = revised(before);
      shelf.objects.delete(key);
      shelf.sorted = undefined;
      if (before.metadata.uid !== undefined) uids.delete(before.metadata.uid);
      record({ type: "deleted", resource, object: last, before });
      return last;
    },
    changesAfter: (after, resource) => {
      if (after < forgotten) return undefined;
      const key = shelfKey(resource);
      return history.slice(firstAfter(history, after)).filter((change) => shelfKey(change.resource) === key);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The index of the first change after `revision`; the history is in order. */
function firstAfter(history: readonly Revised[], revision: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}
