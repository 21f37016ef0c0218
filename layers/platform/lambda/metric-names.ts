/**
 * What the functions count and the stack's dashboard and alarms read: metrics of namespace `Sluice`, in embedded metric format. Imports nothing, so that
 * `lib/stack` can read it. Only what an alarm needs by cluster has the cluster as a dimension: CloudWatch bills each combination, $0.30 a month, and 100
 * clusters times ten metrics would cost more than all the rest of Sluice. Elsewhere the record says which cluster it was, where Logs Insights finds it.
 */

export const METRIC_NAMESPACE = "Sluice";

/** Name -> its dimensions: CloudWatch finds a metric only by exactly those. Counts, unless it is a duration. */
export const METRIC_DIMENSIONS = {
  /** webhook: a push with a good signature was queued. */
  Push: [],
  /** webhook: a delivery that is none of ours to take, not signed or not a push; the record has the reason. */
  DeliveryRefused: [],
  /** webhook: a delivery that we failed to take, and that GitHub was told to send again. */
  DeliveryFailed: [],
  /** apply, milliseconds: from the arrival of a push to its revision applied, for each Kustomization, or released, for each HelmRelease. */
  PushToApplied: [],
  /** source, apply, sweep: how passes over one object ended. */
  PassSucceeded: [],
  PassProgressing: [],
  PassWaiting: [],
  PassFailed: [],
  PassStalled: [],
  PassSkipped: [],
  /** sweep: a cluster answered and what was due was looked at. Five minutes without one are an alarm. */
  Swept: ["cluster"],
  /** sweep: objects that were read, those that were due, and those of them that had something to do. */
  SweepListed: [],
  SweepDue: [],
  SweepSent: [],
  /** sweep, milliseconds: how far back the moment lay up to which a cluster was swept, once it was. */
  SweepAge: [],
  /** apply: objects put back as Git has them, though the revision was applied before. */
  DriftCorrected: [],
  /** notify: events of Flux, by severity, and messages of the topic that are none. */
  EventInfo: [],
  EventError: [],
  EventMalformed: [],
  /** notify: what became of attempts to send a notification: sent, to be tried again, refused or not to be sent at all, given up after all attempts, wanted by nobody any more. */
  NotificationSent: [],
  NotificationRetried: [],
  NotificationFailed: [],
  NotificationGivenUp: [],
  NotificationDropped: [],
  /** receiver: requests to webhooks of Receivers that were answered with 200, and the others; the record has the code. */
  HookTaken: [],
  HookRefused: [],
  /** source, apply, sweep, relay, notify: a message was put into the dead-letter queue by us; the record has function and reason. */
  MessageAside: [],
  /** relay: delayed looks that came due. */
  Relayed: [],
  /** source, apply, sweep, notify, receiver: requests to the API servers of clusters. */
  ApiRequests: [],
  /** source, apply, sweep, notify, receiver: a cluster's API server did not answer, or refused our token. */
  ClusterUnreachable: ["cluster"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type MetricName = keyof typeof METRIC_DIMENSIONS;
export type DurationName = Extract<MetricName, "PushToApplied" | "SweepAge">;
export type CountName = Exclude<MetricName, DurationName>;
export type Dimensions<N extends MetricName> = { readonly [D in (typeof METRIC_DIMENSIONS)[N][number]]: string };
