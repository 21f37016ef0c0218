import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, formatTime } from "@sluice/engine/domain/time.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Resource } from "../storage/store.ts";

export const DEFINITIONS: Resource = { group: "apiextensions.k8s.io", plural: "customresourcedefinitions" };
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

export const isDefinition = (resource: Resource): boolean => resource.group === DEFINITIONS.group && resource.plural === DEFINITIONS.plural;

/** A field of an object as JSON: `metadata` has a type of its own. */
export const fieldOf = (object: Manifest, field: string): JsonObject => {
  const fields: { readonly [name: string]: unknown } = object;
  const value = fields[field];
  return isPlain(value) ? value : {};
};
const isPlain = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);
export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The version in which a CRD's objects are held. */
export const storageVersionOf = (crd: Manifest): string => textOf(listOf(fieldOf(crd, "spec").versions).find(({ storage }) => storage === true)?.name);

/** A CRD as it is written: singular and list names, and the storage version among those that objects may be stored in. Source: apiextensions strategy and defaults. */
export function preparedDefinition(kind: ResourceKind, crd: Manifest, before: Manifest | undefined): Manifest {
  if (kind.custom || kind.group !== DEFINITIONS.group || kind.plural !== DEFINITIONS.plural) return crd;
  const status = before === undefined ? { conditions: [], acceptedNames: { plural: "", kind: "" } } : fieldOf(before, "status");
  const { storedVersions } = status as JsonObject;
  const stored = isArray(storedVersions) ? storedVersions : [];
  const current = storageVersionOf(crd);
  return { ...crd, status: { ...status, storedVersions: stored.includes(current) ? stored : [...stored, current] } };
}

/** Names that the server fills in. Source: SetDefaults_CustomResourceDefinitionSpec. */
export function namedDefinition(kind: ResourceKind, crd: Manifest): Manifest {
  if (kind.custom || kind.group !== DEFINITIONS.group || kind.plural !== DEFINITIONS.plural) return crd;
  const spec = fieldOf(crd, "spec");
  const names = isObject(spec.names) ? spec.names : {};
  const name = textOf(names.kind);
  if (name === "") return crd;
  const filled = {
    ...(textOf(names.singular) === "" && { singular: name.toLowerCase() }),
    ...(textOf(names.listKind) === "" && { listKind: `${name}List` }),
  };
  return { ...crd, spec: { ...spec, names: { ...names, ...filled }, conversion: spec.conversion ?? { strategy: "None" } } };
}

/** A CRD that is deleted waits until its objects are gone. Source: apiextensions registry/customresourcedefinition Delete. */
export function terminatingDefinition(resource: Resource, marked: Manifest, now: EpochMs): Manifest {
  if (!isDefinition(resource)) return marked;
  const conditions = listOf(fieldOf(marked, "status").conditions);
  if (conditions.some(({ type }) => type === "Terminating")) return marked;
  const finalizers = marked.metadata.finalizers ?? [];
  const condition = {
    type: "Terminating",
    status: "True",
    lastTransitionTime: formatTime(now),
    reason: "InstanceDeletionPending",
    message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  };
  return {
    ...marked,
    metadata: { ...marked.metadata, finalizers: finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP] },
    status: { ...fieldOf(marked, "status"), conditions: [...conditions, condition] },
  };
}

export const isTerminating = (crd: Manifest): boolean => crd.metadata.deletionTimestamp !== undefined;
