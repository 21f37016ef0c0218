import type { Delivery } from "../../domain/delivery.ts";
import { type EpochMs, epochMs, seconds } from "../../domain/time.ts";
import type { NotifierAnswer } from "../../ports/notifier.ts";

export type Unavailable = Extract<NotifierAnswer, { kind: "unavailable" }>;

/** What one process knows of providers that let it wait. */
export type Silences = {
  /** What another delivery to the same provider has just waited for in vain. Undefined: nobody did, or this one did. */
  met(delivery: Delivery, now: EpochMs): Unavailable | undefined;
  /** This delivery has waited for this. */
  waited(delivery: Delivery, answer: Unavailable, now: EpochMs): void;
  /** The provider has answered. */
  answered(delivery: Delivery): void;
};

/** So long nobody else waits for a provider that let somebody wait. */
const REMEMBERED = seconds(30);

/**
 * In a storm each delivery to a provider that is silent would wait for as long as its timeout, and they would take all places there are: those to all others would stand
 * behind them. So one waits, and the attempts of the others count as made without an answer meanwhile; the quiet ones that come after minutes are made in any case.
 */
export function createSilences(): Silences {
  const known = new Map<string, { readonly id: string; readonly answer: Unavailable; readonly until: EpochMs }>();
  return {
    met: (delivery, now) => {
      const met = known.get(placeOf(delivery));
      if (met === undefined || now >= met.until || met.id === delivery.event.id) return undefined;
      return { ...met.answer, done: delivery.done };
    },
    waited: (delivery, { retryAfter: _, ...answer }, now) => {
      for (const [place, { until }] of known) if (now >= until) known.delete(place);
      known.set(placeOf(delivery), { id: delivery.event.id, answer, until: epochMs(now + REMEMBERED) });
    },
    answered: (delivery) => void known.delete(placeOf(delivery)),
  };
}

const placeOf = ({ cluster, target }: Delivery): string =>
  JSON.stringify(target.kind === "channel" ? [target.name] : [cluster, target.alert.namespace, target.provider]);
