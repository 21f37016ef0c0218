import type { Delivery } from "../../domain/delivery.ts";
import { subjectOf } from "../../domain/manifest.ts";
import { type EpochMs, hours } from "../../domain/time.ts";
import { type Attempted, attemptDelivery, failed } from "./attempt.ts";
import type { NotificationsDeps } from "./deps.ts";
import type { DeliveryEnd } from "./ends.ts";
import { createOrder } from "./order.ts";
import { findPlace, type Place } from "./place.ts";
import { sayOnAlert } from "./say.ts";
import { createTurns, type Owed, type Turns } from "./turn.ts";

/** The schedule is over long before: what is older was cut off again and again. */
const OLDEST = hours(2);

/**
 * One attempt. What is to be done is read first, so that an answer that does not come leaves no trace; then the turn is taken, the attempt made, what follows from it
 * written down, and done.
 */
export async function deliver(deps: NotificationsDeps, delivery: Delivery): Promise<DeliveryEnd> {
  const end = isTooOld(delivery, deps.clock.now()) ? TOO_OLD : await attemptOnce(deps, delivery);
  logEnd(deps, delivery, end);
  return end;
}

const TOO_OLD: DeliveryEnd = { kind: "given-up", why: "it was cut off again and again" };
const isTooOld = ({ since }: Delivery, now: EpochMs): boolean => since !== undefined && now - since > OLDEST;

async function attemptOnce(deps: NotificationsDeps, delivery: Delivery): Promise<DeliveryEnd> {
  const turns = createTurns(deps.notes, deps.clock);
  const order = createOrder(deps.notes);
  const found = await findPlace(deps, delivery);
  const place = found.kind === "ready" && (await order.isOvertaken(delivery, found.settings)) ? OVERTAKEN : found;
  const turn = await turns.take(delivery);
  switch (turn.kind) {
    case "over":
      return { kind: "suppressed" };
    case "busy":
      return putOff(deps, { ...delivery, since: delivery.since ?? turn.since }, turn.until);
    case "owed":
      await follow(deps, turns, delivery, turn.owed);
      return { kind: "suppressed" };
    case "ours": {
      const attempted = await attemptAt(deps, delivery, place);
      // Before the turn ends: who is cut off in between tells the same once more, and nothing older can come between.
      if (attempted.end.kind === "delivered" && place.kind === "ready") await order.told(delivery, place.settings);
      return end(deps, turns, delivery, attempted);
    }
  }
}

const OVERTAKEN: Place = { kind: "closed", why: "something newer was sent already, which this would undo" };

async function attemptAt(deps: NotificationsDeps, delivery: Delivery, place: Place): Promise<Attempted> {
  switch (place.kind) {
    case "closed":
      return { end: { kind: "dropped", why: place.why } };
    case "wrong":
      return failed(place.message);
    case "ready":
      return attemptDelivery(deps, delivery, place);
  }
}

async function end(deps: NotificationsDeps, turns: Turns, delivery: Delivery, { end, owed }: Attempted): Promise<DeliveryEnd> {
  await turns.end(delivery, owed);
  if (owed !== undefined) await follow(deps, turns, delivery, owed);
  return end;
}

/** Doing it twice does no harm: an Event is counted once more, and a delivery that comes twice is made once. */
async function follow(deps: NotificationsDeps, turns: Turns, delivery: Delivery, owed: Owed): Promise<void> {
  const { target } = delivery;
  if (owed.say !== undefined && target.kind === "provider") {
    await sayOnAlert(deps.events, target.alert, { reason: "NotificationDispatchFailed", message: owed.say });
  }
  if (owed.next !== undefined) {
    const { notBefore, ...turn } = owed.next;
    await deps.deliveries.send({ ...delivery, ...turn }, { notBefore });
  }
  await turns.settle(delivery, owed);
}

async function putOff({ deliveries }: NotificationsDeps, next: Delivery, notBefore: EpochMs): Promise<DeliveryEnd> {
  await deliveries.send(next, { notBefore });
  return { kind: "again", next, notBefore, why: "another one makes this attempt, or was lost doing so", failed: false };
}

function logEnd({ log }: NotificationsDeps, { event, target, attempt }: Delivery, end: DeliveryEnd): void {
  const to = target.kind === "channel" ? { channel: target.name } : { alert: `${target.alert.namespace}/${target.alert.name}`, provider: target.provider };
  const { line, error, ...why } = lineOf(end);
  const fields = { event: event.id, object: subjectOf(event.involvedObject), ...to, attempt, outcome: end.kind, ...why };
  if (error === undefined) log.info(line, fields);
  else log.error(line, { ...fields, error });
}

/** Errors are what users have been told of, or never will be. */
function lineOf(end: DeliveryEnd): { readonly line: string; readonly error?: string; readonly why?: string } {
  switch (end.kind) {
    case "delivered":
      return { line: end.late ? "delivered late" : "delivered" };
    case "suppressed":
      return { line: "delivery was made already" };
    case "dropped":
      return { line: "delivery dropped", why: end.why };
    case "again":
      return end.failed ? { line: "delivery failed, tried on", error: end.why } : { line: "delivery put off", why: end.why };
    case "failed":
      return { line: "delivery failed", error: end.message };
    case "given-up":
      return { line: "delivery given up", error: end.why };
  }
}
