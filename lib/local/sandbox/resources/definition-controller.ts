import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { parseCrd } from "../schema/crd.ts";
import type { Resource } from "../storage/store.ts";
import type { Cluster, Target, Writing } from "./context.ts";
import { CLEANUP, DEFINITIONS, fieldOf, isDefinition, isTerminating, listOf, storageVersionOf, textOf } from "./definitions.ts";
import type { Remove } from "./remove.ts";
import type { Writes } from "./write.ts";

const APPROVED = "api-approved.kubernetes.io";

/**
 * What apiextensions' controllers do: accepts a CRD's names, serves its versions, and empties it before it goes.
 * Serving follows the CRD at once (within its write); its conditions come a moment later, in a write of their own, as users see it.
 */
export function createDefinitionController(deps: Cluster & { readonly writes: Writes; readonly remove: Remove }): { stop(): void } {
  const { memory, registry, writes, remove, now } = deps;

  const stop = memory.listen(({ type, resource, object }) => {
    if (isDefinition(resource)) {
      serve(object, type === "deleted");
      if (type !== "deleted") queueMicrotask(() => settle(object.metadata.name ?? ""));
      return;
    }
    if (type !== "deleted" || registry.stored(resource)?.custom !== true) return;
    queueMicrotask(() => settle(`${resource.plural}.${resource.group}`));
  });

  const serve = (crd: Manifest, gone: boolean): void => {
    const name = crd.metadata.name ?? "";
    const parsed = gone || !isEstablished(crd) ? undefined : parseCrd(crd);
    const served = parsed?.ok === true ? parsed.value : [];
    registry.setCustom(name, served, storageKind(crd, served));
  };

  const settle = (name: string): void => {
    const crd = memory.get(DEFINITIONS, "", name);
    if (crd === undefined) return;
    const status = isTerminating(crd) ? undefined : acceptedStatus(crd, deps);
    if (status !== undefined && !isEqual(status, fieldOf(crd, "status") as Json)) writeStatus(crd, status);
    if (isTerminating(crd)) empty(crd);
  };

  const writeStatus = (crd: Manifest, status: JsonObject): void => {
    const target = definitionTarget(deps, crd, "status");
    if (target !== undefined) writes.update(target, { ...crd, status }, SERVER);
  };

  /** Deletes all its objects; when none is left, lets the CRD go. */
  const empty = (crd: Manifest): void => {
    if (crd.metadata.finalizers?.includes(CLEANUP) !== true) return;
    const spec = fieldOf(crd, "spec");
    const resource: Resource = { group: textOf(spec.group), plural: textOf((spec.names as JsonObject | undefined)?.plural) };
    const kind = registry.stored(resource);
    for (const { metadata } of kind === undefined ? [] : memory.list(resource)) {
      if (metadata.deletionTimestamp !== undefined || kind === undefined) continue;
      remove({ kind, resource, namespace: metadata.namespace ?? "", name: metadata.name ?? "", subresource: "" }, { dryRun: false });
    }
    const latest = memory.get(DEFINITIONS, "", crd.metadata.name ?? "");
    if (latest === undefined || memory.list(resource).length > 0) return;
    const target = definitionTarget(deps, latest, "");
    const { finalizers = [], ...metadata } = latest.metadata;
    const rest = finalizers.filter((finalizer) => finalizer !== CLEANUP);
    if (target !== undefined) writes.update(target, { ...latest, metadata: { ...metadata, ...(rest.length > 0 && { finalizers: rest }) } }, SERVER);
  };

  /** The conditions and names that a CRD gets. */
  const acceptedStatus = (crd: Manifest, cluster: Cluster): JsonObject => {
    const old = fieldOf(crd, "status");
    const names = fieldOf(crd, "spec").names as JsonObject;
    const taken = conflictOf(crd, cluster);
    const time = formatTime(now());
    const accepted: JsonObject =
      taken === undefined
        ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
        : { type: "NamesAccepted", status: "False", reason: taken.reason, message: `${JSON.stringify(taken.name)} is already in use` };
    const established: JsonObject =
      taken === undefined || isEstablished(crd)
        ? { type: "Established", status: "True", reason: "InitialNamesAccepted", message: "the initial names have been accepted" }
        : { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" };
    const made = [...approval(crd), accepted, established];
    const before = listOf(old.conditions);
    const others = before.filter(({ type }) => !made.some((condition) => condition.type === type));
    return {
      ...old,
      conditions: [...made.map((condition) => dated(condition, before, time)), ...others],
      acceptedNames: taken === undefined ? names : (old.acceptedNames ?? { plural: "", kind: "" }),
    };
  };

  return { stop };
}

const SERVER: Writing = { manager: "kube-apiserver", dryRun: false, fieldValidation: "Ignore", trusted: true, warn: () => undefined };

function definitionTarget({ registry }: Cluster, crd: Manifest, subresource: "" | "status"): Target | undefined {
  const kind = registry.stored(DEFINITIONS);
  return kind === undefined ? undefined : { kind, resource: DEFINITIONS, namespace: "", name: crd.metadata.name ?? "", subresource };
}

const isEstablished = (crd: Manifest): boolean =>
  listOf(fieldOf(crd, "status").conditions).some(({ type, status }) => type === "Established" && status === "True");

/** The kind of the storage version, which need not be served. */
function storageKind(crd: Manifest, served: readonly ResourceKind[]): ResourceKind | undefined {
  const version = storageVersionOf(crd);
  const found = served.find((kind) => kind.version === version);
  if (found !== undefined) return found;
  const spec = fieldOf(crd, "spec");
  const all = parseCrd({ ...crd, spec: { ...spec, versions: listOf(spec.versions).map((item) => ({ ...item, served: true })) } });
  return all.ok ? all.value.find((kind) => kind.version === version) : undefined;
}

/** A name of the same group that another resource has. */
function conflictOf(crd: Manifest, { registry }: Cluster): { readonly reason: string; readonly name: string } | undefined {
  const spec = fieldOf(crd, "spec");
  const group = textOf(spec.group);
  const names = spec.names as JsonObject;
  const plural = textOf(names.plural);
  const others = registry.kinds().filter((kind) => kind.group === group && kind.plural !== plural);
  const singular = textOf(names.singular);
  if (others.some((kind) => kind.plural === singular || kind.singular === singular)) return { reason: "SingularConflict", name: singular };
  const short = (Array.isArray(names.shortNames) ? (names.shortNames as readonly string[]) : []).find((name) =>
    others.some((kind) => kind.shortNames.includes(name)),
  );
  if (short !== undefined) return { reason: "ShortNamesConflict", name: short };
  const kindName = textOf(names.kind);
  if (others.some((kind) => kind.kind === kindName)) return { reason: "KindConflict", name: kindName };
  const listKind = textOf(names.listKind);
  return others.some((kind) => kind.listKind === listKind) ? { reason: "ListKindConflict", name: listKind } : undefined;
}

/** Groups of the Kubernetes project itself must say who approved their CRDs. */
function approval(crd: Manifest): readonly JsonObject[] {
  const group = textOf(fieldOf(crd, "spec").group);
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const url = crd.metadata.annotations?.[APPROVED] ?? "";
  const type = "KubernetesAPIApprovalPolicyConformant";
  if (url.startsWith("unapproved")) return [{ type, status: "False", reason: "UnapprovedAnnotation", message: `not approved: "${url}"` }];
  if (url.includes("://")) return [{ type, status: "True", reason: "ApprovedAnnotation", message: `approved in ${url}` }];
  const message = `protected groups must have approval annotation "${APPROVED}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [{ type, status: "False", reason: "MissingAnnotation", message }];
}

function dated(condition: JsonObject, before: readonly JsonObject[], time: string): JsonObject {
  const old = before.find(({ type }) => type === condition.type);
  return { ...condition, lastTransitionTime: old?.status === condition.status ? (old?.lastTransitionTime ?? time) : time };
}
