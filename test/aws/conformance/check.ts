/** What a check runs against: our fake or moto. */
export type World = {
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** A name that no other check uses. */
  name(word: string): string;
  /** Lets so many seconds pass: virtual ones for our fake, real ones for moto. */
  pass(seconds: number): Promise<void>;
};

/** One thing that AWS does, asked through the real SDK. */
export type Check = {
  /** `service: what`. */
  readonly id: string;
  /** What AWS answers, in the words of `run`. */
  readonly want: string;
  /** Why moto is not asked. */
  readonly notMoto?: string;
  readonly run: (world: World) => Promise<string>;
};

type Shape = { readonly name?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } };

/** "ok", or the code and the status of the refusal. */
export async function outcome(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return "ok";
  } catch (thrown) {
    const { name, $metadata }: Shape = typeof thrown === "object" && thrown !== null ? thrown : {};
    return `${String(name)} ${$metadata?.httpStatusCode ?? "-"}`;
  }
}

/** The outcomes of several requests, one after the other. */
export async function outcomes(...requests: readonly (() => Promise<unknown>)[]): Promise<string> {
  const all: string[] = [];
  for (const request of requests) all.push(await outcome(request()));
  return all.join(", ");
}
