import { RE2JS, RE2JSException } from "re2js";
import { statesOf } from "../cel/pattern-states.ts";

/** What the patterns of one tenant may cost, for one event: about a second, where a usual pattern takes microseconds. */
const MOST_STEPS = 50_000_000;
/** Compiling a pattern takes that much for each state that it may come to. */
const STEPS_OF_STATE = 100;
/** One state is a kilobyte. A class of characters is one, however long it is written: the text is bounded, too. */
const MOST_STATES = 20_000;
const LONGEST = 20_000;
/** A letter is looked up in a class of Unicode in that many steps, for each state. */
const STEPS_IN_CLASS = 2;

export type MessagePatterns = {
  /** `wrong`: it does not compile, as Go sees it. `too-much`: it would take too long. */
  test(pattern: string, message: string): "matches" | "differs" | "wrong" | "too-much";
};

/**
 * Go's regular expressions over one message, for all Alerts of one namespace. RE2 takes linear time, but for each state of what it compiles, and a repetition makes a thousand
 * states of one: what they may cost together is bounded.
 */
export function createMessagePatterns(budget: number = MOST_STEPS): MessagePatterns {
  let left = budget;

  const spend = (steps: number): boolean => {
    if (steps > left) return false;
    left -= steps;
    return true;
  };

  return {
    test: (pattern, message) => {
      if (pattern.length > LONGEST) return "too-much";
      const states = statesOf(pattern);
      if (states > MOST_STATES || !spend(STEPS_OF_STATE * states)) return "too-much";
      const compiled = compile(pattern);
      if (compiled === undefined) return "wrong";
      if (!spend(compiled.programSize() * (1 + message.length) * (CLASS.test(pattern) ? STEPS_IN_CLASS : 1))) return "too-much";
      return compiled.matcher(message).find() ? "matches" : "differs";
    },
  };
}

const CLASS = /\\[pP]/;

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return undefined;
  }
}
