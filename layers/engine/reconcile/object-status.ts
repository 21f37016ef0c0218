import { type Condition, type ConditionNow, setCondition, withoutCondition } from "../domain/condition.ts";
import { isArray, isEqual, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { annotationOf, groupOf, type Manifest, type Metadata, type ObjectRef } from "../domain/manifest.ts";
import type { InvolvedObject } from "../domain/notified-event.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Cluster, Refusal } from "../ports/cluster.ts";

/** What every reconciled kind has in common: how its status is written, its finalizer kept, a request by annotation answered. */
export type ReconciledObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly status?: JsonObject | undefined;
  /** The object as it came, where `status` is what a parser made of it. */
  readonly manifest?: Manifest;
};

/** Source: reference 0.4. */
export const FINALIZER = "finalizers.fluxcd.io";
const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
const EVENT_ANNOTATION = "event.toolkit.fluxcd.io/";
const TRIES = 4;

export const refOfObject = ({ apiVersion, kind, metadata }: ReconciledObject): ObjectRef => ({
  apiVersion,
  kind,
  name: metadata.name ?? "",
  ...(metadata.namespace !== undefined && metadata.namespace !== "" && { namespace: metadata.namespace }),
});

/** `written` has the object as the server keeps it now. `moved`: somebody changed what this pass was about, so look again at once. */
export type ObjectWrite = { readonly kind: "written"; readonly object: Manifest } | { readonly kind: "unchanged" | "moved" | "gone" } | Refusal;

export type StatusOptions = {
  /** Field manager: `source-controller`, `gotk-kustomize-controller`. */
  readonly manager: string;
  /** The condition types that are ours; all others belong to somebody else and survive. */
  readonly owned: readonly string[];
};

/**
 * Makes the status of `object` be `next`, in one patch that carries the resourceVersion; no request when nothing differs.
 * When the object has moved on, it is read again: the patch is repeated as long as generation, deletion and our part of the status are
 * what this pass started from (somebody annotated it, or set a condition of their own). Source: reference 0.5.
 */
export async function writeStatus(cluster: Cluster, object: ReconciledObject, next: JsonObject, options: StatusOptions): Promise<ObjectWrite> {
  const base = object;
  let seen = object;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const wanted = withForeignConditions(next, seen.status, options.owned);
    const status = mergeDifference(seen.status ?? {}, wanted);
    if (Object.keys(status).length === 0) return { kind: "unchanged" };
    const answer = await cluster.patch(refOfObject(object), {
      body: { type: "merge", merge: { metadata: { resourceVersion: seen.metadata.resourceVersion ?? "" }, status } },
      subresource: "status",
      manager: options.manager,
    });
    if (answer.kind === "patched") return { kind: "written", object: answer.object };
    if (answer.kind === "absent") return { kind: "gone" };
    if (answer.kind === "refused") return answer;
    const fresh = await readAgain(cluster, base);
    if (fresh.kind !== "found") return fresh;
    if (!isSameWork(base, fresh.object, options.owned)) return { kind: "moved" };
    seen = fresh.object;
  }
  return { kind: "moved" };
}

/** Adds Flux's finalizer; `unchanged` when it is there. */
export async function addFinalizer(cluster: Cluster, object: ReconciledObject, manager: string): Promise<ObjectWrite> {
  const finalizers = object.metadata.finalizers ?? [];
  return finalizers.includes(FINALIZER) ? { kind: "unchanged" } : writeFinalizers(cluster, object, [...finalizers, FINALIZER], manager);
}

/** Removes Flux's finalizer, so that a deletion goes on; `unchanged` when it is not there. */
export async function removeFinalizer(cluster: Cluster, object: ReconciledObject, manager: string): Promise<ObjectWrite> {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) return { kind: "unchanged" };
  return writeFinalizers(
    cluster,
    object,
    finalizers.filter((finalizer) => finalizer !== FINALIZER),
    manager,
  );
}

async function writeFinalizers(cluster: Cluster, object: ReconciledObject, finalizers: readonly string[], manager: string): Promise<ObjectWrite> {
  const metadata = { resourceVersion: object.metadata.resourceVersion ?? "", finalizers };
  const answer = await cluster.patch(refOfObject(object), { body: { type: "merge", merge: { metadata } }, manager });
  switch (answer.kind) {
    case "patched":
      return { kind: "written", object: answer.object };
    case "stale":
      return { kind: "moved" };
    case "absent":
      return { kind: "gone" };
    case "refused":
      return answer;
  }
}

/** The value of the request annotation, an opaque token; undefined when nobody ever asked. Source: reference 0.3. */
export const requestedAt = (object: ReconciledObject): string | undefined => annotationOf(asManifest(object), REQUESTED_AT);

/** Somebody asked by annotation, and no pass has answered yet. */
export function isRequested(object: ReconciledObject): boolean {
  const asked = requestedAt(object);
  return asked !== undefined && asked !== object.status?.lastHandledReconcileAt;
}

/** `status.lastHandledReconcileAt` as it must stand after a pass, also after a failed one and while suspended. Source: reference 0.3. */
export function handledRequest(object: ReconciledObject): { readonly lastHandledReconcileAt?: string } {
  const value = requestedAt(object) ?? object.status?.lastHandledReconcileAt;
  return typeof value === "string" ? { lastHandledReconcileAt: value } : {};
}

export const involvedObject = ({ apiVersion, kind, metadata }: ReconciledObject): InvolvedObject => ({
  apiVersion,
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name ?? "",
  uid: metadata.uid ?? "",
  resourceVersion: metadata.resourceVersion ?? "",
});

/** Annotations of an event: the object's own `event.toolkit.fluxcd.io/` ones, and `fields` under its group (`<group>/revision`). Source: reference 0.6. */
export function eventMetadata(object: ReconciledObject, fields: { readonly [key: string]: string } = {}): { readonly [key: string]: string } {
  const group = groupOf(object.apiVersion);
  return Object.fromEntries([
    ...Object.entries(object.metadata.annotations ?? {}).filter(([key]) => key.startsWith(EVENT_ANNOTATION)),
    ...Object.entries(fields).map(([key, value]) => [`${group}/${key}`, value] as const),
  ]);
}

/** `conditions` with `Reconciling` True, and `Stalled`, which excludes it, gone. Source: reference 0.2. */
export const reconciling = (conditions: readonly Condition[], condition: Omit<ConditionNow, "type" | "status">, now: EpochMs): readonly Condition[] =>
  setCondition(withoutCondition(conditions, "Stalled"), { ...condition, type: "Reconciling", status: "True" }, now);

/** `conditions` with `Stalled` True, and `Reconciling`, which excludes it, gone. Source: reference 0.2. */
export const stalled = (conditions: readonly Condition[], condition: Omit<ConditionNow, "type" | "status">, now: EpochMs): readonly Condition[] =>
  setCondition(withoutCondition(conditions, "Reconciling"), { ...condition, type: "Stalled", status: "True" }, now);

/** `conditions` of an object at rest: neither `Reconciling` nor `Stalled`. */
export const settled = (conditions: readonly Condition[]): readonly Condition[] => withoutCondition(withoutCondition(conditions, "Reconciling"), "Stalled");

const asManifest = ({ apiVersion, kind, metadata }: ReconciledObject): Manifest => ({ apiVersion, kind, metadata });

async function readAgain(
  cluster: Cluster,
  object: ReconciledObject,
): Promise<{ readonly kind: "found"; readonly object: ReconciledObject } | { readonly kind: "gone" } | Refusal> {
  const answer = await cluster.get(refOfObject(object));
  if (answer.kind === "absent") return { kind: "gone" };
  if (answer.kind === "refused") return answer;
  const { apiVersion, kind, metadata, status } = answer.object;
  return { kind: "found", object: { apiVersion, kind, metadata, ...(isStatus(status) && { status }) } };
}

const isStatus = (value: Json | Metadata | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** True while what a pass looked at is what still stands there. */
function isSameWork(before: ReconciledObject, now: ReconciledObject, owned: readonly string[]): boolean {
  const sameObject = before.metadata.uid === now.metadata.uid && before.metadata.generation === now.metadata.generation;
  const sameEnd = before.metadata.deletionTimestamp === now.metadata.deletionTimestamp;
  return sameObject && sameEnd && isEqual(ourPart(asItCame(before), owned), ourPart(now.status, owned));
}

function asItCame({ manifest, status }: ReconciledObject): JsonObject | undefined {
  if (manifest === undefined) return status;
  return isStatus(manifest.status) ? manifest.status : undefined;
}

const ourPart = (status: JsonObject | undefined, owned: readonly string[]): JsonObject => ({
  ...status,
  conditions: conditionsIn(status).filter((condition) => owned.includes(typeOf(condition))),
});

function withForeignConditions(next: JsonObject, seen: JsonObject | undefined, owned: readonly string[]): JsonObject {
  const foreign = conditionsIn(seen).filter((condition) => !owned.includes(typeOf(condition)));
  const ours = conditionsIn(next).filter((condition) => owned.includes(typeOf(condition)));
  if (foreign.length + ours.length === 0 && next.conditions === undefined) return next;
  const all = [...ours, ...foreign];
  // In the order of `next` where it names them all: a pass that changes nothing must not reorder.
  const order = conditionsIn(next).map(typeOf);
  const rank = (condition: Json): number => (order.includes(typeOf(condition)) ? order.indexOf(typeOf(condition)) : order.length);
  return { ...next, conditions: all.toSorted((a, b) => rank(a) - rank(b)) };
}

const conditionsIn = (status: JsonObject | undefined): readonly Json[] => (isArray(status?.conditions) ? status.conditions : []);
const typeOf = (condition: Json): string => (isObject(condition) && typeof condition.type === "string" ? condition.type : "");

/** The JSON merge patch that makes `next` out of `old`: what differs, with null for what is gone. Lists are replaced whole. */
function mergeDifference(old: JsonObject, next: JsonObject): JsonObject {
  const changed = Object.entries(next).flatMap(([key, value]): [string, Json][] => {
    const before = old[key];
    if (value === undefined || isEqual(before, value)) return [];
    return [[key, isObject(before) && isObject(value) ? mergeDifference(before, value) : value]];
  });
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(next, key) || next[key] === undefined);
  return Object.fromEntries([...changed, ...gone.map((key): [string, Json] => [key, null])]);
}
