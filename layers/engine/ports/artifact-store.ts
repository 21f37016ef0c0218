/** Artifacts by content. Storing the same bytes again is a no-op. */
export type ArtifactStore = {
  /** Stores `bytes` under its SHA-256. `digest` is `sha256:<hex>`; `url` is where readers outside of us find it. */
  put(bytes: Uint8Array): Promise<{ readonly digest: string; readonly size: number; readonly url: string }>;
  /** The bytes of `digest`, checked against it; undefined when they were never stored, have been collected, or do not match. */
  get(digest: string): Promise<Uint8Array | undefined>;
  /** Whether it is there. Every pass over a source asks this, so a store that forgets what nobody has used for weeks takes it as use. */
  has(digest: string): Promise<boolean>;
};

/** Renders by the digest of everything that went into them. Losing one costs a build. Never holds values of Secrets. */
export type RenderStore = {
  remember(inputs: string, bytes: Uint8Array): Promise<void>;
  recall(inputs: string): Promise<Uint8Array | undefined>;
};
