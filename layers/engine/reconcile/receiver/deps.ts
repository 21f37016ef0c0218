import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { ReceiverIndex } from "../receive/receiver-index.ts";
import type { Settings } from "../settings.ts";

export type ReceiverDeps = {
  readonly cluster: Cluster;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly clusterName: string;
  /** Where paths are noted for whoever answers webhooks; a host that asks the cluster itself has none. */
  readonly receiverIndex?: ReceiverIndex;
};

export const CONTROLLER = "notification-controller";
export const CRD = "receivers.notification.toolkit.fluxcd.io";
export const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled"] as const;
