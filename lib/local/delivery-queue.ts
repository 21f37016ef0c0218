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

type Task = { readonly due: number; readonly tries: number; readonly work: Event | Sending };
type Event = { readonly kind: "event"; readonly event: NotifiedEvent };
type Sending = { readonly kind: "delivery"; readonly delivery: Delivery };

/** A cluster or a provider that is slow holds up so many deliveries at most beside its own. */
const PARALLEL = 32;
const AGAIN_MS = 5_000;
/** A cluster that has been silent for so long has other troubles; the log has what was lost. */
const MOST_TRIES = 12;

export function createDeliveryQueue(clock: Clock, log: Log): DeliveryQueue {
  const waiting = new Set<Task>();
  const running = new Set<Promise<void>>();
  const idlers: (() => void)[] = [];
  let work: Parameters<DeliveryQueue["start"]>[0] | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function add(task: Task): void {
    if (stopped) return;
    waiting.add(task);
    advance();
  }

  /** Starts what is due, and sets the alarm for what comes next. */
  function advance(): void {
    if (work === undefined || stopped) return;
    for (const task of waiting) {
      if (running.size >= PARALLEL) break;
      if (task.due > clock.now()) continue;
      waiting.delete(task);
      const run = attempt(task, work).finally(() => {
        running.delete(run);
        advance();
      });
      running.add(run);
    }
    clearTimeout(timer);
    const next = Math.min(...[...waiting].map(({ due }) => due));
    if (Number.isFinite(next) && running.size < PARALLEL) timer = setTimeout(advance, Math.max(0, next - clock.now())).unref();
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
      add({ ...task, due: clock.now() + AGAIN_MS, tries: task.tries + 1 });
    }
  }

  const isIdle = (): boolean => running.size === 0 && ![...waiting].some(({ due }) => due <= clock.now());

  return {
    add: (event) => add({ due: clock.now(), tries: 1, work: { kind: "event", event } }),
    send: (delivery, { notBefore } = {}) => {
      add({ due: notBefore ?? clock.now(), tries: 1, work: { kind: "delivery", delivery } });
      return Promise.resolve();
    },
    start: (how) => {
      work = how;
      advance();
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((done) => idlers.push(done))),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      waiting.clear();
      await Promise.allSettled(running);
    },
  };
}

const eventOf = ({ work }: Task): NotifiedEvent => (work.kind === "event" ? work.event : work.delivery.event);
