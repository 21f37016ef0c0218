/** Work that nobody waits for on AWS: deliveries, asynchronous invocations. */
export type Background = {
  run(work: () => Promise<void>): void;
  /** Ends when all that is under way now, and what it starts, is done; what waits for the clock does not count. */
  settled(): Promise<void>;
};

export function createBackground(): Background {
  const running = new Set<Promise<void>>();
  return {
    run: (work) => {
      const one = work().finally(() => running.delete(one));
      running.add(one);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
