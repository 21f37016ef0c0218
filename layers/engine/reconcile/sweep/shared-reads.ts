import type { Manifest, ObjectRef } from "../../domain/manifest.ts";
import { ORIGIN_NAME, ORIGIN_NAMESPACE, OWNER_NAME, OWNER_NAMESPACE, type Owner, originSelector, ownerSelector } from "../../domain/owner.ts";
import type { ArtifactStore } from "../../ports/artifact-store.ts";
import type { Cluster, GetAnswer, ListAnswer, ListQuery, Refusal } from "../../ports/cluster.ts";
import type { Kinds } from "../../ports/kinds.ts";
import type { FluxObjects } from "./flux-objects.ts";

export type Reads = Pick<Cluster, "get" | "list">;

/** Whose objects are looked at. */
export type Owners = { readonly kustomizations: readonly Owner[]; readonly releases: readonly Owner[] };

/**
 * The cluster as one sweep sees it: each kind of managed objects is listed once for all Kustomizations and once for all releases, and nothing is read twice. What may
 * not be listed for all of them is asked as each of them would.
 */
export type SharedReads = {
  /** For a look at one object. `onRead` is told of each single read that no LIST answers. */
  forLook(onRead: () => void): Reads;
};

/** The longest selector of names that goes into a URL; beyond that, everything that has an owner is listed. */
const LONGEST_SELECTOR = 2000;
/** Longer names are no values of labels: nothing can carry them. */
const LONGEST_LABEL = 63;

type Managed = { readonly kind: "listed"; readonly byOwner: ReadonlyMap<string, readonly Manifest[]>; readonly resourceVersion: string } | Refusal;

export function createSharedReads(cluster: Reads, flux: FluxObjects, { kustomizations, releases }: Owners): SharedReads {
  const families = [
    familyOf(kustomizations, { name: OWNER_NAME, namespace: OWNER_NAMESPACE, selector: ownerSelector }),
    familyOf(releases, { name: ORIGIN_NAME, namespace: ORIGIN_NAMESPACE, selector: originSelector }),
  ];
  const kinds = new Map<string, Promise<Managed>>();
  const found = new Map<string, Manifest>();
  const lists = new Map<string, Promise<ListAnswer>>();
  const reads = new Map<string, Promise<GetAnswer>>();

  async function listKind(apiVersion: string, kind: string, { labelSelector, ownerIn }: Family): Promise<Managed> {
    const answer = await cluster.list({ apiVersion, kind, labelSelector });
    if (answer.kind === "refused") return answer;
    for (const item of answer.items) found.set(placeOf({ apiVersion, kind, name: item.metadata.name ?? "", namespace: item.metadata.namespace ?? "" }), item);
    return { kind: "listed", byOwner: Map.groupBy(answer.items, ownerIn), resourceVersion: answer.resourceVersion };
  }

  async function list(query: ListQuery): Promise<ListAnswer> {
    const { apiVersion, kind, namespace } = query;
    const owner = query.labelSelector ?? "";
    const family = families.find(({ shared }) => shared.has(owner));
    const managed =
      family === undefined ? undefined : await remembered(kinds, `${apiVersion} ${kind} ${family.labelSelector}`, () => listKind(apiVersion, kind, family));
    if (managed?.kind === "listed") {
      const items = (managed.byOwner.get(owner) ?? []).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
      return { kind: "listed", items, resourceVersion: managed.resourceVersion };
    }
    return managed?.why === "unknown-kind" ? managed : remembered(lists, JSON.stringify(query), () => cluster.list(query));
  }

  return {
    forLook: (onRead) => ({
      list,
      get: async (ref) => {
        const listed = flux.find(ref) ?? found.get(placeOf(ref));
        if (listed !== undefined) return { kind: "found", object: listed };
        onRead();
        return remembered(reads, placeOf(ref), () => cluster.get(ref));
      },
    }),
  };
}

/** Discovery and schemas as one sweep sees them: asked once, also for what is not served. */
export function createSharedKinds(kinds: Kinds): Kinds {
  const facts = new Map<string, ReturnType<Kinds["find"]>>();
  const schemas = new Map<string, ReturnType<Kinds["schemas"]>>();
  const all = new Map<string, ReturnType<Kinds["all"]>>();
  const server = new Map<string, ReturnType<Kinds["serverVersion"]>>();
  return {
    find: (apiVersion, kind) => remembered(facts, `${apiVersion} ${kind}`, () => kinds.find(apiVersion, kind)),
    versions: kinds.versions,
    schemas: () => remembered(schemas, "", () => kinds.schemas()),
    all: () => remembered(all, "", () => kinds.all()),
    serverVersion: () => remembered(server, "", () => kinds.serverVersion()),
  };
}

/** Whether an artifact is there: asked once. */
export function createSharedArtifacts(artifacts: ArtifactStore): ArtifactStore {
  const known = new Map<string, Promise<boolean>>();
  return { ...artifacts, has: (digest) => remembered(known, digest, () => artifacts.has(digest)) };
}

function remembered<Value>(memory: Map<string, Promise<Value>>, key: string, ask: () => Promise<Value>): Promise<Value> {
  const before = memory.get(key);
  if (before !== undefined) return before;
  const asked = ask();
  memory.set(key, asked);
  return asked;
}

/** Owners of one kind: the labels in which their objects name them. */
type Family = {
  /** The selectors by which each of them asks for its own. */
  readonly shared: ReadonlySet<string>;
  /** Of them all. */
  readonly labelSelector: string;
  ownerIn(object: Manifest): string;
};

function familyOf(owners: readonly Owner[], label: { readonly name: string; readonly namespace: string; selector(owner: Owner): string }): Family {
  const labelled = owners.filter(({ name, namespace }) => name.length <= LONGEST_LABEL && namespace.length <= LONGEST_LABEL);
  const selector = `${label.name} in (${[...new Set(labelled.map(({ name }) => name))].toSorted().join(",")})`;
  return {
    shared: new Set(labelled.map(label.selector)),
    labelSelector: selector.length <= LONGEST_SELECTOR ? selector : label.name,
    ownerIn: ({ metadata: { labels } }) => label.selector({ name: labels?.[label.name] ?? "", namespace: labels?.[label.namespace] ?? "" }),
  };
}

const placeOf = ({ apiVersion, kind, namespace, name }: ObjectRef): string => `${apiVersion} ${kind} ${namespace ?? ""}/${name}`;
