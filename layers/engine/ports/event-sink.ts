import type { InvolvedObject } from "../domain/notified-event.ts";

/** Something that users should hear of. Source: reference 0.6. */
export type FluxEvent = {
  readonly object: InvolvedObject;
  /** `Trace` is stored as Normal and goes to no provider. */
  readonly type: "Normal" | "Warning" | "Trace";
  readonly reason: string;
  readonly message: string;
  /** Annotations of the Event: `<group>/revision` and the object's own `event.toolkit.fluxcd.io/` ones. */
  readonly metadata: { readonly [key: string]: string };
  /** `kustomize-controller`, `source-controller`. */
  readonly controller: string;
};

export type EventSink = { emit(event: FluxEvent): Promise<void> };
