import { elapsed } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import type { Metrics } from "./metrics.ts";

/**
 * The queue for one run: what it sends follows from the push that the run follows from, whatever lies between. So the moment of the push gets from the
 * webhook to the run that applies it through messages alone; a custom resource has no field for it, and a revision does not say when it was pushed.
 */
export function followUps(queue: Queue, item: WorkItem): Queue {
  if (item.kind === "cluster" || item.pushedAt === undefined) return queue;
  const { pushedAt } = item;
  return { send: (next, options) => queue.send(next.kind === "cluster" ? next : { ...next, pushedAt }, options) };
}

export type MeasuringDeps = { readonly metrics: Metrics; readonly clock: Clock; readonly cluster: string };

/** The events of one run, some of which say what nothing else does: that a push is applied, and that drift was put right. */
export function measuredEvents(sink: EventSink, item: WorkItem, { metrics, clock, cluster }: MeasuringDeps): EventSink {
  return {
    emit: async (event) => {
      if (item.kind === "object" && item.pushedAt !== undefined && isApplied(event))
        metrics.milliseconds("PushToApplied", elapsed(item.pushedAt, clock.now()), { cluster });
      const corrected = correctedIn(event, item);
      if (corrected > 0) metrics.count("DriftCorrected", corrected, { cluster });
      await sink.emit(event);
    },
  };
}

/**
 * The events that say of a Kustomization that a run went well, health checks included, and of a HelmRelease that its release stands. Source: reference 2.3, 3.6.
 */
function isApplied({ object, reason }: FluxEvent): boolean {
  switch (object.kind) {
    case "Kustomization":
      return reason === "ReconciliationSucceeded";
    case "HelmRelease":
      return reason === "InstallSucceeded" || reason === "UpgradeSucceeded";
    default:
      return false;
  }
}

/**
 * How many objects were put back, by the event that lists them, one a line. A HelmRelease says of drift that it is drift; a Kustomization is due for its
 * interval only when it has neither a new generation nor a new revision: what is changed then was changed in the cluster. Source: reference 2.6.4, 3.7;
 * engine/plan/due.ts.
 */
function correctedIn({ object, type, reason, message }: FluxEvent, item: WorkItem): number {
  if (type !== "Normal") return 0;
  const isDrift =
    (object.kind === "HelmRelease" && reason === "DriftCorrected") ||
    (object.kind === "Kustomization" && reason === "Progressing" && item.kind === "object" && item.cause === "interval");
  return isDrift ? message.split("\n").filter((line) => /^\S+ (created|configured|deleted)$/.test(line)).length : 0;
}
