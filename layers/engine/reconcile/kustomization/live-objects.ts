import { groupOf, type Manifest, type ObjectRef } from "../../domain/manifest.ts";
import type { Cluster, GetAnswer } from "../../ports/cluster.ts";
import type { Kinds } from "../../ports/kinds.ts";

/** What the cluster holds, found with one LIST per kind where that is allowed, and with single reads where it is not. */
export type LiveObjects = {
  /** As the LIST of its kind has it, else as a read of its own says: an object without our labels is in no list of ours. */
  find(ref: ObjectRef): Promise<GetAnswer>;
  /** As the LIST has it; `unlisted` leaves open whether it exists. */
  listed(ref: ObjectRef): Promise<{ readonly kind: "found"; readonly object: Manifest } | { readonly kind: "unlisted" }>;
  /** Reads the kinds of `refs` ahead, each once. */
  prepare(refs: readonly ObjectRef[]): Promise<void>;
};

type Listing = ReadonlyMap<string, Manifest> | undefined;

export function createLiveObjects(cluster: Cluster, kinds: Kinds, labelSelector: string): LiveObjects {
  const listings = new Map<string, Promise<Listing>>();

  async function list(apiVersion: string, kind: string, namespace: string | undefined): Promise<Listing> {
    const answer = await cluster.list({ apiVersion, kind, labelSelector, ...(namespace !== undefined && { namespace }) });
    return answer.kind === "listed" ? new Map(answer.items.map((item) => [placeOf(item.metadata.namespace, item.metadata.name ?? ""), item])) : undefined;
  }

  /** One LIST for a kind: in its namespace when all are in one, else in all, and in each one where all are forbidden. */
  async function prepareKind(apiVersion: string, kind: string, namespaces: ReadonlySet<string>): Promise<void> {
    if ((await kinds.find(apiVersion, kind)) === undefined) return;
    const [only] = namespaces;
    const where = namespaces.size === 1 && only !== "" ? only : undefined;
    const whole = list(apiVersion, kind, where);
    const found = await whole;
    if (found !== undefined || where !== undefined) {
      for (const namespace of namespaces) listings.set(listingOf(apiVersion, kind, namespace), whole);
      return;
    }
    for (const namespace of namespaces) listings.set(listingOf(apiVersion, kind, namespace), list(apiVersion, kind, namespace));
    await Promise.all([...namespaces].map((namespace) => listings.get(listingOf(apiVersion, kind, namespace))));
  }

  async function prepare(refs: readonly ObjectRef[]): Promise<void> {
    const wanted = new Map<string, { apiVersion: string; kind: string; namespaces: Set<string> }>();
    for (const { apiVersion, kind, namespace = "" } of refs) {
      if (listings.has(listingOf(apiVersion, kind, namespace))) continue;
      const key = `${apiVersion} ${kind}`;
      const entry = wanted.get(key) ?? { apiVersion, kind, namespaces: new Set<string>() };
      entry.namespaces.add(namespace);
      wanted.set(key, entry);
    }
    await Promise.all([...wanted.values()].map(({ apiVersion, kind, namespaces }) => prepareKind(apiVersion, kind, namespaces)));
  }

  async function listed(ref: ObjectRef): Promise<{ readonly kind: "found"; readonly object: Manifest } | { readonly kind: "unlisted" }> {
    const listing = await listings.get(listingOf(ref.apiVersion, ref.kind, ref.namespace ?? ""));
    const object = listing?.get(placeOf(ref.namespace, ref.name));
    return object === undefined ? { kind: "unlisted" } : { kind: "found", object };
  }

  async function find(ref: ObjectRef): Promise<GetAnswer> {
    const found = await listed(ref);
    return found.kind === "found" ? found : cluster.get(ref);
  }

  return { find, listed, prepare };
}

const listingOf = (apiVersion: string, kind: string, namespace: string): string => `${groupOf(apiVersion)}/${apiVersion}/${kind}/${namespace}`;
const placeOf = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;
