import type { Json } from "../../domain/json.ts";
import type { Note } from "../../ports/notes.ts";

/** What a note says, undefined when there is none, or none that we wrote. */
export function jsonIn(note: Note | undefined): Json | undefined {
  if (note === undefined) return undefined;
  try {
    return JSON.parse(note.text);
  } catch {
    return undefined;
  }
}
