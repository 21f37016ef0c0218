import { createHash } from "node:crypto";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { ResourceKind } from "../kinds/kind.ts";

type GroupVersionKind = { readonly group: string; readonly version: string; readonly kind: string };
export type Subresource = { readonly name: string; readonly verbs: readonly string[]; readonly responseKind?: GroupVersionKind };

const SCALE: Subresource = { name: "scale", verbs: ["get", "patch", "update"], responseKind: { group: "autoscaling", version: "v1", kind: "Scale" } };
const STATUS: Subresource = { name: "status", verbs: ["get", "patch", "update"] };

/** Subresources beside status and scale that the sandbox serves; the others of a real server need nodes. */
const OTHERS: { readonly [groupAndPlural: string]: readonly Subresource[] } = {
  "/namespaces": [{ name: "finalize", verbs: ["update"] }],
  "/serviceaccounts": [{ name: "token", verbs: ["create"], responseKind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" } }],
};

/** The version in which the server keeps a kind, where it is not the one that is asked for: it goes into the hash. */
const STORED_AS: { readonly [groupAndPlural: string]: string } = {
  "autoscaling/horizontalpodautoscalers": "autoscaling/v2",
  "events.k8s.io/events": "/v1",
  "storage.k8s.io/volumeattributesclasses": "storage.k8s.io/v1beta1",
  "apiextensions.k8s.io/customresourcedefinitions": "apiextensions.k8s.io/v1beta1",
};

/** The subresources that discovery shows, in its order. */
export function subresourcesOf(kind: ResourceKind): readonly Subresource[] {
  const others = OTHERS[`${kind.group}/${kind.plural}`] ?? [];
  const found = [...others, ...(kind.scale === undefined ? [] : [SCALE]), ...(kind.hasStatus ? [STATUS] : [])];
  // A CRD's status stands before its scale, as its code writes them.
  return kind.custom ? found.toReversed() : found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The entries of an APIResourceList: the resource itself, then its subresources. */
export function resourceEntries(kind: ResourceKind, storageVersion: string): readonly JsonObject[] {
  const own: JsonObject = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: [...kind.verbs],
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length > 0 && { categories: [...kind.categories] }),
    ...(kind.verbs.includes("watch") && { storageVersionHash: storageVersionHash(kind, storageVersion) }),
  };
  const subresources = subresourcesOf(kind).map(({ name, verbs, responseKind }) => ({
    name: `${kind.plural}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...(responseKind !== undefined && { group: responseKind.group, version: responseKind.version }),
    kind: responseKind?.kind ?? kind.kind,
    verbs: [...verbs],
  }));
  return [own, ...subresources];
}

/** The resource as aggregated discovery has it; built-in kinds leave group and version out. */
export function aggregatedResource(kind: ResourceKind): JsonObject {
  const responseKind = kind.custom ? { group: kind.group, version: kind.version, kind: kind.kind } : { group: "", version: "", kind: kind.kind };
  const subresources = subresourcesOf(kind).map((subresource) => ({
    subresource: subresource.name,
    responseKind: { ...(subresource.responseKind ?? responseKind) },
    verbs: [...subresource.verbs],
  }));
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: [...kind.verbs],
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length > 0 && { categories: [...kind.categories] }),
    ...(subresources.length > 0 && { subresources }),
  };
}

function storageVersionHash({ group, plural, kind }: ResourceKind, storageVersion: string): string {
  const stored = STORED_AS[`${group}/${plural}`] ?? `${group}/${storageVersion}`;
  return createHash("sha256").update(`${stored}/${kind}`).digest().subarray(0, 8).toString("base64");
}
