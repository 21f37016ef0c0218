import { refOfEntry } from "@sluice/engine/domain/inventory.ts";
import { groupOf, type Manifest, type ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import { Failure } from "./failure.ts";
import { hasAt, itemsAt, textOf } from "./fields.ts";
import { TYPES } from "./flux-types.ts";
import { releaseObjects } from "./helm-release-objects.ts";
import { readObject } from "./read-object.ts";
import type { ObjectTree, TreeObject } from "./render/object-tree.ts";

type Ports = { readonly cluster: Cluster; readonly kinds: Kinds };

const FLUX = "toolkit.fluxcd.io";
/** Kustomizations may contain each other in a circle; no tree of anybody is deeper than this. */
const MAX_DEPTH = 50;

/**
 * What a Kustomization has applied, with what the Kustomizations and HelmReleases among it have. `compact`: Flux's own kinds only.
 * Source: reference 6.9.
 */
export async function readKustomizationTree(ports: Ports, ref: ObjectRef, compact: boolean): Promise<ObjectTree> {
  const root = await readObject(ports.cluster, ref);
  return { object: objectOf(ref), below: await below(ports, root, compact, [keyOf(objectOf(ref))]) };
}

/** The artifacts of an ArtifactGenerator. */
export const artifactsOf = ({ apiVersion, kind, metadata, ...rest }: Manifest): ObjectTree => ({
  object: { group: groupOf(apiVersion), kind, namespace: metadata.namespace ?? "", name: metadata.name ?? "" },
  below: itemsAt({ apiVersion, kind, metadata, ...rest }, "status", "inventory").map((entry) => ({
    object: { group: TYPES.ExternalArtifact.facts.group, kind: "ExternalArtifact", namespace: textOf(entry, "namespace"), name: textOf(entry, "name") },
    below: [],
  })),
});

async function below(ports: Ports, kustomization: Manifest, compact: boolean, way: readonly string[]): Promise<readonly ObjectTree[]> {
  const shown = inventoryOf(kustomization).filter(
    (ref) => (!compact || groupOf(ref.apiVersion).includes(FLUX)) && keyOf(objectOf(ref)) !== way.at(-1), // itself is not repeated
  );
  // What is applied to another cluster is not to be found in this one.
  const remote = hasAt(kustomization, "spec", "kubeConfig");
  return Promise.all(shown.map(async (ref) => ({ object: objectOf(ref), below: await inside(ports, ref, compact, remote, way) })));
}

async function inside(ports: Ports, ref: ObjectRef, compact: boolean, remote: boolean, way: readonly string[]): Promise<readonly ObjectTree[]> {
  const group = groupOf(ref.apiVersion);
  if (group === TYPES.HelmRelease.facts.group && ref.kind === "HelmRelease") {
    const objects = await releaseObjects(ports, { ...ref, apiVersion: TYPES.HelmRelease.apiVersion });
    return objects.filter((object) => !compact || object.group.includes(FLUX)).map((object) => ({ object, below: [] }));
  }
  if (group !== TYPES.Kustomization.facts.group || ref.kind !== "Kustomization" || remote) return [];
  const key = keyOf(objectOf(ref));
  if (way.includes(key)) return []; // Flux walks in such a circle for ever
  if (way.length >= MAX_DEPTH) throw new Failure(`the tree is deeper than ${MAX_DEPTH} Kustomizations`);
  const child = await readObject(ports.cluster, { ...ref, apiVersion: TYPES.Kustomization.apiVersion }).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to find object: ${error.message}`) : error;
  });
  return below(ports, child, compact, [...way, key]);
}

function inventoryOf(kustomization: Manifest): readonly ObjectRef[] {
  return itemsAt(kustomization, "status", "inventory", "entries").map((entry) => {
    const id = textOf(entry, "id");
    const ref = refOfEntry({ id, v: textOf(entry, "v") });
    if (ref === undefined) throw new Failure(`unable to parse stored object metadata: ${id}`);
    return ref;
  });
}

const objectOf = ({ apiVersion, kind, namespace = "", name }: ObjectRef): TreeObject => ({ group: groupOf(apiVersion), kind, namespace, name });
const keyOf = ({ group, kind, namespace, name }: TreeObject): string => `${group}/${kind}/${namespace}/${name}`;
