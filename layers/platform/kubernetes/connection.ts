import type { Milliseconds } from "@sluice/engine/domain/time.ts";

/** How to reach one API server, and as whom. Made from a kubeconfig on a laptop, from EKS' own answers on AWS. */
export type Connection = {
  /** `https://host:port`, with a path before `/api` where a proxy wants one. */
  readonly server: string;
  readonly certificateAuthority?: Uint8Array | string;
  readonly clientCertificate?: Uint8Array | string;
  readonly clientKey?: Uint8Array | string;
  /** Checked against the certificate instead of the host in `server`. */
  readonly serverName?: string;
  /** Only ever from a file that the user of this machine wrote, never from inside a cluster. */
  readonly insecure?: boolean;
  /** The bearer token for the next request; asked with `renew` once after a 401. */
  readonly token?: (renew: boolean) => Promise<string>;
  /** The user agent; Kubernetes derives field managers from what stands before its slash. */
  readonly userAgent?: string;
  /** How long one request may take until its answer is complete; a minute unless said. */
  readonly timeout?: Milliseconds;
  /** How long it may take until the connection stands, TLS included; ten seconds unless said. */
  readonly connectTimeout?: Milliseconds;
};
