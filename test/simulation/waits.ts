/** How long the answers of others take, in milliseconds. */
export type Costs = { readonly apiServer: number; readonly s3: number; readonly sqs: number; readonly sns: number; readonly git: number };

/** The time that one invocation spends waiting: what it waits for side by side passes side by side. */
export type Waits = {
  readonly costs: Costs;
  wait(milliseconds: number): Promise<void>;
};

export type Stopwatch = Waits & {
  /** Milliseconds since the invocation that runs now began. */
  passed(): number;
  /** Runs one invocation to its end, time starting at 0 for it; what it waited in all. */
  run<Value>(act: () => Promise<Value>): Promise<{ readonly value: Value; readonly ms: number }>;
};

type Waiting = { readonly until: number; readonly go: () => void };

/**
 * Time within an invocation moves when nothing in it can go on without: then whoever waits least goes on. One invocation runs at a time, whatever their
 * times: what they share (a queue, a cluster) sees the effects of one at once, where on AWS they would come up to its duration later.
 */
export function createStopwatch(costs: Costs): Stopwatch {
  let now = 0;
  let waiting: Waiting[] = [];

  // Twice: what is sent in one turn is sent by an immediate, too, which may stand behind the first.
  const idle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  function wake(): void {
    const next = Math.min(...waiting.map(({ until }) => until));
    const ready = waiting.filter(({ until }) => until <= next);
    waiting = waiting.filter(({ until }) => until > next);
    now = Math.max(now, next);
    for (const { go } of ready) go();
  }

  return {
    costs,
    wait: (milliseconds) => new Promise((go) => void waiting.push({ until: now + milliseconds, go })),
    passed: () => now,
    run: async (act) => {
      now = 0;
      waiting = []; // whom the end of the invocation before left waiting
      let ended = false;
      const done = act().finally(() => {
        ended = true;
      });
      done.catch(() => undefined); // thrown below
      for (;;) {
        await idle();
        if (ended) break;
        if (waiting.length > 0) wake();
      }
      const value = await done;
      const ms = now;
      now = 0;
      return { value, ms };
    },
  };
}
