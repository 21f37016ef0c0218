/** One cluster as the functions of an installation know it; the stack writes these out of its own configuration. */
export type ClusterConfig = {
  /** How queues, logs, events and the command line call it; unique within an installation. */
  readonly name: string;
  /** The name that EKS has for it, where that is another one. */
  readonly eksName?: string;
  readonly region: string;
  /** Assumed to reach a cluster of another account. */
  readonly roleArn?: string;
  /** The function `gate` in the cluster's VPC, where its endpoint is private. */
  readonly gate?: string;
};

/** What a platform team decides for the whole installation; Flux has these as flags of its controllers. Source: security.md. */
export type HostSettings = {
  readonly noCrossNamespaceRefs?: boolean;
  readonly defaultServiceAccount?: string;
  /** Networks (`10.20.0.0/16`) with Git servers that are not public; loopback and link-local cannot be opened. */
  readonly privateNetworks?: readonly string[];
  /** Hosts that are GitHub beside github.com, and where their API is: `{"git.example.com": "https://git.example.com/api/v3"}`. */
  readonly gitHubHosts?: { readonly [host: string]: string };
  /**
   * Every address may be connected to, loopback too. Only for tests, whose Git servers are on loopback: the stack's configuration has no word for it,
   * and in a deployed bundle these settings are a literal that no environment changes.
   */
  readonly anyAddress?: true;
};
