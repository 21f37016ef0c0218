import { keyText } from "@sluice/engine/domain/object-key.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/** A FIFO queue's rules in one process: one item of a group at a time, an item that waits already swallows its equals. */
export type WorkQueue = Queue & {
  /** Runs items with `work` until `stop`; `work` never throws for an expected end. */
  start(work: (item: WorkItem) => Promise<void>): void;
  /** Resolves when nothing runs and nothing is due. */
  idle(): Promise<void>;
  /** Takes no more items; resolves when those that run have ended. */
  stop(): Promise<void>;
};

type Waiting = { readonly item: WorkItem; readonly due: number };

export function createWorkQueue(clock: Clock, options: { readonly parallel: number }): WorkQueue {
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Promise<void>>();
  const idlers: (() => void)[] = [];
  let work: ((item: WorkItem) => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function send(item: WorkItem, given?: { readonly notBefore?: EpochMs }): Promise<void> {
    const group = groupOf(item);
    const due = given?.notBefore ?? 0;
    const there = waiting.get(group);
    if (!stopped && (there === undefined || due < there.due)) waiting.set(group, { item, due });
    advance();
    return Promise.resolve();
  }

  /** Starts what may start, and sets the alarm for what comes next. */
  function advance(): void {
    if (work === undefined || stopped) return;
    for (const [group, { item, due }] of waiting) {
      if (running.size >= options.parallel) return;
      if (running.has(group) || due > clock.now()) continue;
      waiting.delete(group);
      running.set(group, run(group, item, work));
    }
    clearTimeout(timer);
    const next = Math.min(...[...waiting].filter(([group]) => !running.has(group)).map(([, { due }]) => due));
    if (Number.isFinite(next)) timer = setTimeout(advance, Math.max(0, next - clock.now()));
    if (isIdle()) for (const done of idlers.splice(0)) done();
  }

  async function run(group: string, item: WorkItem, how: (item: WorkItem) => Promise<void>): Promise<void> {
    try {
      await how(item);
    } finally {
      running.delete(group);
      advance();
    }
  }

  const isIdle = (): boolean => running.size === 0 && ![...waiting.values()].some(({ due }) => due <= clock.now());

  return {
    send,
    start: (how) => {
      work = how;
      advance();
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((done) => idlers.push(done))),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      waiting.clear();
      await Promise.allSettled(running.values());
    },
  };
}

/** Items of one group follow one another. */
function groupOf(item: WorkItem): string {
  switch (item.kind) {
    case "object":
      return keyText(item.key);
    case "push":
      return `push ${item.repository} ${item.ref} ${item.delivery}`;
  }
}
