import type { Secret } from "../../domain/secret.ts";
import type { Milliseconds } from "../../domain/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Deliveries } from "../../ports/deliveries.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { Notes } from "../../ports/notes.ts";
import type { Notifier } from "../../ports/notifier.ts";
import type { Silences } from "./silence.ts";

/** Everything that notifications of one cluster need of the world. */
export type NotificationsDeps = {
  /** The name of the cluster in the installation's configuration. */
  readonly clusterName: string;
  /** Reads Alerts, Providers, Secrets and, for their labels, the objects that events are about. */
  readonly cluster: Pick<Cluster, "get" | "list">;
  readonly notifier: Notifier;
  readonly notes: Notes;
  readonly deliveries: Deliveries;
  /** Takes Events on Alerts (controller `notification-controller`). Nothing that goes in comes back as an event to notify of. */
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: NotificationSettings;
  readonly channels: Channels;
  /** A signal that fires so much later: `AbortSignal.timeout`. */
  readonly signalAfter: (after: Milliseconds) => AbortSignal;
  /** One for each process. */
  readonly silences: Silences;
};

export type NotificationSettings = { readonly noCrossNamespaceRefs: boolean };

/** Where the installation's own configuration sends every object's news, without any custom resource. */
export type Channels = {
  /** Each failure and each recovery, to a webhook address, which is read when it is needed. Throws when it cannot be read. */
  readonly slack?: { readonly address: () => Promise<Secret> };
  /** An SNS topic that Amazon Q Developer reads; `failures` are failures and recoveries. */
  readonly amazonQ?: { readonly topicArn: string; readonly wants: "failures" | "all" };
};
