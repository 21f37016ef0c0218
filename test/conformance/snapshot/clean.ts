import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";

/** What a snapshot says of a Flux object: its status, without times, digests and counts. */
export function cleanFluxObject({ metadata, status }: JsonObject): JsonObject {
  const { finalizers, deletionTimestamp } = asObject(metadata);
  return present({ finalizers, deleting: deletionTimestamp === undefined ? undefined : true, status: cleanStatus(asObject(status)) });
}

const NOT_OF_AN_INCLUDE = ["digest", "lastUpdateTime", "path", "size", "url"];
const NOT_OF_A_PAST = [
  "digest",
  "firstDeployed",
  "lastDeployed",
  "deleted",
  "ociDigest",
  "firstReconciled",
  "lastReconciled",
  "lastReconciledDuration",
  "totalReconciliations",
];
/** Only whether they are there. */
const PRESENCE = ["lastHandledReconcileAt", "observedSourcesDigest", "url"];

function cleanStatus(status: JsonObject): JsonObject {
  const { artifact, includedArtifacts, conditions, history, inventory } = status;
  return present({
    ...status,
    artifact: isObject(artifact) ? present({ revision: artifact.revision, metadata: artifact.metadata }) : artifact,
    includedArtifacts: isArray(includedArtifacts) ? includedArtifacts.map((included) => without(asObject(included), NOT_OF_AN_INCLUDE)) : includedArtifacts,
    conditions: isArray(conditions) ? conditions.map((condition) => without(asObject(condition), ["lastTransitionTime"])).toSorted(by("type")) : conditions,
    history: isArray(history) ? history.map((past) => cleanPast(asObject(past))) : history,
    inventory: isObject(inventory) && isArray(inventory.entries) ? { ...inventory, entries: inventory.entries.toSorted(by("id")) } : inventory,
    ...Object.fromEntries(PRESENCE.filter((key) => status[key]).map((key) => [key, "set"])),
  });
}

function cleanPast(past: JsonObject): JsonObject {
  const { testHooks, ...rest } = without(past, NOT_OF_A_PAST);
  if (!isObject(testHooks)) return testHooks === undefined ? rest : { ...rest, testHooks };
  const tests = Object.entries(testHooks).map(([name, test]) => [name, without(asObject(test), ["lastStarted", "lastCompleted"])] as const);
  return { ...rest, testHooks: Object.fromEntries(tests) };
}

/** The managers whose fields are compared; what controllers of Kubernetes own is theirs. */
const MANAGERS = /kustomize-controller|helm|user/;
const REVISION = /deployment\.kubernetes\.io\/revision/;
const SERVICE_ADDRESSES = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

/** What a snapshot says of any other object: everything but its status and what the server chose for it. */
export function cleanObject(object: JsonObject): JsonObject {
  const { metadata, status: _status, apiVersion: _version, kind, ...rest } = object;
  const { labels, annotations, deletionTimestamp, finalizers, managedFields } = asObject(metadata);
  const kept = Object.entries(asObject(annotations)).filter(([key]) => !REVISION.test(key));
  return present({
    labels,
    annotations: kept.length === 0 ? undefined : Object.fromEntries(kept),
    deleting: deletionTimestamp === undefined ? undefined : true,
    finalizers,
    ...rest,
    ...(isObject(rest.spec) && { spec: cleanSpec(kind, rest.spec) }),
    managers: (isArray(managedFields) ? managedFields : [])
      .filter(isObject)
      .filter(({ manager }) => MANAGERS.test(String(manager)))
      .map(({ manager, operation, subresource, fieldsV1 }) => present({ manager, operation, subresource, fields: fieldsV1 }))
      .toSorted((a, b) => compare(JSON.stringify([a.manager, a.operation]), JSON.stringify([b.manager, b.operation]))),
  });
}

function cleanSpec(kind: Json | undefined, spec: JsonObject): JsonObject {
  if (kind === "Service") return without(spec, SERVICE_ADDRESSES);
  if (kind !== "Job") return spec;
  const { template, ...rest } = without(spec, ["selector"]);
  const { metadata, ...others } = asObject(template);
  return { ...rest, template: present({ ...others, metadata: isObject(metadata) ? without(metadata, ["labels"]) : metadata }) };
}

/** Keys in order, everywhere: what a snapshot's text depends on is what it says. */
export function inOrder(value: Json): Json {
  if (isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, inOrder(value[key] ?? null)]),
  );
}

const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const by =
  (key: string) =>
  (a: Json, b: Json): number =>
    compare(String(asObject(a)[key]), String(asObject(b)[key]));
const without = (object: JsonObject, keys: readonly string[]): JsonObject => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
const present = (object: { readonly [key: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined));
