/**
 * How every client of an AWS service behaves here: `new SQSClient({ ...CLIENT_OPTIONS, region })`; S3's has options of its own in ../s3.
 *
 * Retries are of mode `standard`: back-off with full jitter, and a budget of retries for each client, so that a service that is down is not stormed.
 * `adaptive` would also hold back first attempts after one throttled answer; a client here serves many clusters and objects, and one that is throttled
 * must not slow the others. Without the time limits a connection that died silently would hold a run until Lambda ends it: `requestTimeout` goes by when
 * an answer begins (and only warns unless told to throw), `socketTimeout` by the silence within one. Who waits for long answers sets longer ones.
 */
export const CLIENT_OPTIONS = {
  retryMode: "standard",
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, socketTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
