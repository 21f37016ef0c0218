import type { Milliseconds } from "@sluice/engine/domain/time.ts";

export type Deadline = {
  /** How long before Lambda kills the function its signal is aborted. */
  readonly early: Milliseconds;
  /** How much of that a handler has to put down what it holds and to answer. */
  readonly grace: Milliseconds;
};

/**
 * Options for middy: the handler's `signal` is aborted `early` before the end, and what it answers within `grace` counts. Left to itself middy answers for
 * the handler in the moment of the abort, so a batch would come again whole although most of it is done.
 */
export const deadline = ({ early, grace }: Deadline) => ({
  timeoutEarlyInMillis: early,
  timeoutEarlyResponse: () =>
    new Promise<never>((_, refuse) => {
      const tooLate = (): void => refuse(new Error(`out of time: the handler did not answer within ${grace} ms of the signal`));
      setTimeout(tooLate, grace).unref();
    }),
});
