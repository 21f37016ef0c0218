import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";

/** What an event says beside its message, sorted by key: Flux shows a Go map, whose order is by chance. */
export const metadataEntries = ({ metadata = {} }: NotifiedEvent): readonly (readonly [key: string, value: string])[] =>
  Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
