/**
 * The names of the environment variables by which the stack tells a function where its things are. Imports nothing, so that `lib/stack` can read
 * it; each function is given only those that it uses.
 */

/** JSON of `ClusterConfig[]`. Baked into the bundle by the stack, since an environment holds 4 KB: a value read from `process.env` in tests. */
export const ENV_CLUSTERS = "SLUICE_CLUSTERS";
/** JSON of `HostSettings`; absent: the defaults. Baked in like the clusters. */
export const ENV_SETTINGS = "SLUICE_SETTINGS";
export const ENV_ARTIFACT_BUCKET = "SLUICE_ARTIFACT_BUCKET";
export const ENV_SOURCE_QUEUE = "SLUICE_SOURCE_QUEUE_URL";
export const ENV_APPLY_QUEUE = "SLUICE_APPLY_QUEUE_URL";
export const ENV_SWEEP_QUEUE = "SLUICE_SWEEP_QUEUE_URL";
export const ENV_LATER_QUEUE = "SLUICE_LATER_QUEUE_URL";
/** Deliveries of notifications. */
export const ENV_DELIVERY_QUEUE = "SLUICE_DELIVERY_QUEUE_URL";
/** Of the queue that the function reads: where it puts what cannot be handled, with the reason. */
export const ENV_DEAD_LETTER_QUEUE = "SLUICE_DEAD_LETTER_QUEUE_URL";
export const ENV_EVENT_TOPIC = "SLUICE_EVENT_TOPIC_ARN";
export const ENV_WEBHOOK_SECRET = "SLUICE_WEBHOOK_SECRET_ARN";
/** Name or ARN of the secret with the webhook address to which all failures and recoveries go; absent: to none. */
export const ENV_SLACK_SECRET = "SLUICE_SLACK_SECRET";
/** The topic that Amazon Q Developer reads, and what it gets, `failures` or `all`; absent: there is none. */
export const ENV_AMAZON_Q_TOPIC = "SLUICE_AMAZON_Q_TOPIC_ARN";
export const ENV_AMAZON_Q_WANTS = "SLUICE_AMAZON_Q_WANTS";
/**
 * Of a gate: the servers that it may speak to, by comma: suffixes that begin with a dot (`.eu-central-1.eks.amazonaws.com`), on port 443 only, or whole
 * hosts (`10.0.0.7:6443`). It speaks to no other, and to none without a list. Source: layers/platform/gate/hosts.ts.
 */
export const ENV_GATE_SERVERS = "SLUICE_GATE_SERVERS";

/** How often a message of our queues is received at most. A function puts it aside at the last time, with the reason; the queue does where the function died. */
export const MAX_RECEIVES = 5;
