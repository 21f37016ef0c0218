import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, listAt, numberAt, objectAt, textAt } from "../validation/fields.ts";
import { unlessZero } from "./conditions.ts";
import { createPod, deletePod, isReady, phaseOf } from "./pods.ts";
import { type Context, isDeleting, MANAGER, type Reconciler, STATUS } from "./reconciler.ts";
import { ownerKeys } from "./replica-sets.ts";
import { CLAIMS, isSame, PODS, STATEFUL_SETS } from "./resources.ts";
import { currentRevision } from "./revisions.ts";

const HASH = "controller-revision-hash";

/** Pods with ordinals, one after the other. Source: kube-controller-manager, controller/statefulset. */
export function createStatefulSets(context: Context): Reconciler {
  return {
    resource: STATEFUL_SETS,
    reconcile: (object) => {
      const revision = currentRevision(context, object, "controller.kubernetes.io/hash").name;
      if (!isDeleting(object)) step(context, object, revision);
      const pods = context.owners.controlled(object, PODS).filter((pod) => !isDeleting(pod));
      context.store.update(STATEFUL_SETS, { ...object, status: statusOf(object, pods, revision) }, STATUS);
    },
    related: ({ resource, object }) => (isSame(resource, PODS) ? ownerKeys(object, "StatefulSet") : []),
  };
}

const ordinalOf = (pod: Manifest): number => Number((pod.metadata.name ?? "").split("-").at(-1));

/** The one next thing to do; all of it at once with `podManagementPolicy: Parallel`. */
function step(context: Context, object: Manifest, revision: string): void {
  const spec = objectAt(jsonOf(object), "spec");
  const wanted = numberAt(spec, "replicas") ?? 1;
  const parallel = textAt(spec, "podManagementPolicy") === "Parallel";
  const pods = context.owners.controlled(object, PODS).toSorted((a, b) => ordinalOf(a) - ordinalOf(b));
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.find((one) => ordinalOf(one) === ordinal);
    if (pod === undefined) createOrdinal(context, object, spec, ordinal, revision);
    else if (phaseOf(pod) === "Failed" && !isDeleting(pod)) deletePod(context, pod);
    if (!parallel && (pod === undefined || !isReady(pod) || isDeleting(pod))) return;
  }
  const spare = pods.filter((pod) => ordinalOf(pod) >= wanted).toReversed();
  for (const pod of parallel ? spare : spare.slice(0, 1)) if (!isDeleting(pod)) deletePod(context, pod);
  if (spare.length > 0 || textAt(objectAt(spec, "updateStrategy"), "type") === "OnDelete") return;
  const partition = numberAt(objectAt(objectAt(spec, "updateStrategy"), "rollingUpdate"), "partition") ?? 0;
  const stale = pods.toReversed().find((pod) => ordinalOf(pod) >= partition && pod.metadata.labels?.[HASH] !== revision);
  if (stale !== undefined && !pods.some(isDeleting)) deletePod(context, stale);
}

function createOrdinal(context: Context, object: Manifest, spec: JsonObject, ordinal: number, revision: string): void {
  const name = `${object.metadata.name}-${ordinal}`;
  const template = objectAt(spec, "template");
  const claims = listAt(spec, "volumeClaimTemplates");
  for (const claim of claims) createClaim(context, object, objectAt({ claim }, "claim"), name);
  const names = claims.map((claim) => textAt(objectAt(claim, "metadata"), "name"));
  const volumes: readonly Json[] = [
    ...listAt(objectAt(template, "spec"), "volumes").filter((volume) => !names.includes(textAt(volume, "name"))),
    ...names.map((volume) => ({ name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } })),
  ];
  const labels = { "apps.kubernetes.io/pod-index": String(ordinal), [HASH]: revision, "statefulset.kubernetes.io/pod-name": name };
  createPod(context, object, template, {
    name,
    labels,
    spec: { hostname: name, subdomain: textAt(spec, "serviceName"), ...(volumes.length > 0 && { volumes }) },
  });
}

function createClaim(context: Context, object: Manifest, template: JsonObject, pod: string): void {
  const namespace = object.metadata.namespace ?? "";
  const name = `${textAt(objectAt(template, "metadata"), "name")}-${pod}`;
  if (context.store.get(CLAIMS, namespace, name) !== undefined) return;
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: objectAt(template, "spec"),
    status: { phase: "Pending" },
  };
  context.store.create(CLAIMS, claim, MANAGER);
}

function statusOf(object: Manifest, pods: readonly Manifest[], revision: string): JsonObject {
  const old = objectAt(jsonOf(object), "status");
  const wanted = numberAt(objectAt(jsonOf(object), "spec"), "replicas") ?? 1;
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[HASH] === revision).length;
  const before = textAt(old, "currentRevision") || revision;
  const complete = updated === wanted && pods.length === wanted && ready === wanted;
  const current = complete ? revision : before;
  return {
    availableReplicas: ready,
    collisionCount: numberAt(old, "collisionCount") ?? 0,
    ...unlessZero("currentReplicas", pods.filter((pod) => pod.metadata.labels?.[HASH] === current).length),
    currentRevision: current,
    observedGeneration: object.metadata.generation ?? 0,
    ...unlessZero("readyReplicas", ready),
    replicas: pods.length,
    updateRevision: revision,
    ...unlessZero("updatedReplicas", updated),
  };
}
