import type { EpochMs } from "../domain/time.ts";

/**
 * Small texts under keys, which outlive the process and are seen by all of them: what has been sent, which failure is known, whose path a webhook's is.
 * Each is written whole, and only over what its writer has seen. Notes are forgotten after some days, whoever wrote them.
 */
export type Notes = {
  read(key: string): Promise<Note | undefined>;
  /** Creates the note, or replaces exactly the one that was read: false when there is another by now. */
  write(key: string, text: string, over?: Note): Promise<boolean>;
  /** Without complaint when there is none. */
  remove(key: string): Promise<void>;
};

/** `version` is the store's own; `at` is when it was written. */
export type Note = { readonly text: string; readonly version: string; readonly at: EpochMs };
