/** The event is in the Receiver's list, in capitals or not; an empty list allows all. Source: reference 4.4. */
export const isAllowedEvent = (events: readonly string[], event: string): boolean =>
  events.length === 0 || events.some((allowed) => allowed.toLowerCase() === event.toLowerCase());
