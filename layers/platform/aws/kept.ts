/** One value of somebody else's, kept in memory for a while. */
export type Kept<Value> = {
  /** The value; asked for when none is kept or the one that is has run out, once for all who want it at the same time. Throws what `load` throws. */
  get(): Promise<Value>;
  /** Makes the next `get` ask, unless that was done a moment ago. */
  expire(): void;
};

export type KeptOptions<Value> = {
  readonly load: () => Promise<Value>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When a value that was loaded at `at` is asked for again. */
  readonly until: (value: Value, at: number) => number;
  /** Whether it is better than nothing when nobody answers; always, unless said. */
  readonly isUsable?: (value: Value) => boolean;
};

/** Between two questions, as long as there is a usable value: nobody can make us ask for each request, and who is silent is not pressed. */
export const PAUSE_MS = 15_000;

/** What was kept is used on while nobody answers; when it was answered that there is none, or none for us, that counts. */
export function createKept<Value>({ load, now, until, isUsable = () => true }: KeptOptions<Value>): Kept<Value> {
  let kept: { readonly value: Value; readonly at: number } | undefined;
  let isExpired = false;
  let asked = Number.NEGATIVE_INFINITY;
  let asking: Promise<Value> | undefined;

  async function ask(): Promise<Value> {
    asked = now();
    try {
      const value = await load();
      kept = { value, at: now() };
      isExpired = false;
      return value;
    } catch (error) {
      if (kept === undefined || !isUsable(kept.value) || isAnswer(error)) throw error;
      return kept.value;
    } finally {
      asking = undefined;
    }
  }

  return {
    get: async () => {
      const isDue = kept === undefined || isExpired || now() >= until(kept.value, kept.at);
      const isTooSoon = asking === undefined && kept !== undefined && isUsable(kept.value) && now() - asked < PAUSE_MS;
      if (kept !== undefined && (!isDue || isTooSoon)) return kept.value;
      asking ??= ask();
      return asking;
    },
    expire: () => {
      isExpired = true;
    },
  };
}

/** One `Kept` for each name. */
export function createKeptByName<Value>(optionsFor: (name: string) => KeptOptions<Value>): (name: string) => Kept<Value> {
  const byName = new Map<string, Kept<Value>>();
  return (name) => {
    const there = byName.get(name) ?? createKept(optionsFor(name));
    byName.set(name, there);
    return there;
  };
}

/** "Slow down" is about how often it was asked. Source: the error codes that the AWS SDKs retry as throttling. */
const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException|BandwidthLimitExceeded|RequestTimeout/;

/** An AWS service answered about what was asked for, or about us; not 5xx, not throttling, and not silence. Services mark their answers with `$fault`. */
export const isAnswer = (error: unknown): boolean => error instanceof Error && "$fault" in error && error.$fault === "client" && !THROTTLING.test(error.name);
