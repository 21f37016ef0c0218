/** The time of the fake: every delay, timeout, window and retention goes by it. */
export type AwsClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `act` once, `ms` from now; the answer takes it back. */
  after(ms: number, act: () => void | Promise<void>): () => void;
  /** Takes back everything that is still to run. */
  stop(): void;
  /** Whether a signature made by the machine's clock can be held against this one. */
  readonly real: boolean;
};

export type VirtualClock = AwsClock & {
  /** Lets time pass: what falls due is run in order, each at its own time, and waited for. */
  advance(ms: number): Promise<void>;
};

type Timer = { readonly at: number; readonly order: number; readonly act: () => void | Promise<void> };

/** A clock that stands still until it is told to move. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();
  const next = (until: number): Timer | undefined => [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at || a.order - b.order)[0];

  return {
    real: false,
    now: () => now,
    after: (ms, act) => {
      order += 1;
      const timer = { at: now + Math.max(0, ms), order, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    stop: () => timers.clear(),
    advance: async (ms) => {
      const until = now + ms;
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer);
        now = timer.at;
        await timer.act();
      }
      now = until;
    },
  };
}

/** The machine's clock; what is still to run does not keep the process alive. */
export function createRealClock(): AwsClock {
  const timers = new Set<NodeJS.Timeout>();
  return {
    real: true,
    now: () => Date.now(),
    after: (ms, act) => {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          void act();
        },
        Math.max(0, ms),
      );
      timer.unref();
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
