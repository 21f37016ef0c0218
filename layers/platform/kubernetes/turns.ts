/** Lets `limit` tasks run at a time; the others wait in line, first come, first served. */
export type Turns = {
  /** What `task` answers. Rejects with the signal's reason, and never starts the task, when the signal ends the wait. */
  take<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
};

export function createTurns(limit: number): Turns {
  const line = new Set<() => void>();
  let running = 0;

  function next(): void {
    const [first] = line;
    if (first === undefined || running >= limit) return;
    line.delete(first);
    running++;
    first();
  }

  /** Resolves when it is this one's turn. */
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        line.delete(start);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      line.add(start);
      next();
    });

  return {
    take: async (task, signal) => {
      signal?.throwIfAborted();
      await turn(signal);
      try {
        return await task();
      } finally {
        running--;
        next();
      }
    },
  };
}
