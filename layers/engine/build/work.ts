/**
 * What one build may do, in steps: about a character that is read or written, a value that is looked at, a rule that is tried on an object. Nothing can stop
 * a build from outside, and no cap on one thing bounds the product of two (patches x objects, labels x fields x objects), so all of them draw on this.
 * It is a count and no clock: the same tree ends the same way everywhere. A step takes some 50 ns to 150 ns, so that no build takes much longer than half a minute
 * (4,000 objects with an overlay take 10,000,000 to 20,000,000). Memory is bounded by it as well, since what is made is counted before it is made.
 */
export const MAX_STEPS = 400_000_000;

class TooMuchWork extends Error {}

/**
 * Of the build that is running, which nothing can interleave: building never waits. Endless when none is. The one variable of a module in the engine: as a value it would be a
 * parameter of every function of the builder, for a number that no result depends on.
 */
let left = Number.POSITIVE_INFINITY;

/** Counts steps, before they are taken. Ends the build when there are none left: `limited` is where it ends. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new TooMuchWork();
}

/** Runs `work` with at most so many steps; inside of another such call with what is left of its steps. `exceeded` makes the answer where they did not suffice. */
export function limited<Answer>(steps: number, work: () => Answer, exceeded: (message: string) => Answer): Answer {
  if (left !== Number.POSITIVE_INFINITY) return work();
  left = steps;
  try {
    return work();
  } catch (error) {
    if (error instanceof TooMuchWork) return exceeded(messageOf(steps));
    throw error;
  } finally {
    left = Number.POSITIVE_INFINITY;
  }
}

const messageOf = (steps: number): string =>
  `this build takes more than ${steps} steps: too many rules (patches, labels, images, replacements) for too many objects, or too large files`;
