/** What discovery says of a kind. */
export type KindFacts = {
  readonly apiVersion: string;
  readonly kind: string;
  /** `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
};

/** Which kinds a cluster serves, and when their schemas changed. */
export type Kinds = {
  /** The kind in exactly that version, or undefined when it is not served (asked anew before it says so). */
  find(apiVersion: string, kind: string): Promise<KindFacts | undefined>;
  /** All served versions of a group's kind, preferred first; for "use autoscaling/v2 instead". */
  versions(group: string, kind: string): Promise<readonly string[]>;
  /** The hash that `/openapi/v3` gives for the group-version now, or undefined when it gives none. One request for all versions within a pass. */
  schemaHash(apiVersion: string): Promise<string | undefined>;
};
