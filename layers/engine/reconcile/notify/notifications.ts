import type { Delivery } from "../../domain/delivery.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import type { Secret } from "../../domain/secret.ts";
import type { EpochMs, Milliseconds } from "../../domain/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Deliveries } from "../../ports/deliveries.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { Notes } from "../../ports/notes.ts";
import type { Notifier } from "../../ports/notifier.ts";
import { deliver } from "./deliver.ts";
import { dispatch } from "./dispatch.ts";
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

/** The notifications of one cluster. */
export type Notifications = {
  /**
   * Sends the event on to everybody who wants it, as deliveries. Throws when somebody did not answer: whoever calls dispatches the same event again then,
   * as often as he likes; what went out already does not go out again.
   */
  dispatch(event: NotifiedEvent): Promise<DispatchEnd>;
  /**
   * One attempt, of `LONGEST_ATTEMPT` at most. The next one, if there is to be one, is given to `deliveries` before this returns: the message that brought
   * this one is done with, whatever the end. Throws when cluster or stores did not answer: then the same delivery may be brought again, as often as he likes.
   */
  deliver(delivery: Delivery): Promise<DeliveryEnd>;
};

export type DispatchEnd =
  /** `alerts`: how many let it through, to whatever provider. */
  | { readonly kind: "dispatched"; readonly alerts: number; readonly deliveries: number }
  /** Another event has said the same in the last five minutes. */
  | { readonly kind: "duplicate" };

/** What became of a delivery, for metrics; it has been logged. */
export type DeliveryEnd =
  /** `attempts`: which one it was, from 1, as `Delivery.attempt` counts. `late`: after the Alert's Event had called it failed. */
  | { readonly kind: "delivered"; readonly attempts: number; readonly late: boolean }
  /** Nothing for that provider, or its Alert or Provider is gone or suspended by now. */
  | { readonly kind: "dropped"; readonly why: string }
  /** This delivery, or this attempt of it, was made already. */
  | { readonly kind: "suppressed" }
  /** The Provider is not right, or the other side has refused: an Event on the Alert has said so, and nothing more is tried. */
  | { readonly kind: "failed"; readonly message: string }
  /** `next` waits in `deliveries` until then. `failed`: the Alert's Event has just said that it failed. */
  | { readonly kind: "again"; readonly next: Delivery; readonly notBefore: EpochMs; readonly why: string; readonly failed: boolean }
  /** Nothing more is tried. */
  | { readonly kind: "given-up"; readonly why: string };

export const createNotifications = (deps: NotificationsDeps): Notifications => ({
  dispatch: (event) => dispatch(deps, event),
  deliver: (delivery) => deliver(deps, delivery),
});
