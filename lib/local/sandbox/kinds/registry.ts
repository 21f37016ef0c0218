import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { Resource } from "../storage/store.ts";
import type { ResourceKind } from "./kind.ts";

/** Which resources are served, and in which version each is held. Custom ones come and go with their CRDs. */
export type KindRegistry = {
  kinds(): readonly ResourceKind[];
  find(group: string, version: string, plural: string): ResourceKind | undefined;
  findKind(apiVersion: string, kind: string): ResourceKind | undefined;
  /** All served versions of a resource. */
  versions(resource: Resource): readonly ResourceKind[];
  /** The kind in the version in which objects of it are held. */
  stored(resource: Resource): ResourceKind | undefined;
  groups(): ReadonlySet<string>;
  /** Serves `kinds` (the served versions of one CRD) in place of what the CRD gave before; an empty list ends it. `storage` is one of the versions, served or not. */
  setCustom(crd: string, kinds: readonly ResourceKind[], storage: ResourceKind | undefined): void;
};

/** Where objects are held together although two groups serve them. Source: kube-apiserver's storage of events. */
const SHARED: { readonly [groupAndPlural: string]: Resource } = { "events.k8s.io/events": { group: "", plural: "events" } };
/** Where the storage version is not the first in discovery. */
const STORED: { readonly [groupAndPlural: string]: string } = { "autoscaling/horizontalpodautoscalers": "v2" };

const resourceKey = ({ group, plural }: Resource): string => `${group}/${plural}`;

/** What holds the objects of a kind. */
export const resourceOf = ({ group, plural }: ResourceKind): Resource => SHARED[`${group}/${plural}`] ?? { group, plural };

export function createKindRegistry(builtIn: readonly ResourceKind[]): KindRegistry {
  const custom = new Map<string, { readonly kinds: readonly ResourceKind[]; readonly storage: ResourceKind | undefined }>();
  let index = makeIndex(builtIn, []);
  const rebuild = (): void => {
    index = makeIndex(builtIn, [...custom.values()]);
  };
  return {
    kinds: () => index.kinds,
    find: (group, version, plural) => index.byPlural.get(`${group}/${version}/${plural}`),
    findKind: (apiVersion, kind) => index.byKind.get(`${apiVersion}/${kind}`),
    versions: (resource) => index.byResource.get(resourceKey(resource)) ?? [],
    stored: (resource) => index.stored.get(resourceKey(resource)),
    groups: () => index.groups,
    setCustom: (crd, kinds, storage) => {
      if (kinds.length === 0) custom.delete(crd);
      else custom.set(crd, { kinds, storage });
      rebuild();
    },
  };
}

type Index = {
  readonly kinds: readonly ResourceKind[];
  readonly byPlural: ReadonlyMap<string, ResourceKind>;
  readonly byKind: ReadonlyMap<string, ResourceKind>;
  readonly byResource: ReadonlyMap<string, readonly ResourceKind[]>;
  readonly stored: ReadonlyMap<string, ResourceKind>;
  readonly groups: ReadonlySet<string>;
};

function makeIndex(
  builtIn: readonly ResourceKind[],
  custom: readonly { readonly kinds: readonly ResourceKind[]; readonly storage: ResourceKind | undefined }[],
): Index {
  const kinds = [...builtIn, ...custom.flatMap((crd) => crd.kinds)];
  const stored = new Map<string, ResourceKind>();
  for (const kind of kinds) {
    const key = resourceKey(kind);
    if (SHARED[key] !== undefined) continue;
    if (!stored.has(key) || STORED[key] === kind.version) stored.set(key, kind);
  }
  for (const { storage } of custom) if (storage !== undefined) stored.set(resourceKey(storage), storage);
  return {
    kinds,
    byPlural: new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind])),
    byKind: new Map(kinds.map((kind) => [`${apiVersionOf(kind.group, kind.version)}/${kind.kind}`, kind])),
    byResource: Map.groupBy(kinds, (kind) => resourceKey(resourceOf(kind))),
    stored,
    groups: new Set(kinds.map(({ group }) => group)),
  };
}
