export type AwsRequest = {
  readonly method: "GET" | "POST";
  /** Percent-encoded; no query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the attempt that is under way, and there is no other. */
  readonly signal?: AbortSignal;
};

/** Header names in lower case. */
export type AwsAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };
