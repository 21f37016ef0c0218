import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Deliveries } from "@sluice/engine/ports/deliveries.ts";
import type { Log } from "@sluice/engine/ports/log.ts";

/** What notifications are made of, waiting in this process. Nothing of it outlives the process: events are told, not kept. */
export type DeliveryQueue = Deliveries & {
  /** Takes an event that is to be dispatched; returns at once. */
  add(event: NotifiedEvent): void;
  /** Works on what comes until `stop`. */
  start(work: { dispatch(event: NotifiedEvent): Promise<unknown>; deliver(delivery: Delivery): Promise<unknown> }): void;
  /** Resolves when nothing runs and nothing is due. */
  idle(): Promise<void>;
  /** Takes nothing more; resolves when what runs has ended. */
  stop(): Promise<void>;
};

type Task = { readonly tries: number; readonly work: Event | Sending };
type Event = { readonly kind: "event"; readonly event: NotifiedEvent };
type Sending = { readonly kind: "delivery"; readonly delivery: Delivery };

/** A cluster or a provider that is slow holds up so many deliveries at most beside its own. */
const PARALLEL = 32;
const AGAIN_MS = 5_000;
/** A cluster that has been silent for so long has other troubles; the log has what was lost. */
const MOST_TRIES = 12;

export function createDeliveryQueue(clock: Clock, log: Log): DeliveryQueue {
  /** What is due, in its order. A failing cluster tells of ten thousand objects at once: nothing here looks at all of them. */
  const due = new Set<Task>();
  const later = new Map<Task, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const idlers: (() => void)[] = [];
  let work: Parameters<DeliveryQueue["start"]>[0] | undefined;
  let stopped = false;

  function add(task: Task, notBefore: number = clock.now()): void {
    if (stopped) return;
    const wait = notBefore - clock.now();
    if (wait > 0) later.set(task, setTimeout(() => moveUp(task), wait).unref());
    else due.add(task);
    advance();
  }

  function moveUp(task: Task): void {
    later.delete(task);
    due.add(task);
    advance();
  }

  function advance(): void {
    if (work === undefined || stopped) return;
    for (const task of due) {
      if (running.size >= PARALLEL) return;
      due.delete(task);
      const run = attempt(task, work).finally(() => {
        running.delete(run);
        advance();
      });
      running.add(run);
    }
    if (isIdle()) for (const done of idlers.splice(0)) done();
  }

  async function attempt(task: Task, how: NonNullable<typeof work>): Promise<void> {
    try {
      await (task.work.kind === "event" ? how.dispatch(task.work.event) : how.deliver(task.work.delivery));
    } catch (error) {
      const { kind, namespace, name } = eventOf(task).involvedObject;
      const fields = { object: `${kind}/${namespace}/${name}`, error: error instanceof Error ? error.message : String(error) };
      if (task.tries >= MOST_TRIES) return log.error("notification was lost", fields);
      log.error("notification broke off", fields);
      add({ ...task, tries: task.tries + 1 }, clock.now() + AGAIN_MS);
    }
  }

  const isIdle = (): boolean => running.size === 0 && due.size === 0;

  return {
    add: (event) => add({ tries: 1, work: { kind: "event", event } }),
    send: (delivery, { notBefore } = {}) => {
      add({ tries: 1, work: { kind: "delivery", delivery } }, notBefore);
      return Promise.resolve();
    },
    start: (how) => {
      work = how;
      advance();
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((done) => idlers.push(done))),
    stop: async () => {
      stopped = true;
      for (const timer of later.values()) clearTimeout(timer);
      later.clear();
      due.clear();
      await Promise.allSettled(running);
    },
  };
}

const eventOf = ({ work }: Task): NotifiedEvent => (work.kind === "event" ? work.event : work.delivery.event);
