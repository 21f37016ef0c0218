import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, groupOf, type Manifest, type ObjectRef, refOf } from "@sluice/engine/domain/manifest.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { matchesSelector, parseLabelSelector } from "@sluice/engine/plan/label-selector.ts";
import type { Cluster, Refusal } from "@sluice/engine/ports/cluster.ts";
import type { KindFacts, Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Resource } from "../../../lib/cli/cli.ts";

const BUILT_IN: readonly (readonly [apiVersion: string, kind: string, plural: string, namespaced: boolean, shortNames: readonly string[]])[] = [
  ["v1", "Namespace", "namespaces", false, ["ns"]],
  ["v1", "ConfigMap", "configmaps", true, ["cm"]],
  ["v1", "Secret", "secrets", true, []],
  ["v1", "Service", "services", true, ["svc"]],
  ["v1", "ServiceAccount", "serviceaccounts", true, ["sa"]],
  ["v1", "Event", "events", true, ["ev"]],
  ["apps/v1", "Deployment", "deployments", true, ["deploy"]],
  ["networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true, ["netpol"]],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false, []],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false, []],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", false, ["crd"]],
];

export const RESOURCES: readonly Resource[] = [
  ...BUILT_IN.map(([apiVersion, kind, plural, namespaced, shortNames]) => ({ apiVersion, kind, plural, namespaced, shortNames, singular: kind.toLowerCase() })),
  ...Object.values(KINDS).map(({ group, version, kind, plural }) => ({
    apiVersion: apiVersionOf(group, version),
    kind,
    plural,
    namespaced: true,
    shortNames: [],
    singular: kind.toLowerCase(),
  })),
];

export type MemoryCluster = {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  /** Every write in order: `patched Kustomization/cli-apps/web`. */
  readonly log: readonly string[];
  get(ref: ObjectRef): Manifest | undefined;
  put(object: Manifest): void;
  all(): readonly Manifest[];
};

/** Objects in a map, with so much of an API server's behaviour as the command line sees. */
export function createMemoryCluster(objects: readonly Manifest[]): MemoryCluster {
  const stored = new Map(
    objects.map((object) => [keyOf(object.apiVersion, object.kind, object.metadata.namespace, object.metadata.name), withGeneration(object)]),
  );
  const log: string[] = [];
  const get = ({ apiVersion, kind, namespace, name }: ObjectRef): Manifest | undefined => stored.get(keyOf(apiVersion, kind, namespace, name));
  const put = (object: Manifest): void => {
    stored.set(keyOf(object.apiVersion, object.kind, object.metadata.namespace, object.metadata.name), object);
  };
  const written = (what: string, { kind, namespace, name }: ObjectRef): void => {
    log.push(`${what} ${[kind, namespace, name].filter((part) => part !== undefined).join("/")}`);
  };
  const cluster: Cluster = {
    get: async (ref) => {
      const found = get(ref);
      return found === undefined ? { kind: "absent", message: notFound(ref) } : { kind: "found", object: found };
    },
    list: async ({ apiVersion, kind, namespace, labelSelector }) => {
      if (factsOf(apiVersion, kind) === undefined) return unknownKind(apiVersion, kind);
      const selector = parseLabelSelector(labelSelector ?? "");
      const items = [...stored.values()].filter(
        (object) =>
          object.apiVersion === apiVersion &&
          object.kind === kind &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          (!selector.ok || matchesSelector(selector.value, object.metadata.labels)),
      );
      return { kind: "listed", items: items.toSorted(byPlace), resourceVersion: "1" };
    },
    patch: async (ref, { body, dryRun }) => {
      const found = get(ref);
      if (found === undefined) return { kind: "absent", message: notFound(ref) };
      if (body.type !== "merge") throw new Error("the memory cluster knows merge patches only");
      const next = changed(found, mergedWith(found as unknown as Json, body.merge) as unknown as Manifest);
      if (dryRun !== true) {
        put(next);
        written("patched", ref);
      }
      return { kind: "patched", object: next };
    },
    apply: async (manifest, { dryRun }) => {
      if (factsOf(manifest.apiVersion, manifest.kind) === undefined) return unknownKind(manifest.apiVersion, manifest.kind);
      const ref = {
        apiVersion: manifest.apiVersion,
        kind: manifest.kind,
        name: manifest.metadata.name ?? "",
        ...(manifest.metadata.namespace !== undefined && { namespace: manifest.metadata.namespace }),
      };
      const before = get(ref);
      const next =
        before === undefined
          ? asCreated(manifest)
          : changed(before, mergedWith(before as unknown as Json, manifest as unknown as JsonObject) as unknown as Manifest);
      if (!dryRun) {
        put(next);
        written("applied", ref);
      }
      return { kind: before === undefined ? "created" : "configured", object: next };
    },
    create: async (manifest) => {
      if (factsOf(manifest.apiVersion, manifest.kind) === undefined) return unknownKind(manifest.apiVersion, manifest.kind);
      const ref = refOf(manifest);
      if (get(ref) !== undefined) return { kind: "exists", message: `${ref.kind.toLowerCase()}s ${JSON.stringify(ref.name)} already exists` };
      const made = asCreated(manifest);
      put(made);
      written("created", ref);
      return { kind: "created", object: made };
    },
    replace: async (manifest) => {
      const ref = refOf(manifest);
      const found = get(ref);
      if (found === undefined) return { kind: "absent", message: notFound(ref) };
      const next = changed(found, manifest);
      put(next);
      written("replaced", ref);
      return { kind: "replaced", object: next };
    },
    delete: async (ref) => {
      if (!stored.delete(keyOf(ref.apiVersion, ref.kind, ref.namespace, ref.name))) return { kind: "absent" };
      written("deleted", ref);
      return { kind: "deleted" };
    },
  };
  const kinds: Kinds = {
    find: async (apiVersion, kind) => factsOf(apiVersion, kind),
    versions: async () => [],
    schemas: async () => new Map(),
    all: async () => RESOURCES.flatMap(({ apiVersion, kind }) => factsOf(apiVersion, kind) ?? []),
    serverVersion: async () => ({ version: "v1.35.4", major: "1", minor: "35" }),
  };
  return { cluster, kinds, log, get, put, all: () => [...stored.values()] };
}

const keyOf = (apiVersion: string, kind: string, namespace = "", name = ""): string => [apiVersion, kind, namespace, name].join("|");
const byPlace = (a: Manifest, b: Manifest): number => (placeOf(a) < placeOf(b) ? -1 : 1);
const placeOf = ({ metadata }: Manifest): string => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
const withGeneration = (object: Manifest): Manifest => ({ ...object, metadata: { generation: 1, ...object.metadata } });

/** What a controller of the cluster would have said of a new Deployment or CRD. */
function asCreated(manifest: Manifest): Manifest {
  const made = withGeneration(manifest);
  if (made.kind === "Deployment") return { ...made, status: { observedGeneration: 1, conditions: [{ type: "Available", status: "True" }] } };
  if (made.kind !== "CustomResourceDefinition") return made;
  return { ...made, status: { storedVersions: ["v1"], conditions: [{ type: "Established", status: "True" }] } };
}

/** A change of the spec is a new generation. */
function changed(before: Manifest, after: Manifest): Manifest {
  if (JSON.stringify(before.spec) === JSON.stringify(after.spec)) return after;
  return { ...after, metadata: { ...after.metadata, generation: (before.metadata.generation ?? 0) + 1 } };
}

function mergedWith(before: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: { [key: string]: Json } = isObject(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergedWith(merged[key] ?? null, value);
  }
  return merged;
}

function factsOf(apiVersion: string, kind: string): KindFacts | undefined {
  const found = RESOURCES.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
  return found === undefined ? undefined : { apiVersion, kind, plural: found.plural, namespaced: found.namespaced, verbs: [], hasStatus: true };
}

function notFound({ apiVersion, kind, name }: ObjectRef): string {
  const plural = factsOf(apiVersion, kind)?.plural ?? kind.toLowerCase();
  return `${groupOf(apiVersion) === "" ? plural : `${plural}.${groupOf(apiVersion)}`} ${JSON.stringify(name)} not found`;
}

const unknownKind = (apiVersion: string, kind: string): Refusal => ({
  kind: "refused",
  why: "unknown-kind",
  code: 0,
  reason: "",
  message: `no matches for kind "${kind}" in version "${apiVersion}"`,
});
