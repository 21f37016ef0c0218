import { hours, type Milliseconds, ms } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Note, Notes } from "@sluice/engine/ports/notes.ts";

export type MemoryNotesOptions = {
  readonly clock: Clock;
  /** How long a note is kept after it was written; two weeks unless said. */
  readonly ttl?: Milliseconds;
};

const TTL = ms(14 * hours(24));

/** Notes of one process, gone with it. */
export function createMemoryNotes({ clock, ttl = TTL }: MemoryNotesOptions): Notes {
  /** In the order in which they were written. */
  const notes = new Map<string, Note>();
  let writes = 0;

  const forgetOld = (): void => {
    const before = clock.now() - ttl;
    for (const [key, { at }] of notes) {
      if (at > before) return;
      notes.delete(key);
    }
  };

  return {
    read: async (key) => {
      forgetOld();
      return notes.get(key);
    },
    write: async (key, text, over) => {
      forgetOld();
      if (notes.get(key)?.version !== over?.version) return false;
      notes.delete(key);
      notes.set(key, { text, version: String(++writes), at: clock.now() });
      return true;
    },
    remove: async (key) => {
      notes.delete(key);
    },
  };
}
