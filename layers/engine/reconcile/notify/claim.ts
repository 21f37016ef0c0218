import { isObject } from "../../domain/json.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { type EpochMs, epochMs } from "../../domain/time.ts";
import { dedupeKey, SAID_ONCE_IN } from "../../events/dedupe-key.ts";
import type { Note } from "../../ports/notes.ts";
import type { NotificationsDeps } from "./deps.ts";
import { jsonIn } from "./note-json.ts";

/**
 * Asked before anything is sent or said of an event, however often: false when another event has said the same meanwhile. The first who asks writes it down; an event
 * that nobody wants costs no note.
 */
export type Claim = () => Promise<boolean>;

export type Said = {
  /** Another event has said the same within these five minutes. */
  readonly isSaid: boolean;
  readonly claim: Claim;
  /** Somebody claimed, and another event had been faster. */
  readonly isLost: () => boolean;
};

/** How often another event may come in between. */
const TRIES = 4;

/**
 * Whether nobody has said the same within these five minutes, which are counted from the first who ever did: as Flux's limiter has it, what comes after seven minutes
 * and again after ten is told both times. The note names the event that did: when that one comes again, it was cut off on its way, and goes on.
 * Source: reference 4.1; recorded in alerts/deduplication and rate-limit-interval; sethvargo/go-limiter, memorystore.
 */
export async function readSaid({ clusterName, notes, clock }: NotificationsDeps, event: NotifiedEvent): Promise<Said> {
  const key = `events/${dedupeKey(clusterName, event)}`;
  const isOfAnother = (last: Last | undefined): boolean => last !== undefined && last.event !== event.id && !isOver(last, clock.now());

  async function write(seen: Note | undefined): Promise<boolean> {
    let note = seen;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const last = lastIn(note);
      if (last?.event === event.id) return true;
      if (isOfAnother(last)) return false;
      if (await notes.write(key, JSON.stringify(following(last, event.id, clock.now())), note)) return true;
      note = await notes.read(key);
    }
    throw new Error("the note of an event is written by too many at once");
  }

  const note = await notes.read(key);
  let claimed: Promise<boolean> | undefined;
  let isLost = false;
  return {
    isSaid: isOfAnother(lastIn(note)),
    claim: async () => {
      claimed ??= write(note);
      const isOurs = await claimed;
      isLost ||= !isOurs;
      return isOurs;
    },
    isLost: () => isLost,
  };
}

/** Who has said it last, and when, by his own clock; `from` is when the five minutes began to be counted. */
type Last = { readonly event: string; readonly from: EpochMs; readonly at: EpochMs };

const turnOf = (from: EpochMs, moment: EpochMs): number => Math.floor((moment - from) / SAID_ONCE_IN);

/** Clocks differ by a little; one that was set back by more begins anew. */
const isOver = ({ from, at }: Last, now: EpochMs): boolean => turnOf(from, now) > turnOf(from, at) || wasSetBack(from, now);
const wasSetBack = (from: EpochMs, now: EpochMs): boolean => now + SAID_ONCE_IN <= from;

const following = (last: Last | undefined, event: string, now: EpochMs): Last => ({
  event,
  from: last === undefined || wasSetBack(last.from, now) ? now : last.from,
  at: now,
});

function lastIn(note: Note | undefined): Last | undefined {
  const found = jsonIn(note);
  if (!isObject(found)) return undefined;
  const { event, from, at } = found;
  return typeof event === "string" && typeof from === "number" && typeof at === "number" ? { event, from: epochMs(from), at: epochMs(at) } : undefined;
}
