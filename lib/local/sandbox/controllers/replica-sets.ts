import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, numberAt, objectAt } from "../validation/fields.ts";
import { unlessZero } from "./conditions.ts";
import { controllerOf } from "./owners.ts";
import { createPod, deletePod, isActive, isReady } from "./pods.ts";
import { type Context, isDeleting, type Reconciler, STATUS } from "./reconciler.ts";
import { isSame, PODS, REPLICA_SETS } from "./resources.ts";

/** As many Pods as the spec says, and what they are. `minReadySeconds` is not waited for. */
export function createReplicaSets(context: Context): Reconciler {
  return {
    resource: REPLICA_SETS,
    reconcile: (object) => {
      const spec = objectAt(jsonOf(object), "spec");
      const pods = context.owners.controlled(object, PODS).filter(isActive);
      if (!isDeleting(object)) scale(context, object, spec, pods);
      writeStatus(context, object, context.owners.controlled(object, PODS).filter(isActive));
    },
    related: ({ resource, object }) => (isSame(resource, PODS) ? ownerKeys(object, "ReplicaSet") : []),
  };
}

/** The controlling owner of `object`, when it is of that kind. */
export function ownerKeys(object: Manifest, kind: string): readonly { readonly namespace: string; readonly name: string }[] {
  const owner = controllerOf(object);
  return owner?.kind === kind && typeof owner.name === "string" ? [{ namespace: object.metadata.namespace ?? "", name: owner.name }] : [];
}

/** A slip of the finger asks for millions; a real cluster makes 500 at a time and has no room for more either. */
const MOST_PODS = 500;

function scale(context: Context, object: Manifest, spec: JsonObject, pods: readonly Manifest[]): void {
  const wanted = Math.min(numberAt(spec, "replicas") ?? 1, MOST_PODS);
  const template = objectAt(spec, "template");
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) createPod(context, object, template, { generateName: `${object.metadata.name}-` });
  // What is not ready goes first.
  const spare = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, Math.max(0, pods.length - wanted));
  for (const pod of spare) deletePod(context, pod);
}

function writeStatus(context: Context, object: Manifest, pods: readonly Manifest[]): void {
  const ready = pods.filter(isReady).length;
  const status = {
    ...unlessZero("availableReplicas", ready),
    ...unlessZero("fullyLabeledReplicas", pods.length),
    observedGeneration: object.metadata.generation ?? 0,
    ...unlessZero("readyReplicas", ready),
    replicas: pods.length,
    terminatingReplicas: context.owners.controlled(object, PODS).filter(isDeleting).length,
  };
  context.store.update(REPLICA_SETS, { ...object, status }, STATUS);
}
