import type { NotifiedEvent } from "./notified-event.ts";
import type { EpochMs } from "./time.ts";

/** One event on its way to one place. It holds no credentials: they are read when it is sent. */
export type Delivery = {
  readonly cluster: string;
  /** `metadata` is what the provider is given: combined with the Alert's, keys without the prefixes of their groups. */
  readonly event: NotifiedEvent;
  readonly target: DeliveryTarget;
  /** Which attempt it is, from 0. From 5 on they are made quietly, however many there were before: it has been said already that it failed. */
  readonly attempt: number;
  /** When the first attempt was made; absent before it. */
  readonly since?: EpochMs;
  /** Requests with an effect that earlier attempts have made already: a sender of several goes on behind them. */
  readonly done: number;
};

export type DeliveryTarget =
  /** A Provider in the namespace of the Alert that let the event through. */
  | { readonly kind: "provider"; readonly alert: AlertRef; readonly provider: string }
  /** A place that the installation's own configuration names, without any custom resource. */
  | { readonly kind: "channel"; readonly name: ChannelName };

export type AlertRef = { readonly namespace: string; readonly name: string; readonly uid: string };

export type ChannelName = "slack" | "amazon-q";
