import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { AwsClock } from "../support/aws/clock.ts";
import type { Stopwatch } from "./waits.ts";

/** The simulation's day: what happens, in order; within an invocation its own stopwatch goes on from there. */
export type Time = AwsClock & {
  readonly clock: Clock;
  at(moment: number, act: () => void | Promise<void>): void;
  /** Lets everything happen up to and with `until`, one thing after another. */
  runUntil(until: number): Promise<void>;
};

type Event = { readonly at: number; readonly order: number; readonly act: () => void | Promise<void> };

export function createTime(start: number, stopwatch: Pick<Stopwatch, "passed">): Time {
  let moment = start;
  let order = 0;
  const events: Event[] = [];
  const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(event: Event): void {
    let index = events.push(event) - 1;
    for (let parent = (index - 1) >> 1; index > 0; index = parent, parent = (index - 1) >> 1) {
      const above = events[parent];
      if (above === undefined || !isBefore(event, above)) break;
      events[index] = above;
      events[parent] = event;
    }
  }

  function pop(): Event | undefined {
    const [first] = events;
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [events[2 * index + 1], events[2 * index + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (below === undefined || !isBefore(below, last)) break;
      events[index] = below;
      index = 2 * index + (isRight ? 2 : 1);
    }
    events[index] = last;
    return first;
  }

  const now = (): number => moment + stopwatch.passed();
  return {
    real: false,
    now,
    clock: { now: () => epochMs(now()) },
    after: (ms, act) => {
      push({ at: now() + Math.max(0, ms), order: order++, act });
      return () => undefined;
    },
    stop: () => void events.splice(0),
    at: (at, act) => push({ at, order: order++, act }),
    runUntil: async (until) => {
      while ((events[0]?.at ?? Number.POSITIVE_INFINITY) <= until) {
        const event = pop();
        if (event === undefined) break;
        moment = Math.max(moment, event.at);
        await event.act();
      }
      moment = until;
    },
  };
}
