import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, objectAt, textAt } from "../validation/fields.ts";
import { unlessZero } from "./conditions.ts";
import { createPod, deletePod, isReady } from "./pods.ts";
import { type Context, isDeleting, type Reconciler, STATUS } from "./reconciler.ts";
import { ownerKeys } from "./replica-sets.ts";
import { DAEMON_SETS, isSame, NODES, PODS } from "./resources.ts";
import { currentRevision } from "./revisions.ts";

const HASH = "controller-revision-hash";

/** One Pod on each node. Source: kube-controller-manager, controller/daemon. */
export function createDaemonSets(context: Context): Reconciler {
  return {
    resource: DAEMON_SETS,
    reconcile: (object) => {
      const { hash } = currentRevision(context, object, HASH);
      const nodes = context.store.list(NODES);
      const pods = context.owners.controlled(object, PODS).filter((pod) => !isDeleting(pod));
      if (!isDeleting(object)) place(context, object, hash, nodes, pods);
      context.store.update(DAEMON_SETS, { ...object, status: statusOf(object, nodes.length, pods, hash) }, STATUS);
    },
    related: ({ resource, object }) => (isSame(resource, PODS) ? ownerKeys(object, "DaemonSet") : []),
  };
}

const nodeOf = (pod: Manifest): string => textAt(objectAt(jsonOf(pod), "spec"), "nodeName");

function place(context: Context, object: Manifest, hash: string, nodes: readonly Manifest[], pods: readonly Manifest[]): void {
  const template = objectAt(objectAt(jsonOf(object), "spec"), "template");
  const terminating = context.owners.controlled(object, PODS).filter(isDeleting);
  for (const node of nodes) {
    const name = node.metadata.name ?? "";
    const here = pods.find((pod) => nodeOf(pod) === name);
    if (here !== undefined && here.metadata.labels?.[HASH] !== hash && terminating.length === 0) deletePod(context, here);
    if (here !== undefined || terminating.some((pod) => nodeOf(pod) === name)) continue;
    createPod(context, object, template, { generateName: `${object.metadata.name}-`, labels: { [HASH]: hash }, spec: { nodeName: name } });
  }
}

function statusOf(object: Manifest, desired: number, pods: readonly Manifest[], hash: string): JsonObject {
  const ready = pods.filter(isReady).length;
  return {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: desired,
    ...unlessZero("numberAvailable", ready),
    numberMisscheduled: 0,
    numberReady: ready,
    ...unlessZero("numberUnavailable", desired - ready),
    observedGeneration: object.metadata.generation ?? 0,
    ...unlessZero("updatedNumberScheduled", pods.filter((pod) => pod.metadata.labels?.[HASH] === hash).length),
  };
}
