import { effectiveNamespace, type ResourceId } from "../resource/id.ts";
import { currentId, originalId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

/** A resource that got another name; `index` is its place among all. */
export type Candidate = { readonly index: number; readonly id: ResourceId; readonly originalNamespace: string };

/** From where a reference is made: the id of the referrer, and the namespaces besides its own in which it may refer to objects. */
export type Reach = { readonly id: ResourceId; readonly namespaces: ReadonlySet<string> };

export type Candidates = {
  /** Those that were called `name` once and can be referred to from there, in their order. */
  named(name: string, reach: Reach): readonly Candidate[];
  /** Of those the ones in a namespace: the one they were in at first, if anything within reach was in it, else the one they are in now. */
  namedIn(name: string, namespace: string, reach: Reach): readonly Candidate[];
};

const NOBODY: readonly Candidate[] = [];
/** Cluster-scoped objects stand under a name that no namespace can have. */
const CLUSTER_GROUP = "\0";

/**
 * The resources that a reference can mean, by their old names and their namespaces: whoever looks for one sees no more than those that are in question.
 * Source: kustomize api/resmap, SubsetThatCouldBeReferencedByResource, GroupedByOriginalNamespace, GroupedByCurrentNamespace.
 */
export function createCandidates(resources: readonly Resource[], schema: Schema): Candidates {
  const byName = new Map<string, Map<string, Candidate[]>>();
  const originalNamespaces = new Map<string, Set<string>>();
  for (const [index, resource] of resources.entries()) {
    const id = currentId(resource, schema);
    const group = id.isClusterScoped ? CLUSTER_GROUP : id.namespace;
    const originalNamespace = effectiveNamespace(originalId(resource, schema));
    entryOf(originalNamespaces, group, () => new Set<string>()).add(originalNamespace);
    for (const name of new Set(resource.previous.map((previous) => previous.name))) {
      const groups = entryOf(byName, name, () => new Map<string, Candidate[]>());
      entryOf(groups, group, (): Candidate[] => []).push({ index, id, originalNamespace });
    }
  }
  const everywhere = new Set([...originalNamespaces.values()].flatMap((namespaces) => [...namespaces]));
  const named = (name: string, reach: Reach): readonly Candidate[] => {
    const groups = byName.get(name);
    if (groups === undefined) return NOBODY;
    const lists = reach.id.isClusterScoped ? [...groups.values()] : groupsWithin(reach).map((group) => groups.get(group) ?? NOBODY);
    const given = lists.filter((list) => list.length > 0);
    return given.length > 1 ? given.flat().toSorted((a, b) => a.index - b.index) : (given[0] ?? NOBODY);
  };
  const wasInReach = (namespace: string, reach: Reach): boolean =>
    reach.id.isClusterScoped ? everywhere.has(namespace) : groupsWithin(reach).some((group) => originalNamespaces.get(group)?.has(namespace) === true);
  return {
    named,
    namedIn: (name, namespace, reach) => {
      const isOriginal = namespace !== CLUSTER_NAMESPACE && wasInReach(namespace, reach);
      return named(name, reach).filter(({ id, originalNamespace }) =>
        isOriginal ? originalNamespace === namespace : !id.isClusterScoped && effectiveNamespace(id) === namespace,
      );
    },
  };
}

const CLUSTER_NAMESPACE = effectiveNamespace({ group: "", version: "", kind: "", name: "", namespace: "", isClusterScoped: true });

/** The namespace of the referrer, under both names if it is the default one; those that its subjects name; and what is in none. */
function groupsWithin({ id, namespaces }: Reach): readonly string[] {
  const own = effectiveNamespace(id) === "default" ? ["", "default"] : [id.namespace];
  return [CLUSTER_GROUP, ...new Set([...own, ...namespaces])];
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
