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
/** Of the queue that the function reads: where it puts what cannot be handled, with the reason. */
export const ENV_DEAD_LETTER_QUEUE = "SLUICE_DEAD_LETTER_QUEUE_URL";
export const ENV_EVENT_TOPIC = "SLUICE_EVENT_TOPIC_ARN";
export const ENV_WEBHOOK_SECRET = "SLUICE_WEBHOOK_SECRET_ARN";
