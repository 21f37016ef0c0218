/**
 * How every client of an AWS service behaves here: `new S3Client({ ...CLIENT_OPTIONS, region })`.
 *
 * Retries are of mode `standard`: back-off with full jitter, and a budget of retries for each client, so that a service that is down is not stormed.
 * `adaptive` would also hold back first attempts after one throttled answer; a client here serves many clusters and objects, and one that is throttled
 * must not slow the others. Without the time limits a connection that died silently would hold a run until Lambda ends it. The Node handler only warns
 * of a request that takes too long unless told to throw.
 */
export const CLIENT_OPTIONS = {
  retryMode: "standard",
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
