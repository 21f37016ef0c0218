/** The marker Deployment and the ServiceAccount are called so. */
export const MARKER_NAME = "sluice";
/** What the `flux` command finds an installation by. Source: reference 6.3, 6.14. */
export const INSTALL_SELECTOR = "app.kubernetes.io/part-of=flux";

/** On the marker: the name that an installation on AWS has for this cluster, and its region. By them the command line finds queues and logs. */
export const CLUSTER_ANNOTATION = "sluice.dev/cluster";
export const REGION_ANNOTATION = "sluice.dev/region";

/** Kubernetes groups of the functions that must not be more than they need to: EKS access entries name them. */
export const SOURCE_IDENTITY = "sluice:source";
export const SWEEP_IDENTITY = "sluice:sweep";
export const NOTIFY_IDENTITY = "sluice:notify";
export const RECEIVER_IDENTITY = "sluice:receiver";
