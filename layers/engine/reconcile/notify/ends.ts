import type { Delivery } from "../../domain/delivery.ts";
import type { EpochMs } from "../../domain/time.ts";

/** What became of an event. */
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
