/** `trace` events are for the cluster's own Events only, unless somebody posts one. Source: reference 0.6. */
export type Severity = "info" | "error" | "trace";

/** The object that an event is about, as core/v1 Events name it. */
export type InvolvedObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
};

/** An event as Flux's notification-controller takes it. Source: reference 0.6. */
export type NotifiedEvent = {
  /** Tells this event from any other, also from one that says the same later; one that is published twice keeps it. */
  readonly id: string;
  readonly involvedObject: InvolvedObject;
  readonly severity: Severity;
  /** RFC 3339, as it was written: with a fraction or another time zone, too. */
  readonly timestamp: string;
  readonly message: string;
  readonly reason: string;
  /** Absent: there is none, which some payloads show. */
  readonly metadata?: { readonly [key: string]: string };
  /** `kustomize-controller`, `source-controller`. */
  readonly reportingController: string;
  readonly reportingInstance: string;
};
