import { keyText } from "@sluice/engine/domain/object-key.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { isHint, type WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";

/**
 * A FIFO queue's rules in one process: one item of a group at a time, an item that waits already swallows its equals. A hint, whose run may end at
 * once because it has been answered, never takes the place of a look that is owed.
 */
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
  const waiting = new Map<string, readonly Waiting[]>();
  const running = new Map<string, Promise<void>>();
  const idlers: (() => void)[] = [];
  let work: ((item: WorkItem) => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function send(item: WorkItem, given?: { readonly notBefore?: EpochMs }): Promise<void> {
    const group = groupOf(item);
    if (!stopped) waiting.set(group, withItem(waiting.get(group) ?? [], { item, due: given?.notBefore ?? 0 }));
    advance();
    return Promise.resolve();
  }

  /** Starts what may start, and sets the alarm for what comes next. */
  function advance(): void {
    if (work === undefined || stopped) return;
    for (const [group, [first, ...others]] of waiting) {
      if (running.size >= options.parallel) return;
      if (first === undefined || running.has(group) || first.due > clock.now()) continue;
      if (others.length === 0) waiting.delete(group);
      else waiting.set(group, others);
      running.set(group, run(group, first.item, work));
    }
    clearTimeout(timer);
    const next = Math.min(...[...waiting].filter(([group]) => !running.has(group)).flatMap(([, items]) => items.map(({ due }) => due)));
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

  const isIdle = (): boolean => running.size === 0 && ![...waiting.values()].flat().some(({ due }) => due <= clock.now());

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

/** What waits of a group: at most one hint, and after it at most one look; a look that comes no later answers the hint, too. */
function withItem(there: readonly Waiting[], added: Waiting): readonly Waiting[] {
  const hint = there.find(({ item }) => isHint(item));
  const look = there.find(({ item }) => !isHint(item));
  if (isHint(added.item)) return hint !== undefined || (look !== undefined && look.due <= added.due) ? there : [added, ...there];
  if (look !== undefined && look.due <= added.due) return there;
  return hint === undefined || added.due <= hint.due ? [added] : [hint, added];
}

/** Items of one group follow one another. */
function groupOf(item: WorkItem): string {
  switch (item.kind) {
    case "object":
      return keyText(item.key);
    case "push":
      return `push ${item.repository} ${item.ref} ${item.delivery}`;
    case "cluster":
      return `cluster ${item.cluster}`;
  }
}
