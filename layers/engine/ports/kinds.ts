/** What discovery says of a kind. */
export type KindFacts = {
  readonly apiVersion: string;
  readonly kind: string;
  /** `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** It has the status subresource: `status` in an apply is dropped by the server. */
  readonly hasStatus: boolean;
};

/** Which kinds a cluster serves, and when their schemas changed. */
export type Kinds = {
  /** The kind in exactly that version, or undefined when it is not served (asked anew before it says so). */
  find(apiVersion: string, kind: string): Promise<KindFacts | undefined>;
  /** All served versions of a group's kind, preferred first; for "use autoscaling/v2 instead". */
  versions(group: string, kind: string): Promise<readonly string[]>;
  /** Every group-version that is served now, with the hash that `/openapi/v3` gives for its schemas. One request, which those who ask at the same time share; never remembered. */
  schemas(): Promise<ReadonlyMap<string, string>>;
  /** Everything that is served, of every group-version, preferred versions first. Two requests; never remembered. */
  all(): Promise<readonly KindFacts[]>;
  /** What the server says of its own version: `v1.35.4`, `1`, `35`. */
  serverVersion(): Promise<ServerVersion>;
};

export type ServerVersion = { readonly version: string; readonly major: string; readonly minor: string };
