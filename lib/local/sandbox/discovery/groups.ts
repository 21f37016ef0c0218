import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { aggregatedResource, resourceEntries } from "./resources.ts";

/** One group with its served versions, preferred first. `""` is the core group, under /api. */
export type Group = { readonly name: string; readonly versions: readonly { readonly version: string; readonly kinds: readonly ResourceKind[] }[] };

/** The groups in discovery's order: built-in ones as the table has them, then those of CRDs by name; versions by their rank. */
export function groupsOf(kinds: readonly ResourceKind[]): readonly Group[] {
  const byGroup = Map.groupBy(kinds, ({ group }) => group);
  const groups = [...byGroup].map(([name, members]): Group & { readonly custom: boolean } => {
    const byVersion = [...Map.groupBy(members, ({ version }) => version)].map(([version, own]) => ({ version, kinds: own.toSorted(byPlural) }));
    return { name, versions: byVersion.toSorted((a, b) => compareVersions(a.version, b.version)), custom: members.every((kind) => kind.custom) };
  });
  const custom = groups.filter((group) => group.custom).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [...groups.filter((group) => !group.custom), ...custom];
}

const byPlural = (a: ResourceKind, b: ResourceKind): number => (a.plural < b.plural ? -1 : a.plural > b.plural ? 1 : 0);

/** `v2`, `v1`, `v1beta2`, `v1alpha1`, then anything else by name. Source: apimachinery version.CompareKubeAwareVersionStrings. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  if (left === undefined || right === undefined) return left === right ? (a < b ? -1 : a > b ? 1 : 0) : left === undefined ? 1 : -1;
  for (const [index, value] of left.entries()) if (value !== right[index]) return (right[index] ?? 0) - value;
  return 0;
}

/** Stability, major, minor. */
function rank(version: string): readonly number[] | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (parts === null) return undefined;
  const [, major, stage, minor] = parts;
  return [stage === undefined ? 2 : stage === "beta" ? 1 : 0, Number(major), Number(minor ?? 0)];
}

const versionEntry = (group: string, version: string): JsonObject => ({ groupVersion: apiVersionOf(group, version), version });

export function apiGroup({ name, versions }: Group): JsonObject {
  const entries = versions.map(({ version }) => versionEntry(name, version));
  return { name, versions: entries, preferredVersion: entries[0] ?? {} };
}

export const apiGroupList = (groups: readonly Group[]): JsonObject => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups.filter(({ name }) => name !== "").map(apiGroup),
});

/** `storageVersion` of a resource decides its storageVersionHash. */
export function apiResourceList(group: string, version: string, kinds: readonly ResourceKind[], storageVersion: (kind: ResourceKind) => string): JsonObject {
  return {
    kind: "APIResourceList",
    // The core group's list is older than the field.
    ...(group !== "" && { apiVersion: "v1" }),
    groupVersion: apiVersionOf(group, version),
    resources: kinds.flatMap((kind) => resourceEntries(kind, storageVersion(kind))),
  };
}

export const aggregatedDiscovery = (groups: readonly Group[]): JsonObject => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: groups.map(({ name, versions }) => ({
    metadata: name === "" ? {} : { name },
    versions: versions.map(({ version, kinds }) => ({ version, resources: kinds.map(aggregatedResource), freshness: "Current" })),
  })),
});
