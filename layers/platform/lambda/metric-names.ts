/**
 * What the functions count and the stack's dashboard and alarms read: metrics of namespace `Sluice`, in embedded metric format. Imports nothing, so that
 * `lib/stack` can read it. Every metric has the dimension `service`, which Powertools fills from POWERTOOLS_SERVICE_NAME: the stack's name, so that several
 * installations in one account keep apart. Only `Swept` has the cluster as a second one: CloudWatch bills each combination, $0.30 a month, and 100 clusters
 * times ten metrics would cost more than all the rest of Sluice. Elsewhere the cluster is metadata of the record, where Logs Insights finds it.
 */

export const METRIC_NAMESPACE = "Sluice";
export const DIMENSION_INSTALLATION = "service";
export const DIMENSION_CLUSTER = "cluster";

/** Name -> by whom it is counted, and what one of it is. The unit is a count unless the name says otherwise. */
export const METRIC = {
  /** webhook: a push with a good signature was queued. */
  push: "Push",
  /** webhook: a delivery without a good signature, or of no form. */
  deliveryRefused: "DeliveryRefused",
  /** apply, milliseconds: from the webhook's receipt of a push to its revision applied. */
  pushToApplied: "PushToApplied",
  /** source, apply, sweep: how passes over one object ended. */
  passSucceeded: "PassSucceeded",
  passProgressing: "PassProgressing",
  passWaiting: "PassWaiting",
  passFailed: "PassFailed",
  passStalled: "PassStalled",
  /** sweep, by cluster: a cluster answered and what was due was looked at. Five minutes without one are an alarm. */
  swept: "Swept",
  /** sweep: objects that were due, and those of them that had something to do. */
  sweepDue: "SweepDue",
  sweepSent: "SweepSent",
  /** apply: objects put back as Git has them, though the revision was applied before. */
  driftCorrected: "DriftCorrected",
  /** source, apply, sweep: requests to the API servers of clusters. */
  apiRequests: "ApiRequests",
  /** source, apply, sweep: a cluster's API server did not answer, or refused our token. */
  clusterUnreachable: "ClusterUnreachable",
} as const;
