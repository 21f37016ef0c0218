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
};
