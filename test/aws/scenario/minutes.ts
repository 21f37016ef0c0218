/** The schedule's minutes, one after another from now on, whatever the machine's clock says: a test ticks as often as it likes. */
export function createMinutes(): { next(): Date; now(): Date } {
  let minute = Math.ceil(Date.now() / 60_000) * 60_000;
  return {
    next: () => {
      minute += 60_000;
      return new Date(minute);
    },
    now: () => new Date(minute),
  };
}
