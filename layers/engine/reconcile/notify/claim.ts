import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { elapsed } from "../../domain/time.ts";
import { dedupeKey, SAID_ONCE_IN } from "../../events/dedupe-key.ts";
import type { Note } from "../../ports/notes.ts";
import type { NotificationsDeps } from "./notifications.ts";

/**
 * Asked before anything is sent or said of an event, however often: false when another event has said the same meanwhile. The first who asks writes it down; an event
 * that nobody wants costs no note.
 */
export type Claim = () => Promise<boolean>;

export type Said = {
  /** Another event has said the same within five minutes. */
  readonly isSaid: boolean;
  readonly claim: Claim;
  /** Somebody claimed, and another event had been faster. */
  readonly isLost: () => boolean;
};

/** How often another event may come in between. */
const TRIES = 4;

/**
 * Whether nobody has said the same within five minutes. The note names the event that did: when that one comes again, it was cut off on its way, and goes on.
 * Source: reference 4.1; recorded in alerts/deduplication and rate-limit-interval.
 */
export async function readSaid({ clusterName, notes, clock }: NotificationsDeps, event: NotifiedEvent): Promise<Said> {
  const key = `events/${dedupeKey(clusterName, event)}`;
  const isOfAnother = (note: Note | undefined): boolean => note !== undefined && note.text !== event.id && elapsed(note.at, clock.now()) < SAID_ONCE_IN;

  async function write(seen: Note | undefined): Promise<boolean> {
    let note = seen;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (note?.text === event.id) return true;
      if (isOfAnother(note)) return false;
      if (await notes.write(key, event.id, note)) return true;
      note = await notes.read(key);
    }
    throw new Error("the note of an event is written by too many at once");
  }

  const note = await notes.read(key);
  let claimed: Promise<boolean> | undefined;
  let isLost = false;
  return {
    isSaid: isOfAnother(note),
    claim: async () => {
      claimed ??= write(note);
      const isOurs = await claimed;
      isLost ||= !isOurs;
      return isOurs;
    },
    isLost: () => isLost,
  };
}
